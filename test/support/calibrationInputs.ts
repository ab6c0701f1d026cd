import { sample } from "./distributions";

/** Inputs of a layer as real ones are: neighbouring columns go together, and every 37th is much larger. */
export function calibrationInputs(tokens: number, columns: number, seed: number): Float32Array {
  const noise = sample("small normal", tokens * columns, seed);
  return noise.map((value, i) => {
    const before = i % columns === 0 ? 0 : noise[i - 1]!;
    return (value + 0.8 * before) * 100 * ((i % columns) % 37 === 5 ? 16 : 1);
  });
}
