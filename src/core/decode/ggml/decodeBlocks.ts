import type { BlockFormat } from "./blockFormat";

// Room for the largest block. Decoding is synchronous, so one set a thread is enough.
const codes = new Int16Array(256);
const scales = new Float32Array(16);
const mins = new Float32Array(16);

/**
 * Decodes whole blocks: `target.length` values, a multiple of the block size. Values are bit-equal to ggml's
 * `dequantize_row_*` on x86-64.
 */
export function decodeBlocks(format: BlockFormat, source: Uint8Array, target: Float32Array): void {
  const { size, bytes, subBlock, zero, levels } = format;
  const subBlocks = size / subBlock;
  mins.fill(0);
  for (let block = 0; (block + 1) * size <= target.length; block++) {
    format.unpack(source, block * bytes, codes, 0, scales, mins);
    let at = block * size;
    let code = 0;
    for (let j = 0; j < subBlocks; j++) {
      const scale = scales[j]!;
      const min = mins[j]!;
      const end = at + subBlock;
      if (levels) for (; at < end; at++) target[at] = scale * levels[codes[code++]!]!;
      else for (; at < end; at++) target[at] = Math.fround(scale * (codes[code++]! - zero)) - min;
    }
  }
}
