/** Bytes that are looked up together. */
const lanes = 8;
let known: Int32Array | undefined;

/** For each of 8 places behind the first, what a byte there adds to the remainder. */
function remainders(): Int32Array {
  if (known) return known;
  const table = new Int32Array(lanes * 256);
  for (let byte = 0; byte < 256; byte++) {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
    table[byte] = rest;
  }
  for (let at = 256; at < table.length; at++) table[at] = (table[at - 256]! >>> 8) ^ table[table[at - 256]! & 255]!;
  known = table;
  return table;
}

/**
 * The checksum of zip archives (ITU-T V.42), eight bytes at a time: as fast as bytes are unpacked.
 * @param before that of the bytes before these; 0 where there are none
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  const table = remainders();
  let rest = ~before;
  let at = 0;
  for (const end = bytes.length - (bytes.length % lanes); at < end; at += lanes) {
    const low = rest ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    rest =
      table[1792 + (low & 255)]! ^
      table[1536 + ((low >>> 8) & 255)]! ^
      table[1280 + ((low >>> 16) & 255)]! ^
      table[1024 + (low >>> 24)]! ^
      table[768 + bytes[at + 4]!]! ^
      table[512 + bytes[at + 5]!]! ^
      table[256 + bytes[at + 6]!]! ^
      table[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at++) rest = (rest >>> 8) ^ table[(rest ^ bytes[at]!) & 255]!;
  return ~rest >>> 0;
}

/** A checksum as messages have it. */
export function showChecksum(crc: number): string {
  return `CRC-32 ${crc.toString(16).padStart(8, "0")}`;
}
