import { grid, type GridName } from "../../../decode/ggml/grids";

/**
 * A code book as quantizers use it. A vector of `width` level numbers is packed into one word, `bits` a level, the first lowest;
 * entries and their neighbours are such words.
 */
export interface LatticeBook {
  /** Values of an entry: 8 or 4. */
  readonly width: number;
  /** Bits of a level in a packed vector: 2 for entries of 8 values with 3 levels, 3 for entries of 4 values with 8 levels. */
  readonly bits: number;
  /** Number of levels: 3 or 8. */
  readonly levels: number;
  /** The entries, packed. */
  readonly entries: Uint16Array;
  /** Packed vector to the number of its entry; −1 for one that is not in the book. */
  readonly indexOf: Int16Array;
  /** The neighbours of packed vector v, if it is not in the book, are `neighbours[first[v]]` up to `neighbours[first[v + 1] − 1]`. */
  readonly first: Uint32Array;
  /** Packed entries, by distance and then by number: the order decides which of equally good ones is taken. */
  readonly neighbours: Uint16Array;
}

/** The entries of a code book, packed. */
function packedEntries(name: GridName, bits: number): Uint16Array {
  const { width, count, codes } = grid(name);
  return Uint16Array.from({ length: count }, (_, i) => {
    let packed = 0;
    for (let k = 0; k < width; k++) packed |= codes[i * width + k]! << (bits * k);
    return packed;
  });
}

/** Squared distances of all pairs of half vectors of `digits` levels; also tells which halves have only levels that exist. */
function halfDistances(digits: number, bits: number, levels: number): { distances: Uint8Array; exists: (half: number) => boolean } {
  const size = 1 << (digits * bits);
  const mask = (1 << bits) - 1;
  const distances = new Uint8Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      let sum = 0;
      for (let k = 0; k < digits; k++) sum += (((a >> (bits * k)) & mask) - ((b >> (bits * k)) & mask)) ** 2;
      distances[a * size + b] = sum;
    }
  }
  const exists = (half: number): boolean => {
    for (let k = 0; k < digits; k++) if (((half >> (bits * k)) & mask) >= levels) return false;
    return true;
  };
  return { distances, exists };
}

/**
 * Builds the tables of ggml's `iq2xs_init_impl` and `iq3xs_init_impl`: the neighbours of a vector are all entries at the
 * `rings` smallest distances that occur. Distances are sums of two table look-ups, and entries fall into buckets by
 * distance, so that this takes milliseconds instead of seconds.
 */
function build(name: GridName, rings: number): LatticeBook {
  const { width, levels } = grid(name);
  const bits = width === 8 ? 2 : 3;
  const entries = packedEntries(name, bits);
  const count = entries.length;
  const halfBits = (bits * width) / 2;
  const halves = 1 << halfBits;
  const { distances, exists } = halfDistances(width / 2, bits, levels.length);
  const vectors = 1 << (bits * width);
  const indexOf = new Int16Array(vectors).fill(-1);
  entries.forEach((packed, i) => (indexOf[packed] = i));

  const first = new Uint32Array(vectors + 1);
  let neighbours = new Uint16Array(1 << 16);
  let used = 0;
  const distance = new Uint8Array(count);
  const population = new Uint32Array(256);
  for (let vector = 0; vector < vectors; vector++) {
    first[vector] = used;
    const low = (vector & (halves - 1)) * halves;
    const high = (vector >> halfBits) * halves;
    if (indexOf[vector]! >= 0 || !exists(vector & (halves - 1)) || !exists(vector >> halfBits)) continue;
    population.fill(0);
    for (let i = 0; i < count; i++) {
      const entry = entries[i]!;
      const d = distances[low + (entry & (halves - 1))]! + distances[high + (entry >> halfBits)]!;
      distance[i] = d;
      population[d]!++;
    }
    // From here `population[d]` is where the next entry at distance d goes.
    let ringsLeft = rings;
    let end = used;
    let farthest = 0;
    for (let d = 0; d < 256 && ringsLeft > 0; d++) {
      const here = population[d]!;
      if (here === 0) continue;
      population[d] = end;
      end += here;
      farthest = d;
      ringsLeft--;
    }
    if (end > neighbours.length) {
      const larger = new Uint16Array(2 * end);
      larger.set(neighbours.subarray(0, used));
      neighbours = larger;
    }
    for (let i = 0; i < count; i++) {
      const d = distance[i]!;
      if (d <= farthest) neighbours[population[d]!++] = entries[i]!;
    }
    used = end;
  }
  first[vectors] = used;
  return { width, bits, levels: levels.length, entries, indexOf, first, neighbours: neighbours.slice(0, used) };
}

/** How many distances count as near, by code book. Source: ggml `src/ggml-quants.c` (`nwant`). */
const rings: Readonly<Record<GridName, number>> = { iq2xxs: 2, iq2xs: 2, iq2s: 1, iq3xxs: 2, iq3s: 3, iq1s: 3 };

const built = new Map<GridName, LatticeBook>();

/** The tables of a code book; made on first use, since they take up to a tenth of a second. */
export function latticeBook(name: GridName): LatticeBook {
  const known = built.get(name);
  if (known) return known;
  const made = build(name, rings[name]);
  built.set(name, made);
  return made;
}
