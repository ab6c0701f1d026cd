import type { Locator, Page } from "playwright-core";
import { noProgress } from "../../../src/core/lesson/progress";
import type { StepId } from "../../../src/core/lesson/steps";
import { LessonSessionHost } from "./lessonSessionHost";

/** A step of the walkthrough on its page. */
export function article(page: Page, step: StepId): Locator {
  return page.locator(`article[data-step=${step}]`);
}

/** The list of steps. */
export function steps(page: Page): Locator {
  return page.getByRole("navigation", { name: "Steps" });
}

/** The walkthrough at a step that was reached before. */
export function atStep(at: StepId): LessonSessionHost {
  const host = new LessonSessionHost(undefined, { ...noProgress, steps: { at, done: [] } });
  host.start = "steps";
  return host;
}
