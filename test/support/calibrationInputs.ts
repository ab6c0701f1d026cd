import { hessianValue, InputAccumulator, type InputSums } from "../../src/core/gptq/hessian";
import { Arena } from "../../src/core/linalg/arena";
import type { MatrixKernels } from "../../src/core/linalg/matrixKernels";
import { sample } from "./distributions";

/** Inputs of a layer as real ones are: neighbouring columns go together, and every 37th is much larger. */
export function calibrationInputs(tokens: number, columns: number, seed: number): Float32Array {
  const noise = sample("small normal", tokens * columns, seed);
  return noise.map((value, i) => {
    const before = i % columns === 0 ? 0 : noise[i - 1]!;
    return (value + 0.8 * before) * 100 * ((i % columns) % 37 === 5 ? 16 : 1);
  });
}

/** The sums of inputs, copied out of the memory of kernels. */
export function sumsOf(kernels: MatrixKernels, inputs: Float32Array, columns: number): InputSums {
  const accumulator = new InputAccumulator(kernels, new Arena(kernels.memory), columns);
  accumulator.add(inputs);
  const sums = accumulator.result();
  return { ...sums, lower: sums.lower.slice() };
}

/** H, `columns` × `columns`, both triangles. */
export function hessianOf(sums: InputSums): Float32Array {
  const { columns } = sums;
  return Float32Array.from({ length: columns * columns }, (_, i) => hessianValue(sums, Math.floor(i / columns), i % columns));
}
