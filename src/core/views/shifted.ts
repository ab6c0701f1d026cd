import { findDecoder } from "../decode/decoder";
import type { ShiftedRef } from "../fileRef";
import { findDType } from "../tensor/dtype";
import type { ByteSource, OpenSource } from "./byteSource";

/** Bytes of a float32. */
const width = 4;

/** Reads values as float32 with a number added to each. Ranges may begin and end inside a value. */
export function openShifted({ source, offset, dtype, shift }: ShiftedRef, open: OpenSource): ByteSource {
  const decoder = findDecoder(dtype);
  const type = findDType(dtype);
  if (!decoder || type?.blockSize !== 1) throw new RangeError(`values of type ${dtype} cannot be shifted`);
  const inner = open(source);
  return {
    read(start, target) {
      const first = Math.floor(start / width);
      const values = new Float32Array(Math.ceil((start + target.byteLength) / width) - first);
      const stored = new Uint8Array(values.length * type.blockBytes);
      inner.read(offset + first * type.blockBytes, stored);
      decoder.decode(stored, values);
      for (let i = 0; i < values.length; i++) values[i] = values[i]! + shift;
      target.set(new Uint8Array(values.buffer).subarray(start - first * width).subarray(0, target.byteLength));
    },
    close: () => inner.close(),
  };
}
