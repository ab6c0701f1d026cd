import type { BinRange } from "../measure/histogram";
import { UsageError } from "../errors";
import { nearestNames } from "../quant/editDistance";
import { leastDivergence } from "./entropy";
import { type GrowingCounts, magnitudesOf, signedOf } from "./growingHistogram";
import type { Threshold } from "./magnitudes";
import { leastSquares } from "./mse";
import { onnxEntropy } from "./onnxEntropy";
import { percentile } from "./percentile";

/** What a calibrator knows of the values: their range, and a histogram. */
export interface Observed extends BinRange {
  readonly histogram: GrowingCounts;
}

/** A range that a calibrator chose, inside that of the values. */
export interface ChosenRange extends BinRange {
  /** What was compared, by candidate, for methods that search: the least won. */
  readonly curve?: readonly { threshold: number; loss: number }[];
}

/** A rule by which the range of static quantization is chosen from what was observed. */
export interface CalibrationMethod {
  readonly id: string;
  choose(observed: Observed, bits: number): ChosenRange;
}

/** Share of the magnitudes that the percentile method keeps, in percent: pytorch-quantization's default. */
const keptPercent = 99.99;

/** ONNX Runtime's and NVIDIA's calibrators, by the names of the command line. */
export const calibrationMethods: readonly CalibrationMethod[] = [
  { id: "minmax", choose: ({ low, high }) => ({ low, high }) },
  { id: "percentile", choose: (observed) => within(observed, percentile(magnitudesOf(observed.histogram), keptPercent)) },
  { id: "mse", choose: (observed, bits) => within(observed, leastSquares(magnitudesOf(observed.histogram), bits)) },
  { id: "entropy", choose: (observed, bits) => within(observed, leastDivergence(magnitudesOf(observed.histogram), bits)) },
  { id: "onnx-entropy", choose: (observed, bits) => onnxRange(observed, bits) },
];

/** Those that are compared unless one is asked for. ONNX Runtime's search takes seconds for each layer, and is seldom better. */
export const usualMethods: readonly string[] = ["minmax", "percentile", "mse", "entropy"];

/** @throws UsageError `unknown-method` */
export function findMethod(id: string): CalibrationMethod {
  const found = calibrationMethods.find((method) => method.id === id);
  if (found) return found;
  const names = calibrationMethods.map((method) => method.id);
  throw new UsageError("unknown-method", `There is no calibration method "${id}"`, {
    expected: nearestNames(id, names).join(", "),
    found: id,
    hint: `The methods are ${names.join(", ")}.`,
  });
}

/** ± a threshold, clipped to what was observed, as ONNX Runtime does. A threshold of 0 (most values are 0) would leave nothing. */
function within({ low, high }: BinRange, { threshold, curve }: Threshold): ChosenRange {
  const range = threshold > 0 ? { low: Math.max(low, -threshold), high: Math.min(high, threshold) } : { low, high };
  return curve ? { ...range, curve } : range;
}

function onnxRange({ low, high, histogram }: Observed, bits: number): ChosenRange {
  const signed = signedOf(histogram);
  const levels = 2 ** (bits - 1);
  const found = onnxEntropy(signed, levels, { low, high });
  const first = Math.floor(levels / 2);
  const width = signed.max / (signed.counts.length / 2);
  return { low: found.low, high: found.high, curve: found.curve.map((loss, i) => ({ threshold: (first + i) * width, loss })) };
}
