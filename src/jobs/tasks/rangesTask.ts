import { type ChosenRange, findMethod, type Observed } from "../../core/calibrate/calibrationMethods";
import type { TaskEnvironment } from "./slice";

/** Chooses ranges for static quantization by some calibration methods. */
export interface RangesTask {
  kind: "ranges";
  observed: Observed;
  /** Their identifiers. */
  methods: string[];
  bits: number;
}

/** In the order of the methods. */
export function runRanges({ observed, methods, bits }: RangesTask, { control }: TaskEnvironment): ChosenRange[] {
  return methods.map((method) => {
    control.check();
    return findMethod(method).choose(observed, bits);
  });
}
