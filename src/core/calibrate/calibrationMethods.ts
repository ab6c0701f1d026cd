import type { BinRange } from "../measure/histogram";
import { UsageError } from "../errors";
import { leastDivergence } from "./entropy";
import { type GrowingCounts, magnitudesOf, signedOf } from "./growingHistogram";
import type { MagnitudeHistogram, Threshold } from "./magnitudes";
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
  { id: "percentile", choose: (observed) => within(observed, percentile(observedMagnitudes(observed), keptPercent)) },
  { id: "mse", choose: (observed, bits) => within(observed, leastSquares(observedMagnitudes(observed), bits)) },
  { id: "entropy", choose: (observed, bits) => within(observed, leastDivergence(observedMagnitudes(observed), bits)) },
  { id: "onnx-entropy", choose: (observed, bits) => onnxRange(observed, bits) },
];

/** Those that are compared unless one is asked for. ONNX Runtime's own search drops bins, and is there for comparison. */
export const usualMethods: readonly string[] = ["minmax", "percentile", "mse", "entropy"];

/** @throws UsageError `unknown-method` */
export function findMethod(id: string): CalibrationMethod {
  const found = calibrationMethods.find((method) => method.id === id);
  if (found) return found;
  const names = calibrationMethods.map((method) => method.id);
  throw new UsageError("unknown-method", `There is no calibration method "${id}"`, {
    expected: names.join(", "),
    found: id,
  });
}

/** ± a threshold, inside of what was observed. */
export function within(observed: Observed, { threshold, curve }: Threshold): ChosenRange {
  return { ...clipped({ low: -threshold, high: threshold }, observed), ...(curve ? { curve } : {}) };
}

/** Clips a range to what was observed, as ONNX Runtime does. One that would leave nothing (most values are 0, or equal) is given up. */
function clipped(range: BinRange, observed: BinRange): BinRange {
  const [low, high] = [Math.max(range.low, observed.low), Math.min(range.high, observed.high)];
  return low < high ? { low, high } : { low: observed.low, high: observed.high };
}

function onnxRange(observed: Observed, bits: number): ChosenRange {
  const signed = signedOf(observed.histogram, largest(observed));
  const levels = 2 ** (bits - 1);
  const { curve, ...range } = onnxEntropy(signed, levels, observed);
  const first = Math.floor(levels / 2);
  const width = (2 * signed.max) / signed.counts.length;
  return { ...clipped(range, observed), curve: curve.map((loss, i) => ({ threshold: (first + i) * width, loss })) };
}

function largest({ low, high }: BinRange): number {
  return Math.max(Math.abs(low), Math.abs(high));
}

/** Counts of the magnitudes, up to the greatest. */
export function observedMagnitudes(observed: Observed): MagnitudeHistogram {
  return magnitudesOf(observed.histogram, largest(observed));
}
