import type { StepId } from "../../../src/core/lesson/steps";
import type { LessonPart } from "../lessonPart";
import { formatStep } from "./format";
import { granularityStep } from "./granularity";
import { problemStep } from "./problem";
import { rangeStep } from "./range";
import { roundingStep } from "./rounding";
import { scaleStep } from "./scale";

export const lessonSteps: Readonly<Record<StepId, LessonPart>> = {
  problem: problemStep,
  range: rangeStep,
  scale: scaleStep,
  rounding: roundingStep,
  granularity: granularityStep,
  format: formatStep,
};
