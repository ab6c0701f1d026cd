import * as vscode from "vscode";
import { tabName } from "./tabName";

/** A panel with a page about one checkpoint. */
interface PagePanel extends vscode.Disposable {
  reveal(): void;
}

export interface PagePanelsOptions<P extends PagePanel> {
  viewType: string;
  /** Of the tab. @param name of the checkpoint's file, with folders where another tab is called so */
  title(name: string): string;
  /** @param state what VS Code kept of a page that is brought back */
  make(panel: vscode.WebviewPanel, uri: vscode.Uri, state: unknown): Promise<P>;
}

/** The pages of one kind of this window: one a checkpoint. VS Code brings them back when the window is loaded again. */
export class PagePanels<P extends PagePanel> implements vscode.Disposable {
  private readonly panels = new Map<string, Promise<P>>();
  private readonly registration: vscode.Disposable;

  constructor(private readonly options: PagePanelsOptions<P>) {
    this.registration = vscode.window.registerWebviewPanelSerializer(options.viewType, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        const uri = typeof state === "object" && state !== null && "uri" in state && typeof state.uri === "string" ? state.uri : undefined;
        if (uri === undefined) panel.dispose();
        else await this.attach(vscode.Uri.parse(uri, true), panel, state);
      },
    });
  }

  /** Shows the page of a checkpoint, beside nothing: where editors open. */
  async show(uri: vscode.Uri): Promise<P> {
    const open = this.panels.get(uri.toString());
    if (open) {
      const page = await open;
      page.reveal();
      return page;
    }
    const { viewType, title } = this.options;
    // Most checkpoints of Hugging Face are called alike.
    const others = [...this.panels.keys()].map((key) => vscode.Uri.parse(key).path);
    const panel = vscode.window.createWebviewPanel(viewType, title(tabName(uri.path, others)), vscode.ViewColumn.Active, {});
    return this.attach(uri, panel, undefined);
  }

  /** The open page of a checkpoint. */
  async find(uri: vscode.Uri): Promise<P | undefined> {
    return this.panels.get(uri.toString());
  }

  dispose(): void {
    this.registration.dispose();
    for (const panel of this.panels.values()) void panel.then((open) => open.dispose());
  }

  private async attach(uri: vscode.Uri, panel: vscode.WebviewPanel, state: unknown): Promise<P> {
    const key = uri.toString();
    const opening = this.options.make(panel, uri, state);
    this.panels.set(key, opening);
    panel.onDidDispose(() => this.panels.delete(key));
    try {
      return await opening;
    } catch (error) {
      this.panels.delete(key);
      panel.dispose();
      throw error;
    }
  }
}
