import { addDivergence, divergencesOf, divergenceSums } from "../../core/model/divergence";
import { type Head, headRows, headValues, type LogitSource, visitLogits } from "../../core/model/head";
import { addLogits, type LikelihoodSums, likelihoodsOf, likelihoodSums } from "../../core/model/likelihood";
import { type StreamPart, valuesOf } from "./blockTask";
import type { TaskEnvironment } from "./slice";

/** One of the models whose logits are looked at. */
export type HeadSource = StreamHead | ReadyHead;

/** One whose logits are computed: float32 values, shared. */
export interface StreamHead {
  head: Head;
  part: StreamPart;
  norm: SharedArrayBuffer;
  /** Rows of the output matrix. */
  rows: SharedArrayBuffer;
  /** `likelihoodSums` of all scored tokens. */
  sums: SharedArrayBuffer;
}

/** One whose logits are known. */
export interface ReadyHead {
  /** Float32, a row of the whole vocabulary for each of all scored tokens. */
  logits: SharedArrayBuffer;
  vocabulary: number;
  /** `likelihoodSums` of all scored tokens. */
  sums: SharedArrayBuffer;
}

/** Adds a slice of the vocabulary to what is known of some tokens of some sequences: of one model, or of two for comparison. */
export interface HeadTask {
  kind: "head";
  sources: HeadSource[];
  /** Tokens of the part that are scored, and the id that follows each; −1 for none. */
  tokens: Int32Array;
  targets: Int32Array;
  /** Index of the first of them among all, and how many there are in all. */
  start: number;
  scored: number;
  /** Logits `[first, first + columns)`. */
  first: number;
  columns: number;
  /** `divergenceSums` of all scored tokens. */
  divergence?: SharedArrayBuffer;
  /** Float32 logits of the part's last token, of the whole vocabulary. */
  last?: SharedArrayBuffer;
  /** What the part adds to the job's progress, in bytes. */
  share: number;
}

export function runHead(task: HeadTask, { workspace, control }: TaskEnvironment): null {
  const { sources, tokens, targets, first, scored, start } = task;
  const arithmetic = workspace.arithmetic(() => control.check());
  const most = Math.min(tokens.length, headRows);
  arithmetic.begin(headValues(tokens.length, sources.map(hiddenOf)) + 4 * most);
  const room = { maxima: arithmetic.floats(most), sums: arithmetic.doubles(most) };
  const last = task.last && new Float32Array(task.last);
  const logitSources = sources.map((source) => logitSource(source, task));
  visitLogits(logitSources, tokens, task.columns, arithmetic, ({ row, rows, column, columns, logits }) => {
    control.check();
    const place = { column: first + column, columns };
    const from = start + row;
    const likelihoods = sources.map(({ sums }) => likelihoodsOf(likelihoodSums(sums, scored), from, from + rows));
    if (task.divergence) {
      const pair = likelihoods as [LikelihoodSums, LikelihoodSums];
      addDivergence(divergencesOf(divergenceSums(task.divergence, scored), from, from + rows), pair, logits[0]!, logits[1]!, place);
    }
    likelihoods.forEach((into, s) => addLogits(into, logits[s]!, place, targets.subarray(row, row + rows), arithmetic, room));
    if (last && row + rows === tokens.length) last.set(logits[0]!.subarray((rows - 1) * columns), place.column);
  });
  control.advance(task.share, 1);
  return null;
}

const hiddenOf = (source: HeadSource): number => ("logits" in source ? 0 : source.part.hidden);

function logitSource(source: HeadSource, { start, tokens, first }: HeadTask): LogitSource {
  if ("logits" in source) {
    const { logits, vocabulary } = source;
    return { ready: new Float32Array(logits, 4 * start * vocabulary, tokens.length * vocabulary), vocabulary, first };
  }
  const { head, part, norm, rows } = source;
  return { head, norm: new Float32Array(norm), rows: new Float32Array(rows), stream: valuesOf(part) };
}
