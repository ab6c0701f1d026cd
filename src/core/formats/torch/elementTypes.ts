/** How the numbers of a storage are stored. */
export interface ElementType {
  /** Identifier of a `DType`, or of quantized numbers `QINT8` and the like. */
  readonly dtype: string;
  readonly itemBytes: number;
  /** Bytes of the numbers that change places with the order of bytes: half an element for complex ones. */
  readonly numberBytes: number;
  /** Identifier of the `DType` of quantized numbers. */
  readonly codes?: string;
}

function element(dtype: string, itemBytes: number, extra: Partial<ElementType> = {}): ElementType {
  return { dtype, itemBytes, numberBytes: itemBytes, ...extra };
}

/** By the name of the class of a storage, without `Storage`. */
const byStorage = new Map<string, ElementType>([
  ["Double", element("F64", 8)],
  ["Float", element("F32", 4)],
  ["Half", element("F16", 2)],
  ["BFloat16", element("BF16", 2)],
  ["Long", element("I64", 8)],
  ["Int", element("I32", 4)],
  ["Short", element("I16", 2)],
  ["Char", element("I8", 1)],
  ["Byte", element("U8", 1)],
  ["Bool", element("BOOL", 1)],
  ["ComplexFloat", element("C64", 8, { numberBytes: 4 })],
  ["ComplexDouble", element("C128", 16, { numberBytes: 8 })],
  ["QInt8", element("QINT8", 1, { codes: "I8" })],
  ["QUInt8", element("QUINT8", 1, { codes: "U8" })],
  ["QInt32", element("QINT32", 4, { codes: "I32" })],
  ["QUInt4x2", element("QUINT4X2", 1)],
  ["QUInt2x4", element("QUINT2X4", 1)],
  ["Untyped", element("U8", 1)],
]);

/** By the name of a `torch.dtype`. */
const byDType = new Map<string, ElementType>([
  ...(
    [
      ["float64", "Double"],
      ["double", "Double"],
      ["float32", "Float"],
      ["float", "Float"],
      ["float16", "Half"],
      ["half", "Half"],
      ["bfloat16", "BFloat16"],
      ["int64", "Long"],
      ["long", "Long"],
      ["int32", "Int"],
      ["int", "Int"],
      ["int16", "Short"],
      ["short", "Short"],
      ["int8", "Char"],
      ["uint8", "Byte"],
      ["bool", "Bool"],
      ["complex64", "ComplexFloat"],
      ["complex128", "ComplexDouble"],
      ["qint8", "QInt8"],
      ["quint8", "QUInt8"],
      ["qint32", "QInt32"],
    ] as const
  ).map(([name, storage]) => [name, byStorage.get(storage)!] as const),
  ["uint16", element("U16", 2)],
  ["uint32", element("U32", 4)],
  ["uint64", element("U64", 8)],
  ["float8_e4m3fn", element("F8_E4M3", 1)],
  ["float8_e5m2", element("F8_E5M2", 1)],
  ["float8_e4m3fnuz", element("F8_E4M3FNUZ", 1)],
  ["float8_e5m2fnuz", element("F8_E5M2FNUZ", 1)],
  ["float8_e8m0fnu", element("F8_E8M0", 1)],
]);

/** The type of a storage class: `torch.FloatStorage`, `torch.cuda.HalfStorage`. */
export function storageElement(className: string): ElementType | undefined {
  const match = /^torch\.(?:\w+\.)?(\w+)Storage$/.exec(className);
  return match ? byStorage.get(match[1]!) : undefined;
}

/** The type that a `torch.dtype` stands for: `torch.float32`. */
export function dtypeElement(name: string): ElementType | undefined {
  return name.startsWith("torch.") ? byDType.get(name.slice("torch.".length)) : undefined;
}
