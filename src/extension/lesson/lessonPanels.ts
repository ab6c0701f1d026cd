import * as vscode from "vscode";
import type { LessonPlace } from "../../core/lesson/sections";
import { lessonPanelType } from "../identifiers";
import type { Services } from "../services";
import type { LessonPanel } from "./lessonPanel";

/** The lesson of this window: one page, which VS Code brings back when the window is loaded again. */
export class LessonPanels implements vscode.Disposable {
  private open: Promise<LessonPanel> | undefined;
  private readonly registration: vscode.Disposable;

  constructor(private readonly services: Services) {
    this.registration = vscode.window.registerWebviewPanelSerializer(lessonPanelType, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        if (this.open) panel.dispose();
        else await this.attach(panel, state);
      },
    });
  }

  /** The open page. */
  get current(): Promise<LessonPanel> | undefined {
    return this.open;
  }

  /** Shows the lesson, at a place of it if one is given. */
  async show(place: LessonPlace | undefined): Promise<void> {
    if (!this.open) {
      const title = vscode.l10n.t("Quantization lesson");
      await this.attach(vscode.window.createWebviewPanel(lessonPanelType, title, vscode.ViewColumn.Active, {}), undefined, place);
      return;
    }
    (await this.open).reveal(place);
  }

  dispose(): void {
    this.registration.dispose();
    void this.open?.then((panel) => panel.dispose());
  }

  private async attach(panel: vscode.WebviewPanel, state: unknown, place?: LessonPlace): Promise<void> {
    const opening = this.make(panel, state, place);
    this.open = opening;
    panel.onDidDispose(() => (this.open = undefined));
    try {
      await opening;
    } catch (error) {
      panel.dispose();
      throw error;
    }
  }

  private async make(panel: vscode.WebviewPanel, state: unknown, place: LessonPlace | undefined): Promise<LessonPanel> {
    const { LessonPanel } = (await import("../later")).later;
    return LessonPanel.open(panel, this.services, state, place);
  }
}
