import type { PackedRef } from "../fileRef";
import { PackedReader } from "../packed/packedReader";
import type { ByteSource, OpenSource } from "./byteSource";

/** Values decoded at once: whole rows, so that the parts are read in runs that are worth a system call. */
const tileValues = 2 ** 18;

/** A packed weight as float32, row-major. Rows are decoded a tile at a time, whatever range is asked for. */
export function openPacked(ref: PackedRef, open: OpenSource): ByteSource {
  const reader = new PackedReader(ref, open);
  const { rows, columns } = ref.layout;
  const values = new Float32Array(Math.min(rows * columns, Math.max(tileValues, 1)));
  const bytes = new Uint8Array(values.buffer);
  // What `values` holds: `count` values from flat index `first` on.
  let [first, count] = [0, 0];

  /** Decodes the tile that begins with flat index `start`: whole rows, or part of a row that is longer than a tile. */
  const load = (start: number): void => {
    const row = Math.floor(start / columns);
    const column = start % columns;
    const isWhole = column === 0 && columns <= values.length;
    const rectangle = isWhole
      ? { row, rows: Math.min(rows - row, Math.floor(values.length / columns)), column: 0, columns }
      : { row, rows: 1, column, columns: Math.min(columns - column, values.length) };
    reader.values(rectangle, values);
    [first, count] = [start, rectangle.rows * rectangle.columns];
  };

  return {
    read(offset, target) {
      let done = 0;
      while (done < target.byteLength) {
        const at = offset + done;
        const index = Math.floor(at / 4);
        if (index < first || index >= first + count) load(index);
        const from = at - 4 * first;
        const length = Math.min(target.byteLength - done, 4 * count - from);
        target.set(bytes.subarray(from, from + length), done);
        done += length;
      }
    },
    close: () => reader.close(),
  };
}
