import * as vscode from "vscode";
import type { LessonPlace } from "../../core/lesson/sections";
import { SinglePanel } from "../editor/singlePanel";
import { lessonPanelType } from "../identifiers";
import type { Services } from "../services";
import type { LessonPanel } from "./lessonPanel";

/** The lesson of this window. */
export class LessonPanels implements vscode.Disposable {
  private readonly panel: SinglePanel<LessonPanel>;

  constructor(private readonly services: Services) {
    this.panel = new SinglePanel(
      lessonPanelType,
      () => vscode.l10n.t("Quantization lesson"),
      (panel, state) => this.make(panel, state, undefined),
    );
  }

  /** The open page. */
  get current(): Promise<LessonPanel> | undefined {
    return this.panel.current;
  }

  /** Shows the lesson, at a place of it if one is given. */
  async show(place: LessonPlace | undefined): Promise<void> {
    if (this.panel.current) (await this.panel.current).reveal(place);
    else await this.panel.create((panel) => this.make(panel, undefined, place));
  }

  dispose(): void {
    this.panel.dispose();
  }

  private async make(panel: vscode.WebviewPanel, state: unknown, place: LessonPlace | undefined): Promise<LessonPanel> {
    const { LessonPanel } = (await import("../later")).later;
    return LessonPanel.open(panel, this.services, state, place);
  }
}
