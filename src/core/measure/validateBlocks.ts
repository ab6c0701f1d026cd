import { findDecoder } from "../decode/decoder";
import { type BlockFormat, scalarsOf } from "../decode/ggml/blockFormat";
import { findBlockFormat } from "../decode/ggml/formats";
import { firstUnusualHalf } from "../quant/ggml/unusualHalf";
import { type DType, findDType } from "../tensor/dtype";
import { firstNonFinite, hasPlainExponent } from "./nonFinite";

/** What makes stored bytes unusable. */
export interface InvalidBlock {
  /** Index of the block; of the value in types without blocks. */
  block: number;
  /** What is wrong there: a number of the block (`d`, `dmin`, `e`), a `value`, or `bytes` where the block is cut short. */
  name: string;
  /** `NaN`, `Infinity`, `-Infinity`, or how many bytes there are. */
  found: string;
}

/** Values that are decoded at a time. */
const chunk = 8192;

/** Index of the first block in which an F16 is NaN or infinite; Infinity without one. */
function firstInvalidHalf({ halves, bytes: size }: BlockFormat, bytes: Uint8Array): number {
  const found = Object.values(halves).map((at) => firstUnusualHalf(bytes, size, at, 0));
  return Math.min(...found.map((block) => (block < 0 ? Infinity : block)));
}

function invalidScalar(format: BlockFormat, bytes: Uint8Array, block: number): InvalidBlock | undefined {
  const bad = scalarsOf(format, bytes, block * format.bytes).find(({ value }) => !Number.isFinite(value));
  return bad && { block, name: bad.name, found: String(bad.value) };
}

function invalidScale(format: BlockFormat, bytes: Uint8Array): InvalidBlock | undefined {
  if (!format.scalars) {
    const block = firstInvalidHalf(format, bytes);
    return block === Infinity ? undefined : invalidScalar(format, bytes, block);
  }
  for (let block = 0; block * format.bytes < bytes.length; block++) {
    const invalid = invalidScalar(format, bytes, block);
    if (invalid) return invalid;
  }
  return undefined;
}

function invalidValue({ id, blockSize, blockBytes }: DType, bytes: Uint8Array): InvalidBlock | undefined {
  const decoder = findDecoder(id);
  if (!decoder) return undefined;
  const count = (bytes.length / blockBytes) * blockSize;
  const values = new Float32Array(Math.min(chunk, count));
  for (let from = 0; from < count; from += chunk) {
    const stored = bytes.subarray((from / blockSize) * blockBytes, ((from + chunk) / blockSize) * blockBytes);
    if (hasPlainExponent(id) && firstNonFinite(id, stored) < 0) continue;
    const part = values.subarray(0, Math.min(chunk, count - from));
    decoder.decode(stored, part);
    const at = part.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) return { block: from + at, name: "value", found: String(part[at]) };
  }
  return undefined;
}

/**
 * The first block of a tensor's stored bytes that no runtime accepts, by the rules of ggml's `ggml_validate_row_data`: the
 * size must be whole blocks; scales and mins of a block must be finite; an MXFP4 exponent must not be 255; values of float
 * types must be finite as float32. Undefined when all is well, and for types we do not know.
 */
export function validateBlocks(dtype: string, bytes: Uint8Array): InvalidBlock | undefined {
  const type = findDType(dtype);
  if (!type) return undefined;
  const rest = bytes.length % type.blockBytes;
  if (rest !== 0) return { block: (bytes.length - rest) / type.blockBytes, name: "bytes", found: String(rest) };
  const format = findBlockFormat(dtype);
  if (format) return invalidScale(format, bytes);
  return type.family === "float" ? invalidValue(type, bytes) : undefined;
}
