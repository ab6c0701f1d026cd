import type { BlockRun } from "./blockRun";
import type { LinearLayer } from "./modelDescription";

/**
 * Sends rows through linear layers with the same inputs; their outputs lie side by side.
 *
 * @param inputs `rows` rows, one after the other, in memory of the arithmetic
 * @param result `rows` rows of the outputs of all `layers`
 */
export function throughLinear(
  { arithmetic, weight }: Pick<BlockRun, "arithmetic" | "weight">,
  layers: readonly LinearLayer[],
  inputs: Float32Array,
  rows: number,
  result: Float32Array,
): void {
  const width = layers.reduce((sum, { outputs }) => sum + outputs, 0);
  let column = 0;
  for (const { tensor, outputs, inputs: depth, bias } of layers) {
    arithmetic.multiply({
      rows,
      columns: outputs,
      depth,
      left: inputs,
      right: weight(tensor),
      transposed: true,
      result: result.subarray(column),
      resultStride: width,
    });
    if (bias !== undefined) addBias(result, width, column, rows, weight(bias));
    column += outputs;
  }
}

function addBias(values: Float32Array, stride: number, column: number, rows: number, bias: Float32Array): void {
  for (let r = 0; r < rows; r++) {
    const start = r * stride + column;
    for (let i = 0; i < bias.length; i++) values[start + i] = values[start + i]! + bias[i]!;
  }
}

/** Tells the listener of the inputs of some layers. */
export function tell({ listener }: Pick<BlockRun, "listener">, layers: readonly LinearLayer[], values: Float32Array, rows: number): void {
  if (listener) for (const { tensor, inputs } of layers) listener(tensor, values.subarray(0, rows * inputs), rows, inputs);
}
