import { findBlockFormat } from "./ggml/formats";

/** True for the block types whose integer codes can be shown. */
export function hasBlockCodes(dtype: string): boolean {
  return findBlockFormat(dtype) !== undefined;
}

/**
 * The integer codes of all values in the whole blocks of `bytes`, in order.
 *
 * @throws RangeError for a type without codes (see {@link hasBlockCodes})
 */
export function blockCodes(dtype: string, bytes: Uint8Array): Int16Array {
  const format = findBlockFormat(dtype);
  if (!format) throw new RangeError(`${dtype} has no block codes`);
  const blocks = Math.floor(bytes.length / format.bytes);
  const codes = new Int16Array(blocks * format.size);
  const scales = new Float32Array(format.size / format.subBlock);
  const mins = new Float32Array(scales.length);
  for (let block = 0; block < blocks; block++) {
    format.unpack(bytes, block * format.bytes, codes, block * format.size, scales, mins);
  }
  return codes;
}
