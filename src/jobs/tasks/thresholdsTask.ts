import type { Observed } from "../../core/calibrate/calibrationMethods";
import { type ThresholdFigures, thresholdFigures } from "../../core/calibrate/thresholds";
import type { TaskEnvironment } from "./slice";

/** Says what clipping at some thresholds would do to values that were seen. */
export interface ThresholdsTask {
  kind: "thresholds";
  observed: Observed;
  thresholds: number[];
  bits: number;
}

/** In the order of the thresholds. */
export function runThresholds({ observed, thresholds, bits }: ThresholdsTask, { control }: TaskEnvironment): ThresholdFigures[] {
  control.check();
  return thresholdFigures(observed, bits, thresholds);
}
