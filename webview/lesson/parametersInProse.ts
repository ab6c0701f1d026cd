import type { TemplateResult } from "lit";
import { parameterBounds } from "../../src/protocol/lesson";
import { t } from "../ui/l10n";
import { numberInProse } from "./numberInProse";
import { parameterText } from "./parameterText";

/** Steps to a decade. */
export const stepsPerDecade = 20;

/** How many weights a model has, changed in the sentence that says it. */
export function parametersInProse(value: number, onChange: (value: number) => void): TemplateResult {
  return numberInProse({
    label: t("Weights of the model"),
    value,
    text: parameterText(value),
    range: { ...parameterBounds, step: 1 / stepsPerDecade, log: true },
    onChange,
  });
}
