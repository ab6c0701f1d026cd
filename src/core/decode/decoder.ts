import { findDType } from "../tensor/dtype";
import { decodeBlocks } from "./ggml/decodeBlocks";
import { findBlockFormat } from "./ggml/formats";
import { plainDecoders } from "./plainDecoders";

/** Turns the stored bytes of one type into float32. */
export interface Decoder {
  readonly dtype: string;
  /**
   * Decodes `target.length` values from the start of `source`; a multiple of the type's block size. 64-bit types are
   * rounded to the nearest float32, ties to even; all others are exact.
   *
   * @throws RangeError when `source` is too short
   */
  decode(source: Uint8Array, target: Float32Array): void;
}

const decoders = new Map<string, Decoder>();

function makeDecoder(dtype: string): Decoder | undefined {
  const type = findDType(dtype);
  const plain = plainDecoders[dtype];
  const format = findBlockFormat(dtype);
  const decode = plain ?? (format && ((source: Uint8Array, target: Float32Array) => decodeBlocks(format, source, target)));
  if (!type || !decode) return undefined;
  return {
    dtype,
    decode(source, target) {
      const needed = Math.ceil((target.length * type.blockBytes) / type.blockSize);
      if (source.length < needed) throw new RangeError(`${dtype}: ${target.length} values need ${needed} bytes, got ${source.length}`);
      decode(source, target);
    },
  };
}

/** The decoder of a stored type, or undefined for types whose values we cannot show (see {@link findDType} for their sizes). */
export function findDecoder(dtype: string): Decoder | undefined {
  const known = decoders.get(dtype);
  if (known) return known;
  const made = makeDecoder(dtype);
  if (made) decoders.set(dtype, made);
  return made;
}
