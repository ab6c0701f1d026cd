/** Values that share the top 16 bits of their float32 pattern lie between these two, which are float32 values. */
export interface PatternRange {
  low: number;
  high: number;
}

const bits = new Uint32Array(1);
const asFloat = new Float32Array(bits.buffer);

function floatOf(pattern: number): number {
  bits[0] = pattern;
  return asFloat[0]!;
}

function isFinitePattern(key: number): boolean {
  return (key & 0x7f80) !== 0x7f80;
}

/** The keys of finite values among `keys`, in ascending order of the values. */
export function ascendingPatterns(keys: ArrayLike<number>): Uint16Array {
  // Patterns of negative values sort in reverse; so ranked, all sort as integers do.
  const rank = (key: number): number => (key < 0x8000 ? key + 0x8000 : 0xffff - key);
  const ranks = Uint16Array.from(keys).filter(isFinitePattern).map(rank).sort();
  return ranks.map((place) => (place >= 0x8000 ? place - 0x8000 : 0xffff - place));
}

/** The range of a pattern of finite values. */
export function patternRange(key: number): PatternRange {
  const inner = floatOf(key * 65536);
  const outer = floatOf(key * 65536 + 0xffff);
  return key < 0x8000 ? { low: inner, high: outer } : { low: outer, high: inner };
}

/**
 * The value that stands for all of a pattern: the middle, so that none of them is further than 2^-8 relative; 0 for the
 * patterns of ±0, whose other values are denormal.
 */
export function patternValue(key: number): number {
  if ((key & 0x7fff) === 0) return 0;
  const { low, high } = patternRange(key);
  return (low + high) / 2;
}
