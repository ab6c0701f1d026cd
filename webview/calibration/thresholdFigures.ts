import type { ThresholdFigures } from "../../src/core/calibrate/thresholds";
import type { CalibratedInput } from "../../src/protocol/calibration";
import { count, missing, significant } from "../ui/format";
import { t } from "../ui/l10n";

/** What a threshold does, in one sentence. Figures are of a histogram, so the error is about right. */
export function thresholdSentence(
  { threshold, clipped, mse, divergence }: ThresholdFigures,
  { values }: Pick<CalibratedInput, "values">,
): string {
  return t(
    "Clipped to ±{0}: {1} of {2} values ({3} per million), MSE ≈ {4}, KL {5}.",
    significant(threshold),
    count(clipped),
    count(values),
    significant((1e6 * clipped) / Math.max(1, values)),
    significant(mse),
    divergence === null ? missing : significant(divergence),
  );
}
