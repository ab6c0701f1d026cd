import { halfToFloat } from "../half";
import { uint16At } from "./blockFormat";

/**
 * The 12 bytes in which Q4_K and Q5_K keep a 6-bit scale and a 6-bit min of each of their 8 sub-blocks: the first four
 * pairs in the low 6 bits of bytes 0–3 and 4–7, the last four split between the nibbles of bytes 8–11 and the free top
 * bits.
 */
export function sixBitScale(block: Uint8Array, offset: number, subBlock: number): number {
  if (subBlock < 4) return block[offset + subBlock]! & 63;
  return (block[offset + subBlock + 4]! & 15) | ((block[offset + subBlock - 4]! >> 6) << 4);
}

/** The min of a sub-block; see {@link sixBitScale}. */
export function sixBitMin(block: Uint8Array, offset: number, subBlock: number): number {
  if (subBlock < 4) return block[offset + subBlock + 4]! & 63;
  return (block[offset + subBlock + 4]! >> 4) | ((block[offset + subBlock]! >> 6) << 4);
}

/** What Q4_K and Q5_K begin with: F16 super-scales, then the scales and mins under them. */
export const sixBitFields = [
  { name: "d", bytes: 2, detail: "scale of the scales, F16" },
  { name: "dmin", bytes: 2, detail: "scale of the mins, F16" },
  { name: "scales", bytes: 12, detail: "8 six-bit scales a and 8 six-bit mins b" },
] as const;

/** Effective scales and mins of the 8 sub-blocks of a block that begins with {@link sixBitFields}. */
export function unpackSixBits(block: Uint8Array, offset: number, scales: Float32Array, mins: Float32Array): void {
  const d = halfToFloat(uint16At(block, offset));
  const dmin = halfToFloat(uint16At(block, offset + 2));
  for (let j = 0; j < 8; j++) {
    scales[j] = d * sixBitScale(block, offset + 4, j);
    mins[j] = dmin * sixBitMin(block, offset + 4, j);
  }
}

/** Writes 8 scales and 8 mins, each 0 to 63, in the packing that {@link sixBitScale} reads. */
export function packSixBits(scales: Uint8Array, mins: Uint8Array, target: Uint8Array, offset: number): void {
  for (let j = 0; j < 4; j++) {
    const highScale = scales[j + 4]!;
    const highMin = mins[j + 4]!;
    target[offset + j] = scales[j]! | ((highScale >> 4) << 6);
    target[offset + j + 4] = mins[j]! | ((highMin >> 4) << 6);
    target[offset + j + 8] = (highScale & 15) | ((highMin & 15) << 4);
  }
}
