import { uint16At } from "../../decode/ggml/blockFormat";

/**
 * Index of the first of the blocks of `stride` bytes whose binary16 at byte `at` is not finite, or has a magnitude of less
 * than `least` steps of 2⁻²⁴ (up to 1024 those of its subnormal numbers); −1 where there is none.
 */
export function firstUnusualHalf(blocks: Uint8Array, stride: number, at: number, least: number): number {
  for (let offset = at; offset < blocks.length; offset += stride) {
    const magnitude = uint16At(blocks, offset) & 0x7fff;
    if (magnitude >= 0x7c00 || magnitude < least) return (offset - at) / stride;
  }
  return -1;
}
