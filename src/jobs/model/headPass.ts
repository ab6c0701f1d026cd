import { headOf, headValuesAtOnce } from "../../core/model/head";
import { likelihoodBytes, type LikelihoodSums, likelihoodSums } from "../../core/model/likelihood";
import { divergenceBytes, type DivergenceSums, divergenceSums } from "../../core/model/divergence";
import type { JobRun } from "../jobRun";
import type { HeadSource } from "../tasks/headTask";
import { readBytes } from "../tensorPlan";
import { type ForwardPass, noFile } from "./forwardPass";

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
  passes: readonly ForwardPass[],
  scored: ScoredTokens,
  last?: SharedArrayBuffer,
): Promise<HeadResult> {
  const { description, parts } = passes[0]!;
  const { vocabulary } = description;
  const count = scored.tokens.length;
  const sums = passes.map(() => new SharedArrayBuffer(likelihoodBytes * count));
  const divergence = passes.length === 2 ? new SharedArrayBuffer(divergenceBytes * count) : undefined;
  const norms = await Promise.all(passes.map((pass) => pass.weights.loadRows(run, pass.description.finalNorm.tensor)));
  const bytes = passes.reduce((all, pass) => all + readBytes(pass.weights.plan(pass.description.head.linear.tensor)), 0);
  const step = Math.max(1, Math.floor(headValuesAtOnce / Math.max(...passes.map((pass) => pass.description.hidden))));
  const spans = parts.map(({ start, lengths }) => spanOf(scored.tokens, start, start + lengths.reduce((all, length) => all + length, 0)));
  for (let first = 0; first < vocabulary; first += step) {
    const columns = Math.min(step, vocabulary - first);
    const rows = await Promise.all(passes.map((pass) => pass.weights.loadRows(run, pass.description.head.linear.tensor, first, columns)));
    const tasks = spans.map(async ({ from, to }, i) => {
      if (from === to) return;
      const sources = passes.map((pass, p): HeadSource => ({
        head: headOf(pass.description),
        part: pass.parts[i]!,
        norm: norms[p]!,
        rows: rows[p]!,
        sums: sums[p]!,
      }));
      await run.task(
        {
          kind: "head",
          sources,
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

/** The scored tokens in `[start, end)`: places `[from, to)` among them. */
function spanOf(tokens: Int32Array, start: number, end: number): { from: number; to: number } {
  const before = (limit: number): number => {
    const found = tokens.findIndex((token) => token >= limit);
    return found < 0 ? tokens.length : found;
  };
  return { from: before(start), to: before(end) };
}
