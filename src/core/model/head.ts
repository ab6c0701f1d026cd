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

/** Where logits come from. */
export type LogitSource = StreamSource | ReadyLogits;

/** A stream, and what makes logits of it. */
export interface StreamSource {
  readonly head: Head;
  /** Weight of its norm. */
  readonly norm: Float32Array;
  /** Rows of the output matrix: one for each logit that is asked for. */
  readonly rows: Float32Array;
  /** A row for each token. */
  readonly stream: Float32Array;
}

/** Logits that were computed elsewhere. */
export interface ReadyLogits {
  /** A row for each token that is asked for. */
  readonly ready: Float32Array;
  /** Values of a row: the whole vocabulary. */
  readonly vocabulary: number;
  /** Index of the first logit that is asked for. */
  readonly first: number;
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

/**
 * Values of memory that {@link visitLogits} takes of the arithmetic.
 *
 * @param hidden of each source: values of its stream; 0 for logits that are ready
 */
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
  const rooms = sources.map((source) => ({
    normed: arithmetic.floats(most * ("ready" in source ? 0 : source.norm.length)),
    tile: arithmetic.floats(most * headColumns),
  }));
  for (let row = 0; row < tokens.length; row += most) {
    const rows = Math.min(most, tokens.length - row);
    sources.forEach((source, s) => {
      if (!("ready" in source)) normalize(source, tokens.subarray(row, row + rows), rooms[s]!.normed);
    });
    for (let column = 0; column < columns; column += headColumns) {
      const count = Math.min(headColumns, columns - column);
      const logits = sources.map((source, s) => {
        const { normed, tile } = rooms[s]!;
        const result = tile.subarray(0, rows * count);
        return "ready" in source
          ? copied(source, row, column, count, result)
          : multiplied(source, column, count, normed, result, arithmetic);
      });
      visit({ row, rows, column, columns: count, logits });
    }
  }
}

function normalize({ head, norm, stream }: StreamSource, tokens: Int32Array, target: Float32Array): void {
  const hidden = norm.length;
  tokens.forEach((token, i) => {
    const row = stream.subarray(token * hidden, (token + 1) * hidden);
    rmsNorm(row, norm, head.norm.epsilon, head.norm.shift, target.subarray(i * hidden, (i + 1) * hidden));
  });
}

/** The arithmetic works in its own memory. */
function copied(
  { ready, vocabulary, first }: ReadyLogits,
  row: number,
  column: number,
  columns: number,
  result: Float32Array,
): Float32Array {
  for (let at = 0; at < result.length; at += columns) {
    const from = (row + at / columns) * vocabulary + first + column;
    result.set(ready.subarray(from, from + columns), at);
  }
  return result;
}

function multiplied(
  { head, norm, rows: matrix }: StreamSource,
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
