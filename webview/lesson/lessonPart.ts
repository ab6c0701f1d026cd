import type { TemplateResult } from "lit";
import type { LessonStore } from "./store";

/**
 * A section of the lesson, or a step of the walkthrough: its heading, and what is below it. Progress and quick checks, the list
 * of steps and its buttons are put around it by the pages.
 */
export interface LessonPart {
  heading(): string;
  render(store: LessonStore): TemplateResult;
}
