import type { Arena } from "../linalg/arena";
import { type MatrixKernels, productScratchBytes, wholeProduct } from "../linalg/matrixKernels";
import { type AwqOptions, symmetricSteps } from "./awqGrid";

/** Limits that are tried: the largest magnitude of a group, and down to 11/20 of it. */
const steps = 10;
const stepParts = 20;
/** Inputs that are looked at: every so many-th, so that about this many remain. */
const wantedInputs = 512;
const rowsAtOnce = 256;
const { fround } = Math;

/**
 * AWQ's search for the magnitude beyond which weights are clipped, for each group of each row: where the mean square of what
 * quantizing the group changes of the output is least. With the group's Gram matrix G of the inputs and the errors d of its
 * weights that is dᵀ·G·d, so the inputs themselves are looked at once instead of for every candidate.
 *
 * @param weights `rows` × `columns`, scaled already; `columns` is a multiple of the group size
 * @param inputs calibration inputs, row by row
 * @param check called now and then; may throw
 * @returns the limits, `rows` × groups
 */
export function searchClips(
  kernels: MatrixKernels,
  arena: Arena,
  { weights, inputs, columns }: { weights: Float32Array; inputs: Float32Array; columns: number },
  options: AwqOptions,
  check: () => void = () => undefined,
): Float32Array {
  const mark = arena.mark();
  try {
    const { groupSize } = options;
    const groups = columns / groupSize;
    const rows = weights.length / columns;
    const chosen = everyNth(inputs, columns);
    const search = new GroupSearch(kernels, arena, options);
    const result = new Float32Array(rows * groups);
    const part = new Float32Array(Math.min(rowsAtOnce, rows) * groupSize);
    for (let group = 0; group < groups; group++) {
      search.loadInputs(columnsOf(chosen, columns, group * groupSize, groupSize));
      for (let start = 0; start < rows; start += rowsAtOnce) {
        check();
        const count = Math.min(rowsAtOnce, rows - start);
        for (let row = 0; row < count; row++) {
          const from = (start + row) * columns + group * groupSize;
          part.set(weights.subarray(from, from + groupSize), row * groupSize);
        }
        search.limits(part.subarray(0, count * groupSize)).forEach((limit, row) => (result[(start + row) * groups + group] = limit));
      }
    }
    return result;
  } finally {
    arena.release(mark);
  }
}

/** Limits weights in place. @param limits from {@link searchClips} */
export function clipWeights(weights: Float32Array, groupSize: number, limits: Float32Array): void {
  for (let i = 0; i < weights.length; i++) {
    const limit = limits[Math.floor(i / groupSize)]!;
    weights[i] = Math.min(Math.max(weights[i]!, -limit), limit);
  }
}

function everyNth(inputs: Float32Array, columns: number): Float32Array {
  const count = inputs.length / columns;
  const step = Math.max(1, Math.floor(count / wantedInputs));
  if (step === 1) return inputs;
  const chosen = new Float32Array(Math.ceil(count / step) * columns);
  for (let i = 0; i * step < count; i++) chosen.set(inputs.subarray(i * step * columns, (i * step + 1) * columns), i * columns);
  return chosen;
}

function columnsOf(inputs: Float32Array, columns: number, from: number, count: number): Float32Array {
  const result = new Float32Array((inputs.length / columns) * count);
  for (let at = from, to = 0; to < result.length; at += columns, to += count) result.set(inputs.subarray(at, at + count), to);
  return result;
}

/** The search in one group of columns, for some rows at a time. */
class GroupSearch {
  private readonly size: number;
  /** `size`, made a multiple of 8. */
  private readonly side: number;
  private readonly gram: number;
  private readonly weights: number;
  private readonly limitValues: number;
  private readonly errors: number;
  private readonly products: number;
  private readonly scratch: number;

  constructor(
    private readonly kernels: MatrixKernels,
    private readonly arena: Arena,
    private readonly options: AwqOptions,
  ) {
    this.size = options.groupSize;
    this.side = Math.ceil(this.size / 8) * 8;
    this.gram = arena.room(this.side * this.side);
    this.weights = arena.room(rowsAtOnce * this.size);
    this.limitValues = arena.room(rowsAtOnce);
    this.errors = arena.room(rowsAtOnce * this.size);
    this.products = arena.room(rowsAtOnce * this.side);
    this.scratch = arena.room(productScratchBytes, 1);
  }

  /** @param inputs of the group's columns only */
  loadInputs(inputs: Float32Array): void {
    const { arena, kernels, size, side, gram, scratch } = this;
    const mark = arena.mark();
    const count = inputs.length / size;
    const x = arena.room(count * side);
    const rows = arena.floats(x, count * side).fill(0);
    for (let i = 0; i < count; i++) rows.set(inputs.subarray(i * size, (i + 1) * size), i * side);
    arena.floats(gram, side * side).fill(0);
    kernels.multiplyAdd(side, side, count, 1, x, side, 1, x, side, 0, gram, side, wholeProduct, scratch);
    arena.release(mark);
  }

  /** @param weights of the group's columns, at most {@link rowsAtOnce} rows */
  limits(weights: Float32Array): Float32Array {
    const { arena, size, options } = this;
    const rows = weights.length / size;
    arena.floats(this.weights, weights.length).set(weights);
    const largest = Float32Array.from({ length: rows }, (_, row) =>
      weights.subarray(row * size, (row + 1) * size).reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    );
    const best = largest.slice();
    const leastError = new Float32Array(rows).fill(Infinity);
    for (let step = 0; step < steps; step++) {
      const limits = largest.map((value) => value * fround(1 - step / stepParts));
      arena.floats(this.limitValues, rows).set(limits);
      const maxCode = 2 ** options.bits - 1;
      this.kernels.awqErrors(this.weights, size, rows, size, size, maxCode, symmetricSteps(options), 0, this.limitValues, this.errors);
      const errors = this.outputErrors(rows);
      for (let row = 0; row < rows; row++) {
        if (!(errors[row]! < leastError[row]!)) continue;
        leastError[row] = errors[row]!;
        best[row] = limits[row]!;
      }
    }
    return best;
  }

  /** dᵀ·G·d of each row. */
  private outputErrors(rows: number): Float64Array {
    const { arena, kernels, size, side, errors, gram, products, scratch } = this;
    const even = Math.ceil(rows / 4) * 4;
    arena.floats(errors + 4 * rows * size, (even - rows) * size).fill(0);
    const product = arena.floats(products, even * side).fill(0);
    kernels.multiplyAdd(even, side, size, 1, errors, size, 0, gram, side, 0, products, side, wholeProduct, scratch);
    const d = arena.floats(errors, rows * size);
    const found = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let c = 0; c < size; c++) sum += d[row * size + c]! * product[row * side + c]!;
      found[row] = sum;
    }
    return found;
  }
}
