import { viewAs } from "../decode/views";
import type { AffineRef } from "../fileRef";
import type { ByteSource, OpenSource } from "./byteSource";

/** Bytes of one value of the view. */
const valueBytes = 4;
const codeBytes = { I8: 1, U8: 1, I32: 4 } as const;
/** Integers that are read at a time. */
const blockCodes = 65_536;

/**
 * Reads quantized integers as what they stand for, with the arithmetic of PyTorch's `dequantize`. One scale for all: scale and
 * difference are rounded to float32. Scales along a dimension: code, zero point and difference are, the scale is float64. Either
 * product is rounded once. Ranges may begin and end inside a value.
 */
export function openAffine(ref: AffineRef, open: OpenSource): ByteSource {
  const inner = open(ref.source);
  const width = codeBytes[ref.codes];
  const scales = ref.perChannel ? Float64Array.from(ref.scales) : Float32Array.from(ref.scales);
  const block = new Uint8Array(blockCodes * width);
  const values = new Float32Array(blockCodes);
  const bytes = new Uint8Array(values.buffer);
  return {
    read(start, target) {
      for (let done = 0; done < target.length;) {
        const first = Math.floor((start + done) / valueBytes);
        const skipped = start + done - first * valueBytes;
        const count = Math.min(blockCodes, Math.ceil((skipped + target.length - done) / valueBytes));
        const stored = block.subarray(0, count * width);
        inner.read(ref.offset + first * width, stored);
        decode(codesOf(ref.codes, stored), scales, ref, first, values);
        const part = bytes.subarray(skipped, Math.min(count * valueBytes, skipped + target.length - done));
        target.set(part, done);
        done += part.length;
      }
    },
    close: () => inner.close(),
  };
}

function codesOf(codes: AffineRef["codes"], bytes: Uint8Array): Int8Array | Uint8Array | Int32Array {
  if (codes === "U8") return bytes;
  return codes === "I8" ? viewAs(Int8Array, bytes) : viewAs(Int32Array, bytes);
}

function decode(
  codes: Int8Array | Uint8Array | Int32Array,
  scales: Float32Array | Float64Array,
  { perChannel, zeros, inner }: AffineRef,
  first: number,
  values: Float32Array,
): void {
  for (let index = 0; index < codes.length; index++) {
    const channel = scales.length === 1 ? 0 : Math.floor((first + index) / inner) % scales.length;
    const code = perChannel ? Math.fround(codes[index]!) : codes[index]!;
    const zero = perChannel ? Math.fround(zeros[channel]!) : zeros[channel]!;
    values[index] = scales[channel]! * Math.fround(code - zero);
  }
}
