import { FormatError } from "../errors";
import type { Hdf5Ref } from "../fileRef";
import { hdf5Slices } from "../formats/hdf5/library";
import { checkRange, type ByteSource, type OpenSource } from "./byteSource";

/** Bytes that are read at once where nothing says more. */
const tileBytes = 2 ** 20;
/** Rows of chunks are read whole up to here: a chunk that is read in parts is unpacked for each of them. */
const largestTileBytes = 64 * 2 ** 20;

/** A dataset of an HDF5 file. It is read a tile of whole rows of chunks at a time, whatever range is asked for. */
export function openHdf5(ref: Hdf5Ref, open: OpenSource): ByteSource {
  const { shape, itemBytes } = ref;
  const values = shape.reduce((product, count) => product * count, 1);
  const step = tileValues(ref, values);
  const slice = own(() => hdf5Slices().open(ref, open));
  let [first, tile] = [0, new Uint8Array(0)];

  const load = (start: number): void => {
    const count = Math.min(step, values - start);
    const bytes = tile.length === count * itemBytes ? tile : new Uint8Array(count * itemBytes);
    tile = new Uint8Array(0);
    for (const box of boxesOf(shape, start, start + count)) {
      const part = bytes.subarray((box.first - start) * itemBytes, (box.first - start + box.values) * itemBytes);
      own(() => slice.read(box.start, box.count, part));
    }
    [first, tile] = [start, bytes];
  };

  return {
    read(offset, target) {
      checkRange(values * itemBytes, offset, target.length);
      for (let done = 0; done < target.length;) {
        const at = offset + done;
        if (at < first * itemBytes || at >= first * itemBytes + tile.length) load(Math.floor(at / itemBytes / step) * step);
        const from = at - first * itemBytes;
        const part = tile.subarray(from, from + target.length - done);
        target.set(part, done);
        done += part.length;
      }
    },
    close: () => slice.close(),
  };
}

/** The library is a bundle by itself: what it throws is of a class of errors of its own, until here. */
function own<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof FormatError || !(error instanceof Error) || error.name !== "FormatError") throw error;
    const { code, message, fields } = error as FormatError;
    throw new FormatError(code, message, fields);
  }
}

/** Values of a tile: whole rows of chunks where they are not too large. */
function tileValues({ shape, itemBytes, chunks }: Hdf5Ref, values: number): number {
  const plain = Math.max(1, Math.floor(tileBytes / itemBytes));
  const rows = chunks?.[0] ?? 0;
  const ofChunks = rows * (values / (shape[0] ?? 1));
  if (!(ofChunks > 0 && ofChunks * itemBytes <= largestTileBytes)) return Math.min(plain, values);
  return Math.min(values, ofChunks * Math.max(1, Math.floor(plain / ofChunks)));
}

/** A run of values in row-major order that is a box of indices. */
interface Box {
  readonly first: number;
  readonly values: number;
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** Cuts the values from `first` to `end` into as few boxes as there are: at most two for each dimension. */
export function* boxesOf(shape: readonly number[], first: number, end: number): Generator<Box> {
  const strides = shape.map((_, index) => shape.slice(index + 1).reduce((product, count) => product * count, 1));
  for (let at = first; at < end;) {
    const start = shape.map((count, index) => Math.floor(at / strides[index]!) % count);
    const whole = strides.findIndex((stride) => at % stride === 0 && end - at >= stride);
    if (whole < 0) {
      yield { first: at, values: 1, start, count: [] };
      return;
    }
    const run = Math.min(Math.floor((end - at) / strides[whole]!), shape[whole]! - start[whole]!);
    const count = shape.map((all, index) => (index < whole ? 1 : index === whole ? run : all));
    const values = run * strides[whole]!;
    yield { first: at, values, start, count };
    at += values;
  }
}
