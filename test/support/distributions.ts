/** A uniform generator over [0, 1): mulberry32, the same numbers for a seed everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** One draw from the standard normal distribution (Box–Muller). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

type Draw = (random: () => number, index: number) => number;

/** Shapes of weights, ordinary and awkward ones: all finite, as quantizers demand. */
const draws = {
  normal: (random) => normal(random),
  "small normal": (random) => normal(random) * 0.02,
  uniform: (random) => random() * 2 - 1,
  "heavy tails": (random) => normal(random) / Math.sqrt(Math.max(1e-3, random())),
  outliers: (random) => normal(random) * 0.02 * (random() < 0.01 ? 100 : 1),
  "half steps": (random) => (Math.floor(random() * 509) - 254) / 2,
  integers: (random) => Math.floor(random() * 255) - 127,
  "constant blocks": (_random, index) => ((Math.floor(index / 32) * 37) % 101) / 64 - 0.75,
  "constant super-blocks": (_random, index) => ((Math.floor(index / 256) * 53) % 97) / 48 - 1,
  "plus and minus the maximum": (random) => (random() < 0.5 ? -1 : 1) * (random() < 0.2 ? 3.5 : random()),
  tiny: (random) => normal(random) * 1e-6,
  huge: (random) => normal(random) * 1e30,
  "one-sided": (random) => Math.abs(normal(random)) + 0.1,
  "negative only": (random) => -Math.abs(normal(random)) * 3 - 0.01,
  "zeros of both signs": (random, index) =>
    Math.floor(index / 256) % 2 === 0 || random() < 0.9 ? (random() < 0.5 ? -0 : 0) : normal(random),
  denormal: (random) => normal(random) * 1e-39,
  "sub-blocks of every size": (random, index) => normal(random) * 10 ** (((Math.floor(index / 16) * 7919) % 13) - 9),
  "sparse blocks": (random, index) => (Math.floor(index / 32) % 3 === 0 && random() < 0.05 ? normal(random) : random() < 0.5 ? 0 : -0),
} satisfies Record<string, Draw>;

export type Distribution = keyof typeof draws;

export const distributions = Object.keys(draws) as Distribution[];

/** `count` float32 of a distribution; the same for the same seed. */
export function sample(distribution: Distribution, count: number, seed = 1): Float32Array {
  const draw: Draw = draws[distribution];
  const random = randomFrom(seed);
  return Float32Array.from({ length: count }, (_, index) => draw(random, index));
}

/**
 * `count` finite float32 patterns from xorshift32, a multiple of 256: half of every 256 of any magnitude, half within a
 * factor of 2⁴ of one that grows from 256 to 256.
 */
export function anyFinite(count: number): Float32Array {
  let state = 99;
  const patterns = Uint32Array.from({ length: count }, (_, i) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    const pattern = i % 256 < 128 ? state : ((state & 0x87ffffff) | ((i >> 8) << 27)) >>> 0;
    return (pattern & 0x7f800000) === 0x7f800000 ? pattern & ~0x00800000 : pattern;
  });
  return new Float32Array(patterns.buffer);
}

/**
 * Finite float32 patterns from xorshift32 whose squares are finite too: each 32 values within a factor of 2⁴ of a magnitude from the
 * subnormals to 2²³, one in eleven zero.
 */
export function anySquarable(count: number): Float32Array {
  let state = 77;
  const patterns = Uint32Array.from({ length: count }, (_, i) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    if (state % 11 === 0) return state & 0x80000000;
    const exponent = Math.max(0, (((i >> 5) * 53) % 151) - ((state >>> 23) & 3));
    return ((state & 0x807fffff) | (exponent << 23)) >>> 0;
  });
  return new Float32Array(patterns.buffer);
}

/**
 * An importance matrix's weights for a row: mean squares over four orders of magnitude. Some columns are never used; with
 * every fourth seed nearly all.
 */
export function importance(columns: number, seed: number): Float32Array {
  const random = randomFrom(7919 * (seed + 1));
  const unused = seed % 4 === 0 ? 0.97 : 0.02;
  return Float32Array.from({ length: columns }, () => (random() < unused ? 0 : normal(random) ** 2 * 10 ** (4 * random() - 2)));
}

/** Replaces some values of a copy by NaN, infinities, zeros of both signs, denormals and the largest float32. */
export function withSpecials(values: Float32Array, share: number, seed = 2): Float32Array {
  const specials = [NaN, Infinity, -Infinity, 0, -0, 1e-45, -1e-45, 1e-39, 3.4028234663852886e38, -3.4028234663852886e38];
  const random = randomFrom(seed);
  return values.map((value) => (random() < share ? specials[Math.floor(random() * specials.length)]! : value));
}
