import * as vscode from "vscode";

/** A page of which a window has one, and which VS Code brings back when the window is loaded again. */
export class SinglePanel<Page extends vscode.Disposable> implements vscode.Disposable {
  private opening: Promise<Page> | undefined;
  private readonly registration: vscode.Disposable;

  /** @param restore makes the page in a panel that VS Code brings back, with what the page kept of itself */
  constructor(
    private readonly viewType: string,
    private readonly title: () => string,
    restore: (panel: vscode.WebviewPanel, state: unknown) => Promise<Page>,
  ) {
    this.registration = vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        if (this.opening) panel.dispose();
        else await this.attach(panel, restore(panel, state));
      },
    });
  }

  /** The page that is open, or about to be. */
  get current(): Promise<Page> | undefined {
    return this.opening;
  }

  /** Opens the page in a panel of its own; one that could not be made leaves no panel. */
  create(make: (panel: vscode.WebviewPanel) => Promise<Page>): Promise<Page> {
    const panel = vscode.window.createWebviewPanel(this.viewType, this.title(), vscode.ViewColumn.Active, {});
    return this.attach(panel, make(panel));
  }

  dispose(): void {
    this.registration.dispose();
    void this.opening?.then((page) => page.dispose());
  }

  private async attach(panel: vscode.WebviewPanel, opening: Promise<Page>): Promise<Page> {
    this.opening = opening;
    panel.onDidDispose(() => {
      if (this.opening === opening) this.opening = undefined;
    });
    try {
      return await opening;
    } catch (error) {
      panel.dispose();
      throw error;
    }
  }
}
