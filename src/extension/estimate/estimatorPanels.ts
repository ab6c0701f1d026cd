import * as vscode from "vscode";
import { estimatorPanelType } from "../identifiers";
import type { Services } from "../services";
import type { EstimatorPanel } from "./estimatorPanel";

/** The Size Estimator of this window: one, which VS Code brings back when the window is loaded again. */
export class EstimatorPanels implements vscode.Disposable {
  private open: Promise<EstimatorPanel> | undefined;
  private readonly registration: vscode.Disposable;

  constructor(private readonly services: Services) {
    this.registration = vscode.window.registerWebviewPanelSerializer(estimatorPanelType, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        await this.attach(panel, typeof state === "object" && state !== null && "choice" in state ? state.choice : undefined);
      },
    });
  }

  get isOpen(): boolean {
    return this.open !== undefined;
  }

  /**
   * Shows the estimator.
   *
   * @param choice fields of what is asked, checked here; as it is when undefined
   */
  async show(choice: unknown): Promise<EstimatorPanel> {
    if (this.open) {
      const page = await this.open;
      page.reveal();
      if (choice !== undefined) page.choose(choice);
      return page;
    }
    const title = vscode.l10n.t("Size Estimator");
    return this.attach(vscode.window.createWebviewPanel(estimatorPanelType, title, vscode.ViewColumn.Active, {}), choice);
  }

  dispose(): void {
    this.registration.dispose();
    void this.open?.then((page) => page.dispose());
  }

  private async attach(panel: vscode.WebviewPanel, choice: unknown): Promise<EstimatorPanel> {
    const opening = import("../later").then(({ later }) => new later.EstimatorPanel(panel, this.services, choice));
    this.open = opening;
    panel.onDidDispose(() => {
      if (this.open === opening) this.open = undefined;
    });
    return opening;
  }
}
