import { type Head, headRows, headValues, visitLogits } from "../../core/model/head";
import { addLikelihood, likelihoodSums, sumsOf } from "../../core/model/likelihood";
import { type StreamPart, valuesOf } from "./blockTask";
import type { TaskEnvironment } from "./slice";

/** Adds a slice of the vocabulary to what is known of the likelihood of each id, for some sequences. */
export interface HeadTask {
  kind: "head";
  part: StreamPart;
  /** Its norm's weight apart: float32, shared. */
  head: Omit<Head, "normWeight">;
  normWeight: SharedArrayBuffer;
  /** Logits `[first, first + columns)`, and the rows of the output matrix that make them. */
  first: number;
  columns: number;
  weight: SharedArrayBuffer;
  /** The id that follows each token of the part; −1 where none is scored. */
  targets: Int32Array;
  /** `likelihoodSums` of all tokens of the stream. */
  sums: SharedArrayBuffer;
  /** All tokens of the stream. */
  tokens: number;
  /** Float32 logits of the part's last token, of the whole vocabulary. */
  last?: SharedArrayBuffer;
  /** What the part adds to the job's progress, in bytes. */
  share: number;
}

export function runHead(task: HeadTask, { workspace, control }: TaskEnvironment): null {
  const { part, head, first, columns, targets } = task;
  const arithmetic = workspace.arithmetic(() => control.check());
  arithmetic.begin(headValues(targets.length, part.hidden));
  const sums = sumsOf(likelihoodSums(task.sums, task.tokens, false), part.start, part.start + targets.length);
  const rows = Math.min(targets.length, headRows);
  const room = { maxima: arithmetic.floats(rows), sums: arithmetic.doubles(rows) };
  const slice = { first, columns, weight: new Float32Array(task.weight) };
  const last = task.last && new Float32Array(task.last);
  visitLogits({ ...head, normWeight: new Float32Array(task.normWeight) }, slice, valuesOf(part), part.hidden, arithmetic, (tile) => {
    control.check();
    addLikelihood(sums, tile, targets, arithmetic, room);
    if (last && tile.row + tile.rows === targets.length) last.set(tile.logits.subarray((tile.rows - 1) * tile.columns), tile.column);
  });
  control.advance(task.share, 1);
  return null;
}
