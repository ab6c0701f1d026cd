/** Rows that are gathered together: their parts of a column are a cache line, and they stay in the cache for all columns. */
const tileRows = 16;

/** Room for transposed weights: a run of `padded` rows for each of `places` columns, `stride` from one to the next. */
export interface TransposedShape {
  readonly rows: number;
  /** `rows`, made a multiple of 16. */
  readonly padded: number;
  /** More than `padded`, so that columns do not all fall on the same lines of the cache. */
  readonly stride: number;
}

/** Room for the weights of so many rows. */
export function transposedShape(rows: number): TransposedShape {
  const padded = Math.ceil(rows / tileRows) * tileRows;
  return { rows, padded, stride: padded + tileRows };
}

/** Copies rows to runs of columns in `order`; rows that are not there become 0. */
export function transposeTo(
  source: Float32Array,
  order: Int32Array,
  { rows, padded, stride }: TransposedShape,
  target: Float32Array,
): void {
  const columns = order.length;
  for (let start = 0; start < padded; start += tileRows) {
    const end = Math.min(start + tileRows, rows);
    for (let place = 0; place < columns; place++) {
      const column = order[place]!;
      const to = place * stride;
      for (let row = start; row < end; row++) target[to + row] = source[row * columns + column]!;
      for (let row = end; row < start + tileRows; row++) target[to + row] = 0;
    }
  }
}

/** The way back, for any kind of values: `stride` is that of the source. */
export function transposeFrom<T extends Float32Array | Uint8Array>(
  source: T,
  order: Int32Array,
  rows: number,
  stride: number,
  target: T,
): void {
  const columns = order.length;
  for (let start = 0; start < rows; start += tileRows) {
    const end = Math.min(start + tileRows, rows);
    for (let place = 0; place < columns; place++) {
      const column = order[place]!;
      const from = place * stride;
      for (let row = start; row < end; row++) target[row * columns + column] = source[from + row]!;
    }
  }
}
