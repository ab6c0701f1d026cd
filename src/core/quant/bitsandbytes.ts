import { countValues } from "../tensor/tensorInfo";
import { dequantizeBlockwise, largestMagnitude, quantizeBlockwise } from "./blockwise";
import { type Codebook, dynamic8, fp4, nf4 } from "./codebook";
import type { BlockwiseScheme } from "./scheme";

/** Blocks whose largest magnitudes are quantized together by double quantization. */
export const nestedBlock = 256;

/** Largest magnitudes stored in 8 bits: what double quantization keeps. */
export interface NestedAbsmax {
  codes: Uint8Array;
  absmax: Float32Array;
}

/**
 * Stores the blocks' largest magnitudes in 8 bits, around `offset`, and puts what is restored in their place.
 *
 * @param offset their mean over the whole tensor, float32
 */
export function nestAbsmax(absmax: Float32Array, offset: number): NestedAbsmax {
  const nested = quantizeBlockwise(
    absmax.map((value) => value - offset),
    nestedBlock,
    dynamic8,
  );
  dequantizeBlockwise(nested, nestedBlock, dynamic8, absmax);
  for (let i = 0; i < absmax.length; i++) absmax[i]! += offset;
  return nested;
}

const pattern = /^(nf4|fp4|dynamic8)(?:-b(\d+))?(-dq)?$/;
const books: Readonly<Record<string, { book: Codebook; bits: number; label: string; block: number }>> = {
  nf4: { book: nf4, bits: 4, label: "NF4 · normal float", block: 64 },
  fp4: { book: fp4, bits: 4, label: "FP4 · 4-bit float", block: 64 },
  dynamic8: { book: dynamic8, bits: 8, label: "Dynamic 8-bit · dynamic map", block: 256 },
};

/**
 * The bitsandbytes type a name stands for: `nf4`, `fp4` or `dynamic8`, optionally `-b` and a block size (a power of two from
 * 32 to 4096), 4-bit ones optionally `-dq` for double quantization. Undefined for any other name.
 */
export function parseBlockwise(name: string): BlockwiseScheme | undefined {
  const id = name.toLowerCase();
  const match = pattern.exec(id);
  if (!match) return undefined;
  const { book, bits, label, block: usual } = books[match[1]!]!;
  const block = match[2] === undefined ? usual : Number(match[2]);
  const nested = match[3] !== undefined;
  if (!(block >= 32 && block <= 4096 && Number.isInteger(Math.log2(block))) || (nested && bits === 8)) return undefined;
  return blockwiseScheme(id, `${label}, blocks of ${block}${nested ? ", double quantization" : ""}`, book, bits, block, nested);
}

function blockwiseScheme(id: string, label: string, book: Codebook, bits: number, block: number, nested: boolean): BlockwiseScheme {
  return {
    id,
    label,
    family: "codebook",
    blockSize: block,
    book,
    nested,
    cut: nested ? block * nestedBlock : block,
    bytes(shape) {
      const values = countValues(shape);
      const blocks = Math.ceil(values / block);
      // With double quantization: a code a block, a float32 per 256 blocks, the offset.
      const scales = nested ? blocks + 4 * Math.ceil(blocks / nestedBlock) + 4 : 4 * blocks;
      return Math.ceil((values * bits) / 8) + scales;
    },
    applicable: () => true,
    ...(nested ? { tensorSums: (source: Float32Array) => absmaxSums(source, block) } : {}),
    fakeQuantize(source, _columns, target, sums) {
      const stored = quantizeBlockwise(source, block, book);
      if (nested) nestAbsmax(stored.absmax, meanAbsmax(sums));
      dequantizeBlockwise(stored, block, book, target);
    },
  };
}

/** The blocks' mean largest magnitude, from the tensor's sums. */
export function meanAbsmax([sum, blocks]: readonly number[]): number {
  return blocks! > 0 ? Math.fround(sum! / blocks!) : 0;
}

/** Sum of the blocks' largest magnitudes, and how many blocks there are. */
function absmaxSums(source: Float32Array, block: number): number[] {
  let sum = 0;
  for (let start = 0; start < source.length; start += block) {
    sum += largestMagnitude(source, start, Math.min(source.length, start + block));
  }
  return [sum, Math.ceil(source.length / block)];
}
