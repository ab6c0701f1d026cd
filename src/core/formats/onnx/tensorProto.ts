import { limits } from "../../limits";
import type { PagedReader } from "../pagedReader";
import type { TypedField } from "./elementTypes";
import { delimited, fieldsOf, readVarint, textOf, varint, type Range, type WireField } from "./wire";

/** What a TensorProto says of itself: no values, only where they are. */
export interface TensorProto {
  readonly name: string;
  /** Undefined for a list of values: its one dimension is their count. */
  readonly dims: readonly number[] | undefined;
  /** A number of `TensorProto.DataType`. */
  readonly dataType: number;
  /** The whole message. */
  readonly range: Range;
  readonly raw?: Range;
  /** The values in a field of their own type, in order: usually one piece. Undefined when there are too many. */
  readonly typed: ReadonlyMap<TypedField, readonly Range[] | undefined>;
  /** Keys and values of `external_data`, when the values are in another file. */
  readonly external?: ReadonlyMap<string, string>;
  /** Whether it is one piece of a tensor that is stored in several. */
  readonly isSegment: boolean;
}

/** Field numbers of TensorProto (onnx/onnx.proto). */
const fields = { dims: 1, dataType: 2, segment: 3, name: 8, raw: 9, external: 13, location: 14 } as const;
const typedFields: ReadonlyMap<number, TypedField> = new Map([
  [4, "float_data"],
  [5, "int32_data"],
  [6, "string_data"],
  [7, "int64_data"],
  [10, "double_data"],
  [11, "uint64_data"],
]);
const external = 1;
/** Keys of `external_data`; ONNX knows five. */
const externalKeys = 16;

/** Reads a TensorProto. @throws FormatError `onnx.bad-message` */
export async function readTensorProto(reader: PagedReader, range: Range): Promise<TensorProto> {
  const dims: number[] = [];
  const typed = new Map<TypedField, Range[] | undefined>();
  const entries = new Map<string, string>();
  let [name, dataType, location, isSegment] = ["", 0, 0, false];
  let raw: Range | undefined;
  for await (const field of fieldsOf(reader, range)) {
    const ofType = typedFields.get(field.number);
    if (ofType) addPiece(typed, ofType, field);
    else if (field.number === fields.dims) await addDims(reader, field, dims);
    else if (field.number === fields.dataType) dataType = field.value;
    else if (field.number === fields.segment) isSegment = true;
    else if (field.number === fields.name) name = (await textOf(reader, field, limits.nameLength)) ?? "";
    else if (field.number === fields.raw) raw = { offset: field.offset, bytes: field.bytes };
    else if (field.number === fields.external && entries.size < externalKeys) {
      const [key, value] = await readPair(reader, field);
      entries.set(key, value);
    } else if (field.number === fields.location) location = field.value;
  }
  return { name, dims, dataType, range, raw, typed, isSegment, ...(location === external && { external: entries }) };
}

/** The key (1) and value (2) of a StringStringEntryProto. */
export async function readPair(reader: PagedReader, range: Range): Promise<[key: string, value: string]> {
  let [key, value] = ["", ""];
  for await (const field of fieldsOf(reader, range)) {
    if (field.number === 1) key = (await textOf(reader, field, limits.nameLength)) ?? "";
    else if (field.number === 2) value = (await textOf(reader, field, limits.onnxTextBytes)) ?? "";
  }
  return [key, value];
}

/** Adds what a field of dimensions has: repeated numbers are stored one by one or packed into one piece, also both. */
export async function addDims(reader: PagedReader, field: WireField, dims: number[]): Promise<void> {
  // Beyond the limit the tensor is refused for its rank.
  if (dims.length > limits.rank) return;
  if (field.wire === varint) dims.push(field.value);
  if (field.wire !== delimited) return;
  const bytes = await reader.take(field.offset, Math.min(field.bytes, 10 * (limits.rank + 1)));
  for (let at = 0; at < bytes.length;) {
    const read = readVarint(bytes, at);
    if (!read) return;
    dims.push(read.value);
    at += read.bytes;
  }
}

function addPiece(typed: Map<TypedField, Range[] | undefined>, name: TypedField, { offset, bytes }: WireField): void {
  const pieces = typed.get(name) ?? [];
  if (typed.has(name) && typed.get(name) === undefined) return;
  if (pieces.length >= limits.onnxPieces) typed.set(name, undefined);
  else {
    pieces.push({ offset, bytes });
    typed.set(name, pieces);
  }
}
