import type { Arena } from "../linalg/arena";
import type { MatrixKernels } from "../linalg/matrixKernels";
import type { AwqOptions } from "./awqGrid";
import { quantizeAwqLayer } from "./quantizeLayer";
import { ratios, searchScales } from "./scaleSearch";

/** An input channel of a layer, and what AWQ would do to it. */
export interface ScaledChannel {
  /** Column of the layer. */
  readonly column: number;
  /** mean|x| over the calibration inputs. */
  readonly magnitude: number;
  /** Factor of the column, for each ratio. */
  readonly scales: readonly number[];
}

/** AWQ's search for the factors of a layer's input channels: what its figure in the lesson draws. */
export interface RatioSteps {
  readonly bits: number;
  readonly groupSize: number;
  /** Channels of the layer. */
  readonly columns: number;
  /** Those with the largest inputs, largest first. */
  readonly channels: readonly ScaledChannel[];
  /** The exponents of mean|x| that are tried, from 0. */
  readonly ratios: readonly number[];
  /** Relative squared error of the outputs, at each of them. */
  readonly errors: readonly number[];
  /** Index of the least. */
  readonly best: number;
  /** The error of rounding to nearest, without any scaling. */
  readonly roundingError: number;
}

/**
 * Runs AWQ's own search over all ratios.
 *
 * @param weights rows of `columns`, a multiple of the group size
 * @param inputs calibration inputs, row by row
 * @param most channels that are told of
 */
export function ratioSteps(
  kernels: MatrixKernels,
  arena: Arena,
  { weights, inputs, columns }: { weights: Float32Array; inputs: Float32Array; columns: number },
  options: AwqOptions,
  most: number,
  check: () => void,
): RatioSteps {
  const rows = weights.length / columns;
  const whole = outputMeanSquare(weights, inputs, columns, check);
  const relative = (loss: number): number => (whole > 0 ? loss / whole : 0);
  const { losses, candidates, best } = searchScales(kernels, arena, { weights, inputs, columns }, options, { exhaustive: true, check });
  const plain = quantizeAwqLayer(kernels, arena, { weights: weights.slice(), inputs, columns }, options, false, check);
  const magnitudes = new Float64Array(columns);
  inputs.forEach((value, i) => (magnitudes[i % columns]! += (Math.abs(value) * columns) / inputs.length));
  const largest = Array.from(magnitudes.keys()).sort((a, b) => magnitudes[b]! - magnitudes[a]! || a - b);
  return {
    bits: options.bits,
    groupSize: options.groupSize,
    columns,
    channels: largest.slice(0, most).map((column) => ({
      column,
      magnitude: magnitudes[column]!,
      scales: candidates.map((scales) => scales[column]!),
    })),
    ratios: candidates.map((_, k) => k / ratios),
    errors: Array.from(losses, relative),
    best,
    roundingError: relative(plain.loss / rows),
  };
}

/** Mean square of the outputs. */
function outputMeanSquare(weights: Float32Array, inputs: Float32Array, columns: number, check: () => void): number {
  let sum = 0;
  for (let x = 0; x < inputs.length; x += columns) {
    check();
    for (let w = 0; w < weights.length; w += columns) {
      let output = 0;
      for (let c = 0; c < columns; c++) output += weights[w + c]! * inputs[x + c]!;
      sum += output * output;
    }
  }
  return (sum * columns * columns) / (weights.length * inputs.length);
}
