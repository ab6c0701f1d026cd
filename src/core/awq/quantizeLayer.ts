import type { Arena } from "../linalg/arena";
import { type MatrixKernels, productScratchBytes, wholeProduct } from "../linalg/matrixKernels";
import { awqCode, awqGrid, type AwqOptions, awqValue, symmetricSteps } from "./awqGrid";
import { clipWeights, searchClips } from "./clipSearch";
import { type LayerInputs, loadInputs } from "./inputs";

const rowsAtOnce = 128;

/** A linear layer as AWQ quantized it, after its columns were scaled. */
export interface AwqLayer {
  /** rows × columns, from 0 */
  readonly codes: Uint8Array;
  /** rows × groups */
  readonly scales: Float32Array;
  readonly zeros: Uint8Array;
  /** What the change of the weights does to the outputs: its square, summed over outputs, mean over inputs. */
  readonly loss: number;
}

/**
 * Quantizes a layer whose columns are scaled already.
 *
 * @param weights rows × `columns`; clipped in place with `isClipped`
 * @param inputs calibration inputs, divided by the scales of the columns
 * @param check called now and then; may throw
 */
export function quantizeAwqLayer(
  kernels: MatrixKernels,
  arena: Arena,
  { weights, inputs, columns }: { weights: Float32Array; inputs: Float32Array; columns: number },
  options: AwqOptions,
  isClipped: boolean,
  check: () => void,
): AwqLayer {
  const original = weights.slice();
  const { groupSize, bits, symmetric } = options;
  if (isClipped) clipWeights(weights, groupSize, searchClips(kernels, arena, { weights, inputs, columns }, options, check));
  const groups = weights.length / groupSize;
  const codes = new Uint8Array(weights.length);
  const [scales, zeros] = [new Float32Array(groups), new Uint8Array(groups)];
  const shift = symmetric ? 2 ** (bits - 1) : 0;
  for (let group = 0; group < groups; group++) {
    const start = group * groupSize;
    let [low, high] = [Infinity, -Infinity];
    for (let i = start; i < start + groupSize; i++) {
      low = Math.min(low, weights[i]!);
      high = Math.max(high, weights[i]!);
    }
    const grid = awqGrid(low, high, 2 ** bits - 1, symmetricSteps(options));
    scales[group] = grid.scale;
    zeros[group] = grid.zero + shift;
    for (let i = start; i < start + groupSize; i++) {
      const code = awqCode(weights[i]!, grid);
      codes[i] = code + shift;
      original[i] = awqValue(code, grid) - original[i]!;
    }
  }
  const mark = arena.mark();
  const loss = sumOfOutputSquares(kernels, arena, original, loadInputs(arena, inputs, columns), check) / (inputs.length / columns);
  arena.release(mark);
  return { codes, scales, zeros, loss };
}

/** Σ (X · Dᵀ)² for errors D of weights, row by row, of the inputs' columns. */
function sumOfOutputSquares(kernels: MatrixKernels, arena: Arena, errors: Float32Array, inputs: LayerInputs, check: () => void): number {
  const { address, columns, padded } = inputs;
  const rows = errors.length / columns;
  const [d, outputs] = [arena.room(rowsAtOnce * columns), arena.room(rowsAtOnce * padded)];
  const scratch = arena.room(productScratchBytes, 1);
  let sum = 0;
  for (let start = 0; start < rows; start += rowsAtOnce) {
    check();
    const count = Math.min(rowsAtOnce, rows - start);
    const even = Math.ceil(count / 4) * 4;
    const part = arena.floats(d, even * columns).fill(0);
    part.set(errors.subarray(start * columns, (start + count) * columns));
    const found = arena.floats(outputs, even * padded).fill(0);
    kernels.multiplyAdd(even, padded, columns, 1, d, columns, 0, address, columns, 1, outputs, padded, wholeProduct, scratch);
    for (let i = 0; i < found.length; i++) sum += found[i]! * found[i]!;
  }
  return sum;
}
