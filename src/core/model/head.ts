import type { Arithmetic } from "./arithmetic";
import type { ModelDescription, NormLayer } from "./modelDescription";
import { rmsNorm } from "./norm";

/** Tokens whose logits are held at a time, and logits of each. */
export const headRows = 512;
export const headColumns = 4096;

/** Values of rows of the output matrix that are in memory at a time. */
export const headValuesAtOnce = 2 ** 26;

/** A run of rows of the output matrix: logits `[first, first + columns)`. */
export interface HeadSlice {
  readonly first: number;
  readonly columns: number;
  /** `columns` rows of as many values as the stream has. */
  readonly weight: Float32Array;
}

/** The last step of a model, from the stream to logits. */
export interface Head {
  readonly norm: NormLayer;
  readonly normWeight: Float32Array;
  readonly scale: number;
  readonly cap?: number;
}

/** Values of memory that {@link visitLogits} takes of the arithmetic. */
export function headValues(tokens: number, hidden: number): number {
  const rows = Math.min(tokens, headRows);
  return rows * (hidden + headColumns + 4) + 256;
}

/** The head of a model with the values of its norm. */
export function headOf({ finalNorm, head }: ModelDescription, normWeight: Float32Array): Head {
  return { norm: finalNorm, normWeight, scale: head.scale, ...(head.cap === undefined ? {} : { cap: head.cap }) };
}

/** Some logits of some tokens: `rows` rows of `columns`. */
export interface LogitTile {
  /** The first token. */
  readonly row: number;
  readonly rows: number;
  /** The first logit. */
  readonly column: number;
  readonly columns: number;
  readonly logits: Float32Array;
}

/**
 * Computes a slice of the logits of some tokens, tile by tile. All tiles of one run of rows come one after the other.
 *
 * @param stream a row for each token
 * @param visit gets each tile, valid only during the call
 */
export function visitLogits(
  head: Head,
  slice: HeadSlice,
  stream: Float32Array,
  hidden: number,
  arithmetic: Arithmetic,
  visit: (tile: LogitTile) => void,
): void {
  const tokens = stream.length / hidden;
  const rowsAtOnce = Math.min(tokens, headRows);
  const normed = arithmetic.floats(rowsAtOnce * hidden);
  const tile = arithmetic.floats(rowsAtOnce * headColumns);
  for (let row = 0; row < tokens; row += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, tokens - row);
    rmsNorm(stream.subarray(row * hidden, (row + rows) * hidden), head.normWeight, head.norm.epsilon, head.norm.shift, normed);
    for (let done = 0; done < slice.columns; done += headColumns) {
      const columns = Math.min(headColumns, slice.columns - done);
      const logits = tile.subarray(0, rows * columns);
      const right = slice.weight.subarray(done * hidden, (done + columns) * hidden);
      arithmetic.multiply({ rows, columns, depth: hidden, left: normed, right, transposed: true, result: logits });
      if (head.scale !== 1) for (let i = 0; i < logits.length; i++) logits[i] = logits[i]! * head.scale;
      if (head.cap !== undefined) arithmetic.softCap(logits, head.cap);
      visit({ row, rows, column: slice.first + done, columns, logits });
    }
  }
}
