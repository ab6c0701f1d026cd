import { type DType, findDType } from "../tensor/dtype";
import { findDecoder } from "./decoder";
import { type BlockFormat, scalarsOf } from "./ggml/blockFormat";
import { findBlockFormat } from "./ggml/formats";

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

function invalidScale(format: BlockFormat, bytes: Uint8Array): InvalidBlock | undefined {
  const positions = Object.values(format.halves);
  const blocks = bytes.length / format.bytes;
  for (let block = 0; block < blocks; block++) {
    const offset = block * format.bytes;
    // An F16 is NaN or infinite where all five exponent bits are set.
    if (!format.scalars && !positions.some((at) => (bytes[offset + at + 1]! & 0x7c) === 0x7c)) continue;
    const bad = scalarsOf(format, bytes, offset).find(({ value }) => !Number.isFinite(value));
    if (bad) return { block, name: bad.name, found: String(bad.value) };
  }
  return undefined;
}

function invalidValue({ id, blockSize, blockBytes }: DType, bytes: Uint8Array): InvalidBlock | undefined {
  const decoder = findDecoder(id);
  if (!decoder) return undefined;
  const count = (bytes.length / blockBytes) * blockSize;
  const values = new Float32Array(Math.min(chunk, count));
  for (let from = 0; from < count; from += chunk) {
    const part = values.subarray(0, Math.min(chunk, count - from));
    decoder.decode(bytes.subarray((from / blockSize) * blockBytes), part);
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
