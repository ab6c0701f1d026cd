/** Twin of the kernel: adds to `counts` (65,536) by the top 16 bits of each float32. */
export function patternCounts32(x: Float32Array, counts: Uint32Array): void {
  const bits = new Uint32Array(x.buffer, x.byteOffset, x.length);
  for (const value of bits) counts[value >>> 16]!++;
}

/** Twin of the kernel: adds to `counts` (65,536) by raw 16-bit value. */
export function patternCounts16(source: Uint16Array, counts: Uint32Array): void {
  for (const value of source) counts[value]!++;
}

/** Twin of the kernel: adds to `counts` (256) by byte. */
export function patternCounts8(source: Uint8Array, counts: Uint32Array): void {
  for (const value of source) counts[value]!++;
}
