import type { FileRef } from "../../fileRef";
import { arraySource, columnMajorStrides, isRowMajor, rowMajorStrides } from "../../tensor/arraySource";
import { countValues, type TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { quoteName } from "../text";
import type { ArrayHeader } from "./header";

/** Where the elements of an array are. */
export interface ArrayPlace {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly ref: FileRef;
  /** Byte of the first element in what `ref` stands for. */
  readonly offset: number;
}

/** The tensor that an array is; its place in the file is that of uncompressed elements. */
export function arrayTensor(name: string, header: ArrayHeader, place: ArrayPlace, diagnostics: DiagnosticList): TensorInfo {
  const { type, shape, isFortran } = header;
  const { dtype, readAs, itemBytes, bigEndianBytes } = type;
  if (readAs !== undefined) {
    diagnostics.add("info", "numpy.raw-as-bfloat16", `${quoteName(name)} has elements of two raw bytes; they are shown as ${readAs}`, {
      file: place.file,
      tensor: name,
      expected: "a type of numbers",
      found: dtype,
      hint: "That is how NumPy saves the bfloat16 of ml_dtypes, which JAX and TensorFlow use.",
    });
  }
  const strides = isFortran ? columnMajorStrides(shape) : rowMajorStrides(shape);
  const bytes = countValues(shape) * itemBytes;
  const isPlain = readAs === undefined && bigEndianBytes === 1 && place.ref.kind !== "inflated" && isRowMajor(shape, strides);
  const tensor = { name, dtype, shape, file: 0, offset: place.offset, bytes };
  if (isPlain || bytes === 0) return tensor;
  return { ...tensor, source: arraySource({ ...place, ...type, dtype: readAs ?? dtype, shape, strides }) };
}
