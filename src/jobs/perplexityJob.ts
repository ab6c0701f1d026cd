import { UsageError } from "../core/errors";
import { divergences } from "../core/model/divergence";
import { describeModel } from "../core/model/describe";
import { negativeLogLikelihoods } from "../core/model/likelihood";
import type { ModelDescription } from "../core/model/modelDescription";
import { checkWindows, type PerplexityProtocol, scoredTokens } from "../core/model/perplexity";
import { checkSequences } from "../core/model/sequences";
import type { Checkpoint } from "../core/tensor/checkpoint";
import type { JobContext } from "./contract";
import { JobRun, type TaskRunner } from "./jobRun";
import { ForwardPass } from "./model/forwardPass";
import { forwardSize } from "./model/forwardSize";
import { runHeads } from "./model/headPass";

export interface PerplexityInput {
  checkpoint: Checkpoint;
  /** Token ids of a text in windows of one length, each with the id that the model begins texts with, if it does. */
  windows: readonly Int32Array[];
  /** `llama-perplexity` when absent. */
  protocol?: PerplexityProtocol;
  /** The original that the checkpoint was made of: how far the answers moved. */
  against?: Checkpoint;
}

export interface PerplexityReport {
  /** e to the mean negative log-likelihood. */
  perplexity: number;
  /** That mean, in nats. */
  nll: number;
  /** Ids that were scored. */
  tokens: number;
  windows: number;
  /** Ids of a window. */
  context: number;
  protocol: PerplexityProtocol;
  /** The scored ids in the order of the text, and the negative log-likelihood of each in nats. */
  scored: { ids: Int32Array; nll: Float64Array };
  against?: DivergenceReport;
  elapsedMs: number;
}

/** How the answers of a checkpoint differ from those of its original. */
export interface DivergenceReport {
  /** Of the original. */
  perplexity: number;
  nll: number;
  /** Kullback-Leibler divergence of the checkpoint's distributions from the original's, in nats, over the scored tokens. */
  divergence: { mean: number; median: number; percentile99: number; max: number };
  /** Share of the tokens for which both find the same id most likely, 0 to 1. */
  sameTop: number;
  /** Negative log-likelihoods by the original, and the divergence, for each scored id. */
  scored: { nll: Float64Array; divergence: Float64Array };
}

/** Bytes of the streams that are in memory at a time: the weights are read once for each such batch of windows. */
const streamBytes = 2 ** 28;

/**
 * How well a model foresees a text.
 *
 * @throws UsageError `no-ids`, `bad-context`, `too-long`, `bad-id`, `other-vocabulary`, `too-large`; FormatError for models that
 *   cannot be run; CancelledError
 */
export async function measurePerplexity(pool: TaskRunner, input: PerplexityInput, context: JobContext): Promise<PerplexityReport> {
  const startedAt = performance.now();
  const { protocol = "llama-perplexity", against, windows } = input;
  checkWindows(windows);
  const { length } = windows[0]!;
  const models = [await describe(input.checkpoint), ...(against ? [await describe(against)] : [])];
  checkVocabularies(models);
  for (const { description } of models) checkSequences(description, windows);
  const atOnce = windowsAtOnce(models, length);
  const batches = Math.ceil(windows.length / atOnce);
  const lengths = windows.slice(0, atOnce).map((ids) => ids.length);
  const sizes = models.map(({ checkpoint, description }) => forwardSize(checkpoint, description, lengths, pool.threads));
  const size = { bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0) * batches, effort: sizes[0]!.effort };
  const found = await JobRun.run(pool, context, size, async (run) => {
    const parts: BatchResult[] = [];
    for (let first = 0; first < windows.length; first += atOnce) {
      parts.push(await runBatch(run, models, windows.slice(first, first + atOnce), protocol, pool.threads));
    }
    return joined(parts);
  });
  return {
    ...summary(found.nll[0]!),
    tokens: found.ids.length,
    windows: windows.length,
    context: length,
    protocol,
    scored: { ids: found.ids, nll: found.nll[0]! },
    ...(found.nll[1] ? { against: divergenceReport(found, found.nll[1]) } : {}),
    elapsedMs: performance.now() - startedAt,
  };
}

interface Model {
  checkpoint: Checkpoint;
  description: ModelDescription;
}

async function describe(checkpoint: Checkpoint): Promise<Model> {
  return { checkpoint, description: await describeModel(checkpoint) };
}

function checkVocabularies([own, original]: readonly Model[]): void {
  if (!original || own!.description.vocabulary === original.description.vocabulary) return;
  throw new UsageError("other-vocabulary", "The two checkpoints have vocabularies of different sizes", {
    expected: `${original.description.vocabulary} tokens, as the original has`,
    found: String(own!.description.vocabulary),
    hint: "Compare a checkpoint with the one that it was made of.",
  });
}

function windowsAtOnce(models: readonly Model[], length: number): number {
  const rowBytes = models.reduce((sum, { description }) => sum + 4 * description.hidden, 0);
  return Math.max(1, Math.floor(streamBytes / (rowBytes * length)));
}

interface BatchResult {
  ids: Int32Array;
  /** Of each model. */
  nll: Float64Array[];
  /** Of two models. */
  divergence?: Float64Array;
  same?: number;
}

async function runBatch(
  run: JobRun,
  models: readonly Model[],
  windows: readonly Int32Array[],
  protocol: PerplexityProtocol,
  threads: number,
): Promise<BatchResult> {
  const passes: ForwardPass[] = [];
  for (const { checkpoint, description } of models) {
    const pass = new ForwardPass(run, checkpoint, description, windows, threads);
    await pass.embed();
    for (const layer of description.layers.keys()) await pass.runLayer(layer, await pass.loadLayer(layer));
    passes.push(pass);
  }
  const scored = scoredTokens(windows, protocol);
  // The original's distribution is the one that the other is measured against.
  const { likelihoods, divergence } = await runHeads(run, [...passes].reverse(), scored);
  const nll = likelihoods.map(negativeLogLikelihoods).reverse();
  if (!divergence) return { ids: scored.targets, nll };
  const same = divergence.firstTop.reduce((count, id, i) => count + (id === divergence.secondTop[i] ? 1 : 0), 0);
  return { ids: scored.targets, nll, divergence: divergences(divergence, likelihoods[0]!, likelihoods[1]!), same };
}

/** The batches of a text, one after the other. */
function joined(parts: readonly BatchResult[]): BatchResult {
  const doubles = (arrays: readonly Float64Array[]): Float64Array => Float64Array.from(arrays.flatMap((array) => [...array]));
  const [first] = parts;
  const result: BatchResult = {
    ids: Int32Array.from(parts.flatMap(({ ids }) => [...ids])),
    nll: first!.nll.map((_, model) => doubles(parts.map(({ nll }) => nll[model]!))),
  };
  if (first!.divergence) {
    result.divergence = doubles(parts.map(({ divergence }) => divergence!));
    result.same = parts.reduce((sum, { same }) => sum + same!, 0);
  }
  return result;
}

function summary(likelihoods: Float64Array): { perplexity: number; nll: number } {
  const nll = likelihoods.reduce((sum, value) => sum + value, 0) / likelihoods.length;
  return { perplexity: Math.exp(nll), nll };
}

function divergenceReport({ divergence, same }: BatchResult, original: Float64Array): DivergenceReport {
  const values = divergence!;
  const sorted = values.slice().sort();
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return {
    ...summary(original),
    divergence: {
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      median: rank(0.5),
      percentile99: rank(0.99),
      max: rank(1),
    },
    sameTop: same! / values.length,
    scored: { nll: original, divergence: values },
  };
}
