/** How the elements of a tensor are stored. */
export interface ElementType {
  /** Identifier of a `DType`, or ONNX's own name of a type that is none. */
  readonly dtype: string;
  /** Bits of an element in `raw_data`. */
  readonly bits: number;
  /** The field that has the values when `raw_data` has not. */
  readonly field: TypedField;
}

/** The fields of TensorProto with values of their own types. */
export type TypedField = "float_data" | "int32_data" | "string_data" | "int64_data" | "double_data" | "uint64_data";

function element(dtype: string, bits: number, field: TypedField): ElementType {
  return { dtype, bits, field };
}

/** By `TensorProto.DataType` (onnx/onnx.proto). */
const byNumber: readonly (ElementType | undefined)[] = [
  undefined,
  element("F32", 32, "float_data"),
  element("U8", 8, "int32_data"),
  element("I8", 8, "int32_data"),
  element("U16", 16, "int32_data"),
  element("I16", 16, "int32_data"),
  element("I32", 32, "int32_data"),
  element("I64", 64, "int64_data"),
  element("STRING", 0, "string_data"),
  element("BOOL", 8, "int32_data"),
  element("F16", 16, "int32_data"),
  element("F64", 64, "double_data"),
  element("U32", 32, "uint64_data"),
  element("U64", 64, "uint64_data"),
  element("C64", 64, "float_data"),
  element("C128", 128, "double_data"),
  element("BF16", 16, "int32_data"),
  element("F8_E4M3", 8, "int32_data"),
  element("F8_E4M3FNUZ", 8, "int32_data"),
  element("F8_E5M2", 8, "int32_data"),
  element("F8_E5M2FNUZ", 8, "int32_data"),
  element("UINT4", 4, "int32_data"),
  element("INT4", 4, "int32_data"),
  element("FP4", 4, "int32_data"),
  element("F8_E8M0", 8, "int32_data"),
  element("UINT2", 2, "int32_data"),
  element("INT2", 2, "int32_data"),
];

/** The type with a number of `TensorProto.DataType`, or undefined for one that we do not know. */
export function elementType(dataType: number): ElementType | undefined {
  return byNumber[dataType];
}

/** Bytes that the elements of a tensor take: small ones lie several in a byte, the last byte filled up. */
export function elementBytes(values: number, { bits }: Pick<ElementType, "bits">): number {
  return Math.ceil((values * bits) / 8);
}
