import { FormatError } from "../../errors";
import { limits } from "../../limits";
import { countValuesExactly } from "../../tensor/shape";
import { countBytes, hexBytes, quoteName } from "../text";
import { arrayType, ObjectArrayError, type ArrayType } from "./arrayType";
import { parsePythonLiteral, PythonSyntaxError, type PythonValue } from "./pythonLiteral";

/** What the header of one array says. */
export interface ArrayHeader {
  readonly type: ArrayType;
  readonly shape: readonly number[];
  /** Whether the first index changes fastest. */
  readonly isFortran: boolean;
  /** Bytes before the first element. */
  readonly headerBytes: number;
}

/** The first bytes of every array: numpy.lib.format. */
const magic = "\x93NUMPY";
const damagedHint = "The file is damaged. Save it again with numpy.save.";

/** Whether bytes start like an array. */
export function isArray(head: Uint8Array): boolean {
  return [...magic].every((character, index) => head[index] === character.charCodeAt(0));
}

/**
 * Reads the header of an array (numpy.lib.format, versions 1 to 3).
 * @param name what the array is called in messages: a file or a member of an archive
 * @param readStart the first bytes of the array, at most as many as asked for
 * @throws FormatError `numpy.object-array`, or what is wrong with the header
 */
export async function readArrayHeader(name: string, readStart: (count: number) => Promise<Uint8Array>): Promise<ArrayHeader> {
  const fail = (code: string, what: string, offset: number, expected: string, found: string): FormatError =>
    new FormatError(`numpy.${code}`, `${quoteName(name)} ${what}`, { file: name, offset, expected, found, hint: damagedHint });
  let start = await readStart(4096);
  if (!isArray(start)) throw fail("bad-magic", "is not an array", 0, "93 4e 55 4d 50 59", hexBytes(start, 6));
  const major = start[6] ?? 0;
  if (major < 1 || major > 3)
    throw fail("bad-version", `has version ${major} of the format`, 6, "version 1, 2 or 3", `${major}.${start[7] ?? 0}`);
  const prefixBytes = major === 1 ? 10 : 12;
  if (start.length < prefixBytes)
    throw fail("header-cut", "ends inside its header", start.length, countBytes(prefixBytes), countBytes(start.length));
  const view = new DataView(start.buffer, start.byteOffset);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > limits.npyHeaderBytes) {
    throw fail("header-too-large", "has a header that is too large", 8, `at most ${countBytes(limits.npyHeaderBytes)}`, countBytes(length));
  }
  const headerBytes = prefixBytes + length;
  if (start.length < headerBytes) start = await readStart(headerBytes);
  if (start.length < headerBytes)
    throw fail("header-cut", "ends inside its header", start.length, countBytes(headerBytes), countBytes(start.length));
  const bytes = start.subarray(prefixBytes, headerBytes);
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes);
  try {
    return { ...parseHeader(text), headerBytes };
  } catch (error) {
    if (error instanceof ObjectArrayError) throw objectArray(name);
    if (!(error instanceof PythonSyntaxError)) throw error;
    const found = text.slice(error.at, error.at + 40);
    throw fail("bad-header", "has a header that cannot be understood", prefixBytes + error.at, error.expected, JSON.stringify(found));
  }
}

/** @throws PythonSyntaxError, ObjectArrayError */
function parseHeader(text: string): Omit<ArrayHeader, "headerBytes"> {
  const header = parsePythonLiteral(text);
  if (typeof header !== "object" || header === null || header.kind !== "dict") throw new PythonSyntaxError(0, "a dictionary");
  const { entries } = header;
  const type = arrayType(entries.get("descr") ?? null);
  if (!type) throw new PythonSyntaxError(0, "the descr of a type");
  const shape = shapeOf(entries.get("shape"));
  const values = shape && countValuesExactly(shape);
  if (values === undefined || !Number.isSafeInteger(values * type.itemBytes))
    throw new PythonSyntaxError(0, "a shape that a file can hold");
  const isFortran = entries.get("fortran_order");
  if (typeof isFortran !== "boolean") throw new PythonSyntaxError(0, "fortran_order");
  return { type, shape: shape!, isFortran };
}

function shapeOf(value: PythonValue | undefined): number[] | undefined {
  if (typeof value !== "object" || value === null || value.kind === "dict" || value.items.length > limits.rank) return undefined;
  const counts = value.items.filter((item): item is number => typeof item === "number");
  return counts.length === value.items.length ? counts : undefined;
}

function objectArray(name: string): FormatError {
  return new FormatError("numpy.object-array", `${quoteName(name)} is an array of Python objects, which run code when they are loaded`, {
    file: name,
    offset: 0,
    expected: "an array of numbers",
    found: "objects in a pickle",
    hint: "Convert its values to numbers and save them again with numpy.save and allow_pickle=False.",
  });
}
