/** A table of values, of which each weight is stored as the number of the nearest. */
export interface Codebook {
  /** Value of each code, float32. */
  readonly values: Float32Array;
  /** Codes in ascending order of their values. */
  readonly order: Uint8Array;
  /** Float32 midpoints between neighbours in that order; what is not above one goes down. */
  readonly boundaries: Float32Array;
}

/** @param values of each code; of equal values (+0 and −0) the first code in the table is used */
export function makeCodebook(values: ArrayLike<number>): Codebook {
  const table = Float32Array.from(values);
  const order = Uint8Array.from(table.keys()).sort((a, b) => table[a]! - table[b]! || a - b);
  const boundaries = Float32Array.from({ length: order.length - 1 }, (_, i) =>
    Math.fround(Math.fround(table[order[i]!]! + table[order[i + 1]!]!) / 2),
  );
  return { values: table, order, boundaries };
}

/** Code of the value nearest to `value`; the lower of two that are equally near. */
export function nearestCode({ order, boundaries }: Codebook, value: number): number {
  let low = 0;
  let high = boundaries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > boundaries[middle]!) low = middle + 1;
    else high = middle;
  }
  return order[low]!;
}

/** NormalFloat4: quantiles of a normal distribution (Dettmers et al., "QLoRA", 2023), as bitsandbytes has them. */
export const nf4 = makeCodebook([
  -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0,
  0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
  0.7229568362236023, 1,
]);

const fp4Magnitudes = [0, 0.0625, 8, 12, 4, 6, 2, 3].map((value) => value / 12);

/** bitsandbytes' 4-bit float, over its largest value; bit 3 is the sign. */
export const fp4 = makeCodebook([...fp4Magnitudes, ...fp4Magnitudes.map((value) => 0 - value)]);

/**
 * bitsandbytes' signed 8-bit dynamic map (Dettmers, "8-bit Approximations for Parallelism in Deep Learning", 2015): seven
 * decades, each with twice as many midpoints of equal steps as the one below.
 */
export const dynamic8 = makeCodebook(dynamicValues());

function dynamicValues(): number[] {
  const values = [0, 1];
  for (let i = 0; i < 7; i++) {
    const boundaries = linspace(Math.fround(0.1), 1, 2 ** i + 1);
    for (let k = 0; k < 2 ** i; k++) {
      const middle = Math.fround(Math.fround(boundaries[k]! + boundaries[k + 1]!) / 2);
      const value = Math.fround(middle * Math.fround(10 ** (i - 6)));
      values.push(value, -value);
    }
  }
  return values.sort((a, b) => a - b);
}

/**
 * `torch.linspace` in float32 to the last bit, which depends on how it is computed: from the nearer end, eight values from
 * the first of them as long as sixteen are left.
 */
function linspace(start: number, end: number, count: number): Float32Array {
  const step = Math.fround(Math.fround(end - start) / (count - 1));
  const half = Math.floor(count / 2);
  const vectors = count - (count % 16);
  const single = (i: number): number => Math.fround(i < half ? start + step * i : end - step * (count - i - 1));
  return Float32Array.from({ length: count }, (_, i) => (i < vectors ? single(i - (i % 8)) + Math.fround(step * (i % 8)) : single(i)));
}
