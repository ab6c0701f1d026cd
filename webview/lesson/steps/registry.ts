import type { TemplateResult } from "lit";
import type { StepId } from "../../../src/core/lesson/steps";
import type { LessonStore } from "../store";
import { formatStep } from "./format";
import { granularityStep } from "./granularity";
import { problemStep } from "./problem";
import { rangeStep } from "./range";
import { roundingStep } from "./rounding";
import { scaleStep } from "./scale";

/** A step of the walkthrough: its heading, and what is below it. The page puts the list and the buttons around it. */
export interface LessonStep {
  heading(): string;
  render(store: LessonStore): TemplateResult;
}

export const lessonSteps: Readonly<Record<StepId, LessonStep>> = {
  problem: problemStep,
  range: rangeStep,
  scale: scaleStep,
  rounding: roundingStep,
  granularity: granularityStep,
  format: formatStep,
};
