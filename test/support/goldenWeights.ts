/**
 * The numbers that the vectors of `other_golden.json` were made of: near-Gaussian, exact in float32 on any machine.
 *
 * @param everyLarge every so many-th one is 8 times as large; 0: none
 */
export function goldenNumbers(seed: number, count: number, everyLarge = 97): Float32Array {
  let state = seed;
  const draw = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) >>> 16;
  };
  return Float32Array.from({ length: count }, (_, i) => {
    const value = (draw() + draw() + draw() + draw() - 131070) * 2 ** -22;
    return everyLarge > 0 && i % everyLarge === everyLarge - 1 ? value * 8 : value;
  });
}

/** The vectors' inputs of a layer: [512, 256], some columns 16 times as large. */
export function goldenInputs(): Float32Array {
  return goldenNumbers(9001, 512 * 256, 0).map((value, i) => value * 64 * ((i % 256) % 37 === 5 ? 16 : 1));
}
