import type { FileRef } from "../fileRef";
import { findDType } from "./dtype";
import { countValues, type ValueSource } from "./tensorInfo";

/** Elements of less than a byte: how many bits, and which byte of which `DType` each code stands for. */
interface SmallElement {
  readonly bits: 2 | 4;
  readonly dtype: string;
  readonly codes: readonly number[];
}

/** Two's complement for signed integers. */
function integers(bits: 2 | 4, isSigned: boolean): SmallElement {
  const count = 2 ** bits;
  const codes = Array.from({ length: count }, (_, code) => (isSigned && code >= count / 2 ? code - count + 256 : code));
  return { bits, dtype: isSigned ? "I8" : "U8", codes };
}

/** As ONNX and TensorFlow Lite call them. The first element of a byte is in its lowest bits, the last byte is filled up. */
const smallElements: ReadonlyMap<string, SmallElement> = new Map([
  ["INT2", integers(2, true)],
  ["UINT2", integers(2, false)],
  ["INT4", integers(4, true)],
  ["UINT4", integers(4, false)],
  // E2M1: 0, 0.5, 1, 1.5, 2, 3, 4, 6, then their negatives, as float8 (E4M3).
  [
    "FP4",
    {
      bits: 4,
      dtype: "F8_E4M3",
      codes: [0, 0x80].flatMap((sign) => [0x00, 0x30, 0x38, 0x3c, 0x40, 0x44, 0x48, 0x4c].map((code) => code | sign)),
    },
  ],
]);

/** Bits of an element of a type: also of those that are smaller than a byte. Undefined for a type that we do not know. */
export function elementBits(dtype: string): number | undefined {
  const known = findDType(dtype);
  return smallElements.get(dtype)?.bits ?? (known && (8 * known.blockBytes) / known.blockSize);
}

/**
 * Where the values of a tensor of small elements are read, a byte each. Undefined for types of whole bytes, and for tensors
 * whose rows are whole bytes of a `DType`: these are read as they are.
 */
export function unpackedSource(dtype: string, ref: FileRef, offset: number, shape: readonly number[]): ValueSource | undefined {
  const element = smallElements.get(dtype);
  const columns = shape[shape.length - 1] ?? 1;
  if (!element || (findDType(dtype) && (columns * element.bits) % 8 === 0)) return undefined;
  const { bits, codes } = element;
  const unpacked = { kind: "unpacked", source: ref, offset, bits, codes, size: countValues(shape) } as const;
  return { dtype: element.dtype, ref: unpacked, offset: 0 };
}
