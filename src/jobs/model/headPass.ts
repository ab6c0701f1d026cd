import { headOf, headValuesAtOnce } from "../../core/model/head";
import { likelihoodBytes, type LikelihoodSums, likelihoodSums } from "../../core/model/likelihood";
import { divergenceBytes, type DivergenceSums, divergenceSums } from "../../core/model/divergence";
import type { JobRun } from "../jobRun";
import type { HeadSource, StreamHead } from "../tasks/headTask";
import { readBytes } from "../tensorPlan";
import { ForwardPass, noFile, tokensOf } from "./forwardPass";
import type { ReadyPass } from "./readyPass";

/** What can say the logits of scored tokens. */
export type LogitPass = ForwardPass | ReadyPass;

/** The tokens of which a pass is asked for what follows, in the order of the stream. */
export interface ScoredTokens {
  /** Indices into the stream, ascending. */
  readonly tokens: Int32Array;
  /** The id that follows each; −1 where that is not known. */
  readonly targets: Int32Array;
}

/** What passes of one model, or of two, know of the scored tokens. */
export interface HeadResult {
  /** For each pass. */
  readonly likelihoods: readonly LikelihoodSums[];
  /** Of two passes. */
  readonly divergence?: DivergenceSums;
}

/**
 * The last step: distributions over the vocabulary, of which some rows are in memory at a time.
 *
 * @param passes one, or two with the same sequences and vocabulary
 * @param last gets the first pass's logits of the last scored token
 */
export async function runHeads(
  run: JobRun,
  passes: readonly LogitPass[],
  scored: ScoredTokens,
  last?: SharedArrayBuffer,
): Promise<HeadResult> {
  const { parts } = passes[0]!;
  const vocabulary = vocabularyOf(passes[0]!);
  const count = scored.tokens.length;
  const sums = passes.map(() => new SharedArrayBuffer(likelihoodBytes * count));
  const divergence = passes.length === 2 ? new SharedArrayBuffer(divergenceBytes * count) : undefined;
  const forward = passes.filter((pass) => pass instanceof ForwardPass);
  const bytes = forward.reduce((all, pass) => all + readBytes(pass.weights.plan(pass.description.head.linear.tensor)), 0);
  const step = Math.max(1, Math.floor(headValuesAtOnce / Math.max(1, ...forward.map((pass) => pass.description.hidden))));
  const spans = parts.map((part) => spanOf(scored.tokens, part.start, part.start + tokensOf(part)));
  const sources = await Promise.all(passes.map((pass, p) => sourceOf(run, pass, sums[p]!)));
  for (let first = 0; first < vocabulary; first += step) {
    const columns = Math.min(step, vocabulary - first);
    const heads = await Promise.all(sources.map((source) => source(first, columns)));
    const tasks = spans.map(async ({ from, to }, i) => {
      if (from === to) return;
      await run.task(
        {
          kind: "head",
          sources: heads.map((head) => head(i)),
          tokens: scored.tokens.slice(from, to).map((token) => token - parts[i]!.start),
          targets: scored.targets.slice(from, to),
          start: from,
          scored: count,
          first,
          columns,
          ...(divergence ? { divergence } : {}),
          ...(last && to === count ? { last } : {}),
          share: Math.floor((bytes * columns * (to - from)) / (vocabulary * count)),
        },
        noFile,
      );
    });
    await Promise.all(tasks);
  }
  return {
    likelihoods: sums.map((memory) => likelihoodSums(memory, count)),
    ...(divergence ? { divergence: divergenceSums(divergence, count) } : {}),
  };
}

const vocabularyOf = (pass: LogitPass): number => (pass instanceof ForwardPass ? pass.description.vocabulary : pass.vocabulary);

/** Loads what some logits take; of that, what a part of the sequences takes. */
type Source = (first: number, columns: number) => Promise<(part: number) => HeadSource>;

async function sourceOf(run: JobRun, pass: LogitPass, sums: SharedArrayBuffer): Promise<Source> {
  if (!(pass instanceof ForwardPass)) {
    const { logits, vocabulary } = pass;
    return () => Promise.resolve(() => ({ logits, vocabulary, sums }));
  }
  const { description, weights } = pass;
  const norm = await weights.loadRows(run, description.finalNorm.tensor);
  return async (first, columns) => {
    const rows = await weights.loadRows(run, description.head.linear.tensor, first, columns);
    return (part): StreamHead => ({ head: headOf(description), part: pass.parts[part]!, norm, rows, sums });
  };
}

/** The scored tokens in `[start, end)`: places `[from, to)` among them. */
function spanOf(tokens: Int32Array, start: number, end: number): { from: number; to: number } {
  const before = (limit: number): number => {
    const found = tokens.findIndex((token) => token >= limit);
    return found < 0 ? tokens.length : found;
  };
  return { from: before(start), to: before(end) };
}
