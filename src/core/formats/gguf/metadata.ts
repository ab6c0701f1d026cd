import type { RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import type { MetadataEntry, MetadataValue } from "../../tensor/checkpoint";
import { countOf } from "../text";
import { HeaderReader } from "./headerReader";

/** A type of value in the header (GGUF specification, `gguf_metadata_value_type`). */
interface ScalarType {
  readonly name: string;
  readonly bytes: number;
  read(reader: HeaderReader): MetadataValue;
}

const stringId = 8;
const arrayId = 9;
const boolId = 7;

const scalars: ReadonlyMap<number, ScalarType> = new Map<number, ScalarType>([
  [0, { name: "u8", bytes: 1, read: (reader) => reader.u8() }],
  [1, { name: "i8", bytes: 1, read: (reader) => reader.i8() }],
  [2, { name: "u16", bytes: 2, read: (reader) => reader.u16() }],
  [3, { name: "i16", bytes: 2, read: (reader) => reader.i16() }],
  [4, { name: "u32", bytes: 4, read: (reader) => reader.u32() }],
  [5, { name: "i32", bytes: 4, read: (reader) => reader.i32() }],
  [6, { name: "f32", bytes: 4, read: (reader) => reader.f32() }],
  [boolId, { name: "bool", bytes: 1, read: (reader) => reader.u8() !== 0 }],
  [10, { name: "u64", bytes: 8, read: (reader) => reader.u64() }],
  [11, { name: "i64", bytes: 8, read: (reader) => reader.i64() }],
  [12, { name: "f64", bytes: 8, read: (reader) => reader.f64() }],
]);

/** Every this many elements of an array of strings or arrays, their place in the file is kept. */
const stride = 1024;
/** Elements of an inner array that are written out. */
const shownInner = 4096;

const damagedHint = "The header is damaged, or not meant to be read. Download the file again.";

/** Where an array lies, and how to find an element of it. */
interface ArrayPlace {
  readonly elementId: number;
  /** `string`, `array<i32>` … */
  readonly elementName: string;
  readonly length: number;
  /** Offset of the first element. */
  readonly start: number;
  /** Offsets of every {@link stride}-th element, where elements differ in size. */
  readonly anchors: readonly number[];
}

/** Reads the values of header keys: scalars at once, of arrays only where they are. */
export class MetadataReader {
  private nestedArrays = 0;
  /** Offset of a bool that was neither 0 nor 1. */
  badBoolAt: number | undefined;

  constructor(private readonly reader: HeaderReader) {}

  /** Reads the type and value that follow a key. @throws FormatError */
  async entry(key: string): Promise<MetadataEntry> {
    const { file, position } = this.reader;
    const entry = await this.typedEntry(key);
    return { ...entry, stored: { file, offset: position, bytes: this.reader.position - position } };
  }

  private async typedEntry(key: string): Promise<MetadataEntry> {
    await this.reader.need(4);
    const id = this.reader.u32();
    if (id === arrayId) {
      const place = await this.array(1);
      const { file } = this.reader;
      return {
        key,
        type: `array<${place.elementName}>`,
        length: place.length,
        read: (start, count) => readArray(file, place, start, count),
      };
    }
    if (id === stringId) return { key, type: "string", value: await this.reader.string() };
    const type = this.scalar(id, 4);
    await this.reader.need(type.bytes);
    if (id === boolId) await this.checkBools(1);
    return { key, type: type.name, value: type.read(this.reader) };
  }

  /** Moves past one inner array and says where it is. */
  innerArray(): Promise<ArrayPlace> {
    return this.array(2);
  }

  private async array(depth: number): Promise<ArrayPlace> {
    const { reader } = this;
    if (depth > limits.ggufArrayDepth) {
      throw reader.fail("gguf.array-depth", "Arrays in the header are nested too deep", {
        expected: `at most ${limits.ggufArrayDepth} levels`,
        found: "more",
        hint: damagedHint,
      });
    }
    await reader.need(12);
    const elementId = reader.u32();
    const length = reader.count();
    const type = elementId === stringId || elementId === arrayId ? undefined : this.scalar(elementId, 12);
    const smallest = type?.bytes ?? (elementId === stringId ? 8 : 12);
    if (length > limits.ggufArrayElements || length * smallest > reader.remaining) {
      throw reader.fail("gguf.array-too-long", "An array in the header is longer than the file", {
        offset: reader.position - 8,
        expected: `at most ${countOf(Math.min(limits.ggufArrayElements, Math.floor(reader.remaining / smallest)))} elements`,
        found: countOf(length),
        hint: "The header is damaged, or the file was cut short. Download it again.",
      });
    }
    const start = reader.position;
    const anchors: number[] = [];
    let elementName = type?.name ?? "string";
    if (type) {
      if (elementId === boolId) await this.checkBools(length);
      reader.skip(length * type.bytes);
    } else if (elementId === stringId) await reader.skipStrings(length, stride, anchors);
    else elementName = await this.skipArrays(length, depth, anchors);
    return { elementId, elementName, length, start, anchors };
  }

  /** Walks over inner arrays. Returns their common type, `array` when they differ. */
  private async skipArrays(count: number, depth: number, anchors: number[]): Promise<string> {
    this.nestedArrays += count;
    if (this.nestedArrays > limits.ggufNestedArrays) {
      throw this.reader.fail("gguf.too-many-arrays", "The header has too many arrays inside arrays", {
        expected: `at most ${countOf(limits.ggufNestedArrays)}`,
        found: countOf(this.nestedArrays),
        hint: damagedHint,
      });
    }
    const names = new Set<string>();
    for (let index = 0; index < count; index++) {
      if (index % stride === 0) anchors.push(this.reader.position);
      names.add((await this.array(depth + 1)).elementName);
    }
    const [only] = names;
    return names.size === 1 ? `array<${only}>` : "array";
  }

  /** Notes where one of the next `count` bytes is no bool. Only looks at what is in memory already: real ones are short. */
  private async checkBools(count: number): Promise<void> {
    const { reader } = this;
    if (count > stride || this.badBoolAt !== undefined) return;
    await reader.need(count);
    const place = reader.peek(count).findIndex((byte) => byte > 1);
    if (place >= 0) this.badBoolAt = reader.position + place;
  }

  private scalar(id: number, back: number): ScalarType {
    const type = scalars.get(id);
    if (type) return type;
    throw this.reader.fail("gguf.bad-value-type", "A value in the header has a type that does not exist", {
      offset: this.reader.position - back,
      expected: "a type id from 0 to 12",
      found: String(id),
      hint: "The header is damaged, or the file was cut short. Download it again.",
    });
  }
}

/** Elements `[start, start + count)` of an array, read from the file now. */
async function readArray(file: RandomAccessFile, place: ArrayPlace, start: number, count: number): Promise<MetadataValue[]> {
  if (!(Number.isSafeInteger(start) && start >= 0)) throw new RangeError(`start ${start} is no index`);
  const end = Math.min(place.length, start + count);
  const values: MetadataValue[] = [];
  if (start >= end) return values;
  const type = scalars.get(place.elementId);
  if (type) {
    const reader = new HeaderReader(file, place.start + start * type.bytes);
    for (let index = start; index < end; index++) {
      const wait = reader.need(type.bytes);
      if (wait) await wait;
      values.push(type.read(reader));
    }
    return values;
  }
  const anchor = Math.floor(start / stride);
  const reader = new HeaderReader(file, place.anchors[anchor]);
  if (place.elementId === stringId) {
    await reader.skipStrings(start - anchor * stride, stride, []);
    for (let index = start; index < end; index++) values.push(await reader.string());
    return values;
  }
  const walker = new MetadataReader(reader);
  for (let index = anchor * stride; index < start; index++) await walker.innerArray();
  for (let index = start; index < end; index++) values.push(await arrayText(file, await walker.innerArray()));
  return values;
}

/** An inner array as JSON text, cut after a few thousand elements. */
async function arrayText(file: RandomAccessFile, place: ArrayPlace): Promise<string> {
  const values = await readArray(file, place, 0, shownInner);
  const nested = place.elementId === arrayId;
  const texts = values.map((value) => (typeof value === "string" && !nested ? JSON.stringify(value) : String(value)));
  if (place.length > values.length) texts.push("…");
  return `[${texts.join(",")}]`;
}
