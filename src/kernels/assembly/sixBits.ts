// The 12 bytes in which Q4_K and Q5_K keep a six-bit scale and minimum of each of eight sub-blocks.

/** Scale of sub-block `j`: the first four are the low six bits of a byte, the others are split in four and two bits. */
export function sixBitScale(packed: usize, j: usize): u32 {
  if (j < 4) return load<u8>(packed + j) & 63;
  return (load<u8>(packed + j + 4) & 15) | ((load<u8>(packed + j - 4) >> 6) << 4);
}

/** Minimum of sub-block `j`, packed likewise. */
export function sixBitMin(packed: usize, j: usize): u32 {
  if (j < 4) return load<u8>(packed + j + 4) & 63;
  return (load<u8>(packed + j + 4) >> 4) | ((load<u8>(packed + j) >> 6) << 4);
}

/** Packs eight scales and eight mins, one a byte. */
export function packSixBits(scales: usize, mins: usize, packed: usize): void {
  const low: u32 = 0x0f0f0f0f;
  const lastScales = load<u32>(scales, 4);
  const lastMins = load<u32>(mins, 4);
  store<u32>(packed, load<u32>(scales) | ((lastScales & ~low) << 2));
  store<u32>(packed, load<u32>(mins) | ((lastMins & ~low) << 2), 4);
  store<u32>(packed, (lastScales & low) | ((lastMins & low) << 4), 8);
}
