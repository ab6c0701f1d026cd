import type { Arithmetic } from "./arithmetic";
import type { ModelDescription, NormLayer } from "./modelDescription";
import { rmsNorm } from "./norm";

/** Tokens whose logits are held at a time, and logits of each. */
export const headRows = 512;
export const headColumns = 4096;

/** Values of rows of the output matrix that are in memory at a time. */
export const headValuesAtOnce = 2 ** 26;

/** The last step of a model, from the stream to logits. */
export interface Head {
  readonly norm: NormLayer;
  readonly scale: number;
  readonly cap?: number;
}

/** A stream, and what makes logits of it. */
export interface LogitSource {
  readonly head: Head;
  /** Weight of its norm. */
  readonly norm: Float32Array;
  /** Rows of the output matrix: one for each logit that is asked for. */
  readonly rows: Float32Array;
  /** A row for each token. */
  readonly stream: Float32Array;
}

/** Some logits of some tokens: `rows` rows of `columns`, one for each source. Valid only while they are visited. */
export interface LogitTile {
  /** Index of the first among the tokens that are asked for. */
  readonly row: number;
  readonly rows: number;
  /** Index of the first among the logits. */
  readonly column: number;
  readonly columns: number;
  readonly logits: readonly Float32Array[];
}

/** Values of memory that {@link visitLogits} takes of the arithmetic. */
export function headValues(tokens: number, hidden: readonly number[]): number {
  const rows = Math.min(tokens, headRows);
  return hidden.reduce((sum, width) => sum + rows * (width + headColumns) + 32, 0);
}

/** What a description says of the last step. */
export function headOf({ finalNorm, head }: ModelDescription): Head {
  return { norm: finalNorm, scale: head.scale, ...(head.cap === undefined ? {} : { cap: head.cap }) };
}

/**
 * Computes logits of some tokens, tile by tile, from one stream or, for comparison, from several.
 *
 * @param tokens which rows of the streams
 * @param columns how many logits
 */
export function visitLogits(
  sources: readonly LogitSource[],
  tokens: Int32Array,
  columns: number,
  arithmetic: Arithmetic,
  visit: (tile: LogitTile) => void,
): void {
  const most = Math.min(tokens.length, headRows);
  const rooms = sources.map(({ norm }) => ({ normed: arithmetic.floats(most * norm.length), tile: arithmetic.floats(most * headColumns) }));
  for (let row = 0; row < tokens.length; row += most) {
    const rows = Math.min(most, tokens.length - row);
    sources.forEach((source, s) => normalize(source, tokens.subarray(row, row + rows), rooms[s]!.normed));
    for (let column = 0; column < columns; column += headColumns) {
      const count = Math.min(headColumns, columns - column);
      const logits = sources.map((source, s) => {
        const { normed, tile } = rooms[s]!;
        return multiplied(source, column, count, normed, tile.subarray(0, rows * count), arithmetic);
      });
      visit({ row, rows, column, columns: count, logits });
    }
  }
}

function normalize({ head, norm, stream }: LogitSource, tokens: Int32Array, target: Float32Array): void {
  const hidden = norm.length;
  tokens.forEach((token, i) => {
    const row = stream.subarray(token * hidden, (token + 1) * hidden);
    rmsNorm(row, norm, head.norm.epsilon, head.norm.shift, target.subarray(i * hidden, (i + 1) * hidden));
  });
}

function multiplied(
  { head, norm, rows: matrix }: LogitSource,
  first: number,
  columns: number,
  left: Float32Array,
  result: Float32Array,
  arithmetic: Arithmetic,
): Float32Array {
  const depth = norm.length;
  const right = matrix.subarray(first * depth, (first + columns) * depth);
  arithmetic.multiply({ rows: result.length / columns, columns, depth, left, right, transposed: true, result });
  if (head.scale !== 1) for (let i = 0; i < result.length; i++) result[i] = result[i]! * head.scale;
  if (head.cap !== undefined) arithmetic.softCap(result, head.cap);
  return result;
}
