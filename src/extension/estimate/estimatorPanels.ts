import * as vscode from "vscode";
import { SinglePanel } from "../editor/singlePanel";
import { estimatorPanelType } from "../identifiers";
import type { Services } from "../services";
import type { EstimatorPanel } from "./estimatorPanel";

/** The Size Estimator of this window. */
export class EstimatorPanels implements vscode.Disposable {
  private readonly panel: SinglePanel<EstimatorPanel>;

  constructor(private readonly services: Services) {
    this.panel = new SinglePanel(
      estimatorPanelType,
      () => vscode.l10n.t("Size Estimator"),
      (panel, state) => this.make(panel, typeof state === "object" && state !== null && "choice" in state ? state.choice : undefined),
    );
  }

  get isOpen(): boolean {
    return this.panel.current !== undefined;
  }

  /**
   * Shows the estimator.
   *
   * @param choice fields of what is asked, checked here; as it is when undefined
   */
  async show(choice: unknown): Promise<EstimatorPanel> {
    if (!this.panel.current) return this.panel.create((panel) => this.make(panel, choice));
    const page = await this.panel.current;
    page.reveal();
    if (choice !== undefined) page.choose(choice);
    return page;
  }

  dispose(): void {
    this.panel.dispose();
  }

  private async make(panel: vscode.WebviewPanel, choice: unknown): Promise<EstimatorPanel> {
    const { EstimatorPanel } = (await import("../later")).later;
    return new EstimatorPanel(panel, this.services, choice);
  }
}
