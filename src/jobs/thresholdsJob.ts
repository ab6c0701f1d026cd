import { UsageError } from "../core/errors";
import type { Observed } from "../core/calibrate/calibrationMethods";
import type { ThresholdFigures } from "../core/calibrate/thresholds";
import { limits } from "../core/limits";
import { checkBits } from "./calibrateJob";
import type { JobContext } from "./contract";
import { JobRun, type TaskRunner } from "./jobRun";
import { noFile } from "./model/forwardPass";

export interface ThresholdsInput {
  /** What a calibration saw of the inputs of a layer. */
  observed: Observed;
  /** Of the quantized activations, 2 to 16. */
  bits: number;
  /** To be judged: values are clipped to ± each of them. */
  thresholds: readonly number[];
}

/**
 * What clipping the inputs of a layer at other thresholds than the calibrators chose would do, from the histogram of a calibration: the
 * model is not run again.
 *
 * @throws UsageError `bad-bits`, `bad-threshold`; CancelledError
 */
export async function judgeThresholds(
  pool: TaskRunner,
  { observed, bits, thresholds }: ThresholdsInput,
  context: JobContext,
): Promise<ThresholdFigures[]> {
  checkBits(bits);
  const wrong = thresholds.find((threshold) => !(threshold > 0 && threshold < Infinity));
  if (wrong !== undefined || thresholds.length > limits.histogramBins) {
    throw new UsageError("bad-threshold", "These thresholds cannot be judged", {
      expected: `at most ${limits.histogramBins} finite numbers above 0`,
      found: wrong === undefined ? `${thresholds.length} of them` : String(wrong),
    });
  }
  return JobRun.run(pool, context, { bytes: 1, effort: 1 }, (run) =>
    run.task({ kind: "thresholds", observed, thresholds: [...thresholds], bits }, noFile),
  );
}
