import type { Arena } from "../linalg/arena";
import { type MatrixKernels, productScratchBytes, wholeProduct } from "../linalg/matrixKernels";
import { type AwqOptions, symmetricSteps } from "./awqGrid";
import { type LayerInputs, loadInputs, sketchInputs } from "./inputs";

/** Number of exponents that are tried: 0, 1/20 … 19/20. */
export const ratios = 20;
/** Rows whose errors are held at once. */
const rowsAtOnce = 128;
/** How much worse than the best a ratio may look in the sketch and still be measured. */
const contenderMargin = 1.1;
const { fround } = Math;

export interface ScaleSearch {
  /** Mean square of the change of the layer's outputs, for each ratio; estimates where `isMeasured` is not set. */
  readonly losses: Float64Array;
  readonly isMeasured: readonly boolean[];
  /** Index of the best ratio. */
  readonly best: number;
  /** Factors of the input columns, for each ratio. */
  readonly candidates: readonly Float32Array[];
  /** Those at the best ratio. */
  readonly scales: Float32Array;
}

/**
 * AWQ's search for the factors by which input columns are multiplied before weights are quantized (Lin et al., 2023):
 * s = mean|x|^r / (mean|w|^(1−r) + 1e-4), with the r of the least error of the outputs.
 *
 * A sketch of the inputs, an eighth of the work or less, tells which ratios can win; those are measured on all inputs.
 *
 * @param weights of all linear layers that have these inputs, their rows one after the other; `columns` is a multiple of the group size
 * @param inputs calibration inputs, row by row
 * @param exhaustive whether all ratios are measured, for a curve
 * @param check called now and then; may throw
 */
export function searchScales(
  kernels: MatrixKernels,
  arena: Arena,
  { weights, inputs, columns }: { weights: Float32Array; inputs: Float32Array; columns: number },
  options: AwqOptions,
  { exhaustive = false, check = () => undefined }: { exhaustive?: boolean; check?: () => void } = {},
): ScaleSearch {
  const mark = arena.mark();
  try {
    const magnitudes = { inputs: meanMagnitudes(inputs, columns), weights: meanRelativeMagnitudes(weights, columns, options.groupSize) };
    const candidates = Array.from({ length: ratios }, (_, k) => scalesAt(k / ratios, magnitudes));
    const measure = new LossMeasure(kernels, arena, weights, columns, options, check);
    const all = loadInputs(arena, inputs, columns);
    const losses = new Float64Array(ratios);
    let isMeasured = new Array<boolean>(ratios).fill(true);
    if (!exhaustive && all.count > 2 * 64) {
      const sketch = sketchInputs(arena, inputs, columns);
      candidates.forEach((scales, k) => (losses[k] = measure.loss(scales, sketch)));
      const bound = contenderMargin * losses.reduce((least, loss) => Math.min(least, loss), Infinity);
      isMeasured = Array.from(losses, (loss) => loss <= bound);
    }
    candidates.forEach((scales, k) => isMeasured[k] && (losses[k] = measure.loss(scales, all)));
    let best = -1;
    losses.forEach((loss, k) => isMeasured[k] && (best < 0 || loss < losses[best]!) && (best = k));
    return { losses, isMeasured, best, candidates, scales: candidates[best]! };
  } finally {
    arena.release(mark);
  }
}

/** mean|x| of each column. */
function meanMagnitudes(inputs: Float32Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let at = 0; at < inputs.length; at += columns) for (let c = 0; c < columns; c++) sums[c]! += Math.abs(inputs[at + c]!);
  return sums.map((sum) => (sum * columns) / inputs.length);
}

/** Mean over the rows of |w| as a part of the largest of its group. */
function meanRelativeMagnitudes(weights: Float32Array, columns: number, group: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let at = 0; at < weights.length; at += group) {
    let largest = 0;
    for (let i = at; i < at + group; i++) largest = Math.max(largest, Math.abs(weights[i]!));
    const factor = 1 / (largest + 1e-6);
    const column = at % columns;
    for (let i = 0; i < group; i++) sums[column + i]! += Math.abs(weights[at + i]!) * factor;
  }
  return sums.map((sum) => (sum * columns) / weights.length);
}

/** Factors at one ratio, brought to a geometric middle of 1. What overflows becomes 1. */
function scalesAt(ratio: number, magnitudes: { inputs: Float64Array; weights: Float64Array }): Float32Array {
  const scales = Float32Array.from(magnitudes.inputs, (x, c) =>
    Math.max(fround(x ** ratio) / fround(magnitudes.weights[c]! ** (1 - ratio) + 1e-4), 1e-4),
  );
  let [least, most] = [Infinity, -Infinity];
  for (const scale of scales) {
    least = Math.min(least, scale);
    most = Math.max(most, scale);
  }
  const middle = fround(Math.sqrt(fround(most * least)));
  return scales.map((scale) => (Number.isFinite(scale / middle) ? scale / middle : 1));
}

/** The mean square of X · (W' − W)ᵀ. */
class LossMeasure {
  private readonly weights: number;
  private readonly scales: number;
  private readonly errors: number;
  private readonly scratch: number;
  private readonly rows: number;

  constructor(
    private readonly kernels: MatrixKernels,
    private readonly arena: Arena,
    weights: Float32Array,
    private readonly columns: number,
    private readonly options: AwqOptions,
    private readonly check: () => void,
  ) {
    this.rows = weights.length / columns;
    this.weights = arena.room(weights.length);
    this.scales = arena.room(columns);
    this.errors = arena.room(rowsAtOnce * columns);
    this.scratch = arena.room(productScratchBytes, 1);
    arena.floats(this.weights, weights.length).set(weights);
  }

  loss(scales: Float32Array, inputs: LayerInputs): number {
    const { arena, kernels, columns, errors, options } = this;
    const mark = arena.mark();
    const outputs = arena.room(rowsAtOnce * inputs.padded);
    arena.floats(this.scales, columns).set(scales);
    const maxCode = 2 ** options.bits - 1;
    let sum = 0;
    for (let start = 0; start < this.rows; start += rowsAtOnce) {
      this.check();
      const rows = Math.min(rowsAtOnce, this.rows - start);
      const even = Math.ceil(rows / 4) * 4;
      const weights = this.weights + 4 * start * columns;
      kernels.awqErrors(weights, columns, rows, columns, options.groupSize, maxCode, symmetricSteps(options), this.scales, 0, errors);
      arena.floats(errors + 4 * rows * columns, (even - rows) * columns).fill(0);
      const found = arena.floats(outputs, even * inputs.padded).fill(0);
      const { address, padded } = inputs;
      kernels.multiplyAdd(even, padded, columns, 1, errors, columns, 0, address, columns, 1, outputs, padded, wholeProduct, this.scratch);
      sum += sumOfSquares(found);
    }
    arena.release(mark);
    return sum / (this.rows * inputs.count);
  }
}

function sumOfSquares(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}
