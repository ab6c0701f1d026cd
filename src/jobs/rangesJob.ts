import { type ChosenRange, findMethod, type Observed } from "../core/calibrate/calibrationMethods";
import { checkBits } from "./calibrateJob";
import type { JobContext } from "./contract";
import { JobRun, type TaskRunner } from "./jobRun";
import { noFile } from "./model/forwardPass";

export interface RangesInput {
  /** What a calibration saw of the inputs of a layer. */
  observed: Observed;
  /** Identifiers of calibration methods. */
  methods: readonly string[];
  /** Of the quantized activations, 2 to 16. */
  bits: number;
}

/**
 * Ranges that other methods choose for the inputs of a layer, from the histogram of a calibration: the model is not run again.
 *
 * @returns in the order of the methods
 * @throws UsageError `bad-bits`, `unknown-method`; CancelledError
 */
export async function chooseRanges(
  pool: TaskRunner,
  { observed, methods, bits }: RangesInput,
  context: JobContext,
): Promise<ChosenRange[]> {
  checkBits(bits);
  for (const method of methods) findMethod(method);
  return JobRun.run(pool, context, { bytes: 1, effort: 1 }, (run) =>
    run.task({ kind: "ranges", observed, methods: [...methods], bits }, noFile),
  );
}
