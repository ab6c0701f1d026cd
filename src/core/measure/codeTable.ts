import { findDecoder } from "../decode/decoder";
import { findDType } from "../tensor/dtype";

const tables = new Map<string, Float32Array>();

/**
 * The value of every code of a stored type of at most 16 bits, indexed by the code; undefined for wider types. A tensor
 * of such a type is described completely by how often each code occurs, so that all its statistics follow exactly from
 * one pass that only counts. The codes of packed types ({@link isPacked}) are their values' BF16 patterns.
 */
export function codeTable(dtype: string): Float32Array | undefined {
  const known = tables.get(dtype);
  if (known) return known;
  const type = findDType(dtype);
  const decoder = findDecoder(dtype);
  if (!type || !decoder || type.family === "block") return undefined;
  if (isPacked(dtype)) return codeTable("BF16");
  if (type.blockBytes > 2) return undefined;
  const codes = type.blockBytes === 1 ? Uint8Array.from({ length: 256 }, (_, code) => code) : allCodes16();
  const table = new Float32Array(codes.length / type.blockBytes);
  decoder.decode(codes, table);
  tables.set(dtype, table);
  return table;
}

/** Whether values are narrower than a byte and share bytes (F4, F6): they are counted after decoding. */
export function isPacked(dtype: string): boolean {
  const type = findDType(dtype);
  return type !== undefined && type.family !== "block" && type.blockSize > 1;
}

/** Little-endian, as every format stores them. */
function allCodes16(): Uint8Array {
  const bytes = new Uint8Array(2 * 65536);
  for (let code = 0; code < 65536; code++) {
    bytes[2 * code] = code & 255;
    bytes[2 * code + 1] = code >> 8;
  }
  return bytes;
}
