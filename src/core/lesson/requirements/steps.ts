import type { StepId } from "../steps";
import { type Requirement, servedIn } from "./requirement";

const place = { page: "lesson", component: "qs-lesson-steps" } as const;

/** What serves one step of the walkthrough: its heading, its figure and what the reader does there. */
function inStep(step: StepId, items: Parameters<typeof servedIn>[2]): Requirement[] {
  return servedIn(`steps.${step}`, { ...place, step }, items);
}

/** The lesson step by step. */
export const stepRequirements: readonly Requirement[] = [
  ...servedIn("steps", { page: "lesson" }, [
    ["open", "control", "The way to the walkthrough", "nav.toc button.steps-button", "Step by step"],
  ]),
  ...inStep("problem", [
    ["section", "section", "Step 1 of 6: the problem", "header", "Step 1 of 6"],
    ["list", "control", "The steps to go to", "nav.walk-nav button.walk-step"],
    ["next", "control", "To the next step", ".walk-bar button", "Next"],
    ["figure", "figure", "Memory by format", "svg[role=img][aria-label^='Memory of the weights']"],
    ["devices", "table", "Without and with quantization: where the weights fit", "table.device-fits tbody tr"],
  ]),
  ...inStep("range", [
    ["section", "section", "Step 2 of 6: range", "header", "Step 2 of 6"],
    ["previous", "control", "To the step before", ".walk-bar button", "Previous"],
    ["figure", "figure", "Two ranges on one histogram", "article svg.chart[role=img]"],
    ["ranges", "table", "The two ranges", "table.ranges tbody tr"],
  ]),
  ...inStep("scale", [
    ["section", "section", "Step 3 of 6: scale and zero-point", "header", "Step 3 of 6"],
    ["figure", "figure", "A value on its way to its code", "article svg.chart[role=img]"],
  ]),
  ...inStep("rounding", [
    ["section", "section", "Step 4 of 6: rounding and error", "header", "Step 4 of 6"],
    ["figure", "figure", "Where values are rounded to, and the error", "article svg.chart[role=img]"],
    ["theory", "concept", "The error that theory expects, beside the measured one", "article .walk-theory", "Expected from theory"],
  ]),
  ...inStep("granularity", [
    ["section", "section", "Step 5 of 6: granularity and calibration", "header", "Step 5 of 6"],
    ["figure", "figure", "Error and overhead by group size", "article qs-lines-view"],
    ["errors", "table", "Ranges and their errors", "table.range-errors tbody tr"],
  ]),
  ...inStep("format", [
    ["section", "section", "Step 6 of 6: choosing a format and the trade-off", "header", "Step 6 of 6"],
    ["figure", "figure", "Error against size of the formats", "article [role=img]"],
    ["trade", "concept", "The trade-off in a sentence", "article #format-sentence"],
    ["finish", "control", "Back to the lesson", ".walk-bar button", "Finish"],
  ]),
];
