import { limits } from "../../limits";
import type { PythonValue } from "./pythonLiteral";

/** What one element of an array is. */
export interface ArrayType {
  /** Identifier of a `DType`, or a spelling that is none: `V12` for 12 raw bytes, `STR3`, `BYTES2`, `M8`. */
  readonly dtype: string;
  /** Identifier of the `DType` in which its values can be read all the same. */
  readonly readAs?: string;
  readonly itemBytes: number;
  /** Bytes of the numbers that are stored with the largest byte first; 1 where there are none. */
  readonly bigEndianBytes: number;
}

/** An array of Python objects: a pickle, which runs code when it is loaded. */
export class ObjectArrayError extends Error {}

const numbers: Readonly<Record<string, string>> = {
  b1: "BOOL",
  u1: "U8",
  i1: "I8",
  u2: "U16",
  i2: "I16",
  u4: "U32",
  i4: "I32",
  u8: "U64",
  i8: "I64",
  f2: "F16",
  f4: "F32",
  f8: "F64",
  c8: "C64",
  c16: "C128",
};

/** Other names that NumPy takes for these types: it writes none of them, but programs of others do. */
const spellings = new Map<string, string>([
  ...([
    ["?", "b1"],
    ["b", "i1"],
    ["B", "u1"],
    ["h", "i2"],
    ["H", "u2"],
    ["i", "i4"],
    ["I", "u4"],
    ["q", "i8"],
    ["Q", "u8"],
    ["e", "f2"],
    ["f", "f4"],
    ["d", "f8"],
    ["F", "c8"],
    ["D", "c16"],
    ["bool", "b1"],
  ] as const),
  ...[1, 2, 4, 8].flatMap((bytes) => [[`int${8 * bytes}`, `i${bytes}`] as const, [`uint${8 * bytes}`, `u${bytes}`] as const]),
  ...[2, 4, 8].map((bytes) => [`float${8 * bytes}`, `f${bytes}`] as const),
  ...[8, 16].map((bytes) => [`complex${8 * bytes}`, `c${bytes}`] as const),
]);

/**
 * The type that a `descr` of numpy.lib.format stands for; undefined for what is none.
 * @throws ObjectArrayError
 */
export function arrayType(descr: PythonValue): ArrayType | undefined {
  if (typeof descr === "string") return scalarType(descr);
  const itemBytes = structureBytes(descr);
  return itemBytes === undefined || itemBytes > limits.dimension ? undefined : rawBytes(itemBytes);
}

function rawBytes(itemBytes: number): ArrayType {
  return { dtype: `V${itemBytes}`, itemBytes, bigEndianBytes: 1 };
}

function scalarType(descr: string): ArrayType | undefined {
  const [, order, name = ""] = /^([<>=|]?)(.*)$/s.exec(descr)!;
  const match = /^([a-zA-Z])(\d*)(\[[^\]]*\])?$/.exec(spellings.get(name) ?? name);
  if (!match) return undefined;
  const [, kind = "", digits = ""] = match;
  if (kind === "O") throw new ObjectArrayError();
  const count = digits === "" ? 0 : Number(digits);
  const isBig = order === ">";
  const known = numbers[kind + digits];
  if (known) {
    const numberBytes = kind === "c" ? count / 2 : count;
    return { dtype: known, itemBytes: count, bigEndianBytes: isBig ? numberBytes : 1 };
  }
  if (!(count <= limits.dimension)) return undefined;
  switch (kind) {
    case "V":
      // ml_dtypes' bfloat16 has no spelling of its own, and numpy has no other use of two raw bytes.
      return { ...rawBytes(count), ...(count === 2 ? { readAs: "BF16" } : {}) };
    case "S":
    case "a":
      return { dtype: `BYTES${count}`, itemBytes: count, bigEndianBytes: 1 };
    case "U":
      return { dtype: `STR${count}`, itemBytes: 4 * count, bigEndianBytes: 1 };
    case "M":
    case "m":
      return count === 8 ? { dtype: `${kind}8`, itemBytes: 8, bigEndianBytes: isBig ? 8 : 1 } : undefined;
    case "f":
    case "c":
      // Extended precision of the machine that wrote it.
      return count > 0 ? { dtype: `${kind.toUpperCase()}${8 * count}`, itemBytes: count, bigEndianBytes: 1 } : undefined;
    default:
      return undefined;
  }
}

/** Bytes of a structured element: a list of fields, or a pair of a type and the shape of an array of it. */
function structureBytes(descr: PythonValue): number | undefined {
  if (typeof descr === "string") return scalarType(descr)?.itemBytes;
  if (typeof descr !== "object" || descr === null || descr.kind === "dict") return undefined;
  if (descr.kind === "tuple") {
    const [type, shape] = descr.items;
    const bytes = descr.items.length === 2 ? structureBytes(type!) : undefined;
    return bytes === undefined ? undefined : times(bytes, shape!);
  }
  let total = 0;
  for (const field of descr.items) {
    const parts = typeof field === "object" && field !== null && field.kind === "tuple" ? field.items : [];
    const bytes = parts.length === 2 || parts.length === 3 ? structureBytes(parts[1]!) : undefined;
    const all = bytes === undefined || parts.length === 2 ? bytes : times(bytes, parts[2]!);
    if (all === undefined) return undefined;
    total += all;
  }
  return total;
}

function times(bytes: number, shape: PythonValue): number | undefined {
  const counts = typeof shape === "object" && shape !== null && shape.kind !== "dict" ? shape.items : [shape];
  return counts.reduce<number | undefined>(
    (product, count) => (product !== undefined && typeof count === "number" && count >= 0 ? product * count : undefined),
    bytes,
  );
}
