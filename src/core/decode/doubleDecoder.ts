import { viewAs } from "./views";

/** Turns stored bytes into float64: `target.length` values from the start of `source`. */
export type DecodeDoubles = (source: Uint8Array, target: Float64Array) => void;

function integer64(signed: boolean): DecodeDoubles {
  return (source, target) => {
    const words = viewAs(Uint32Array, source.subarray(0, target.length * 8));
    for (let i = 0; i < target.length; i++) {
      const high = words[2 * i + 1]!;
      // Both terms are exact, so their sum is rounded once.
      target[i] = (signed ? high | 0 : high) * 2 ** 32 + words[2 * i]!;
    }
  };
}

const decoders: Readonly<Record<string, DecodeDoubles>> = {
  F64: (source, target) => target.set(viewAs(Float64Array, source.subarray(0, target.length * 8))),
  I32: (source, target) => target.set(viewAs(Int32Array, source.subarray(0, target.length * 4))),
  U32: (source, target) => target.set(viewAs(Uint32Array, source.subarray(0, target.length * 4))),
  I64: integer64(true),
  U64: integer64(false),
};

/**
 * The float64 decoder of a stored type with values that float32 rounds or cannot hold; undefined for all others. Statistics
 * and pages of such a tensor are those of what is stored; quantization works on float32 as everywhere. 64-bit integers
 * beyond 2^53 are rounded to the nearest float64.
 */
export function findDoubleDecoder(dtype: string): DecodeDoubles | undefined {
  return decoders[dtype];
}
