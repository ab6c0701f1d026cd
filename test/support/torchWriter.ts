import { writeZip, type ZipContent } from "./zipWriter";

/** Pieces of a pickle of protocol 2, as latin1 text: each leaves one value on the stack. */
export const pickle = {
  none: "N",
  bool: (value: boolean): string => (value ? "\x88" : "\x89"),
  int: (value: number): string => (value >= 0 && value < 256 ? `K${byte(value)}` : `J${u32(value)}`),
  float: (value: number): string => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return `G${bytes.toString("latin1")}`;
  },
  text: (value: string): string => {
    const bytes = Buffer.from(value);
    return `X${u32(bytes.length)}${bytes.toString("latin1")}`;
  },
  global: (module: string, name: string): string => `c${module}\n${name}\n`,
  tuple: (...items: string[]): string => `(${items.join("")}t`,
  list: (...items: string[]): string => `](${items.join("")}e`,
  dict: (entries: Readonly<Record<string, string>>): string =>
    `}(${Object.entries(entries)
      .map(([key, value]) => pickle.text(key) + value)
      .join("")}u`,
  reduce: (callee: string, ...args: string[]): string => `${callee}${pickle.tuple(...args)}R`,
  object: (callee: string, state: string): string => `${callee})\x81${state}b`,
  ordered: (entries: Readonly<Record<string, string>>): string =>
    `${pickle.reduce(pickle.global("collections", "OrderedDict"))}${pickle.dict(entries).slice(1)}`,
  counts: (...values: number[]): string => pickle.tuple(...values.map(pickle.int)),
  whole: (value: string): string => `\x80\x02${value}.`,
};

export interface PickledTensor {
  key?: string;
  /** `Float`, `Half` … */
  storage?: string;
  /** Elements of the storage. */
  numel?: number;
  offset?: number;
  shape: number[];
  strides?: number[];
}

/** A storage by its persistent identifier. */
export function pickledStorage(key: string, storage: string, numel: number, view = ""): string {
  const { text, global, int, tuple } = pickle;
  return `${tuple(text("storage"), global("torch", `${storage}Storage`), text(key), text("cpu"), int(numel), view)}Q`;
}

/** A call of `_rebuild_tensor_v2`. */
export function pickledTensor({ key = "0", storage = "Float", numel, offset = 0, shape, strides }: PickledTensor): string {
  const { global, int, counts, bool, reduce, ordered } = pickle;
  const values = shape.reduce((product, count) => product * count, 1);
  const plain = shape.map((_, index) => shape.slice(index + 1).reduce((product, count) => product * count, 1));
  return reduce(
    global("torch._utils", "_rebuild_tensor_v2"),
    pickledStorage(key, storage, numel ?? values),
    int(offset),
    counts(...shape),
    counts(...(strides ?? plain)),
    bool(false),
    ordered({}),
  );
}

export interface TorchArchive {
  /** What `data.pkl` has, without protocol and end. */
  object: string;
  /** Bytes of the records in `data/`. */
  storages?: Readonly<Record<string, Uint8Array>>;
  byteOrder?: "little" | "big";
  deflate?: boolean;
  /** Records beside those. */
  others?: readonly ZipContent[];
}

/** A zip archive as `torch.save` writes it. */
export function writeTorch({ object, storages = {}, byteOrder, deflate, others = [] }: TorchArchive): Uint8Array {
  const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
  return writeZip([
    { name: "archive/data.pkl", bytes: latin1(pickle.whole(object)), padding: 20, deflate },
    ...(byteOrder ? [{ name: "archive/byteorder", bytes: latin1(byteOrder) }] : []),
    ...Object.entries(storages).map(([key, bytes]) => ({ name: `archive/data/${key}`, bytes, padding: 30, deflate })),
    ...others,
    { name: "archive/version", bytes: latin1("3\n") },
  ]);
}

/** A stream as `torch.save` wrote it before PyTorch 1.6. */
export function writeLegacyTorch(
  object: string,
  storages: readonly [key: string, numel: number, bytes: Uint8Array][],
  protocol = 1001,
): Uint8Array {
  const { int, text, list, dict, whole } = pickle;
  const magic = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
  const pickles = [magic, int(protocol), dict({}), object, list(...storages.map(([key]) => text(key)))].map(whole).join("");
  const parts: Uint8Array[] = [Buffer.from(pickles, "latin1")];
  for (const [, numel, bytes] of storages) {
    const count = Buffer.alloc(8);
    count.writeBigInt64LE(BigInt(numel));
    parts.push(count, bytes);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** float32 values 0, 1, 2 … times `step`. */
export function counting(values: number, step = 1): Uint8Array {
  return new Uint8Array(Float32Array.from({ length: values }, (_, index) => index * step).buffer);
}

function byte(value: number): string {
  return String.fromCharCode(value);
}

function u32(value: number): string {
  return [0, 8, 16, 24].map((shift) => byte((value >> shift) & 255)).join("");
}
