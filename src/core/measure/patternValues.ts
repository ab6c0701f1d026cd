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

/** Patterns of negative values sort in reverse; by rank, all sort as integers do. */
function rankOf(key: number): number {
  return key < 0x8000 ? key + 0x8000 : 0xffff - key;
}

function patternOf(rank: number): number {
  return rank >= 0x8000 ? rank - 0x8000 : 0xffff - rank;
}

function isFinitePattern(key: number): boolean {
  return (key & 0x7f80) !== 0x7f80;
}

/** The keys of finite values among `keys`, in ascending order of the values. */
export function ascendingPatterns(keys: ArrayLike<number>): Uint16Array {
  const ranks = new Uint16Array(keys.length);
  let finite = 0;
  for (let i = 0; i < keys.length; i++) if (isFinitePattern(keys[i]!)) ranks[finite++] = rankOf(keys[i]!);
  const ascending = ranks.subarray(0, finite).sort();
  for (let i = 0; i < finite; i++) ascending[i] = patternOf(ascending[i]!);
  return ascending;
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
