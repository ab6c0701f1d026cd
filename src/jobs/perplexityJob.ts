import { UsageError } from "../core/errors";
import { divergences } from "../core/model/divergence";
import { negativeLogLikelihoods } from "../core/model/likelihood";
import { checkWindows, firstScored, type PerplexityProtocol, scoredTokens } from "../core/model/perplexity";
import { checkSequences } from "../core/model/sequences";
import type { JobContext } from "./contract";
import { JobRun, type TaskRunner } from "./jobRun";
import { ForwardPass } from "./model/forwardPass";
import { type LogitPass, runHeads } from "./model/headPass";
import { modelSize } from "./modelSize";
import { runOnnx } from "./onnx/onnxPass";
import type { OnnxOptions } from "./onnx/onnxSession";
import { OnnxSessions } from "./onnx/onnxSessions";
import { isOnnxModel, type PerplexityModel } from "./perplexityModel";

export interface PerplexityInput {
  /** The model, or the original that the variants are compared with. */
  original: PerplexityModel;
  /** Token ids of a text in windows of one length, each with the id that the model begins texts with, if it does. */
  windows: readonly Int32Array[];
  /** `llama-perplexity` when absent. */
  protocol?: PerplexityProtocol;
  variants?: readonly PerplexityModel[];
  /** Called as each variant is done, and of texts that are too long for one go also in between: with what is known so far. */
  onMeasured?(report: PerplexityReport): void;
}

/** How well a model foresees a text. */
export interface TextLikelihood {
  /** e to the mean negative log-likelihood. */
  perplexity: number;
  /** Standard error of the perplexity, were tokens independent: what llama-perplexity prints behind ±. */
  standardError: number;
  /** The mean, in nats. */
  nll: number;
  /** Windows behind these figures: so far. */
  windows: number;
}

export interface PerplexityReport extends TextLikelihood {
  /** Ids that were scored. */
  tokens: number;
  /** Ids of a window. */
  context: number;
  protocol: PerplexityProtocol;
  /** The scored ids in the order of the text, and the negative log-likelihood of each in nats. */
  scored: { ids: Int32Array; nll: Float64Array };
  /** In the order asked for; undefined where nothing is known yet. */
  variants: (VariantReport | undefined)[];
  elapsedMs: number;
}

/** How well a variant foresees the text, and how its answers differ from those of the original. */
export interface VariantReport extends TextLikelihood {
  /** Kullback-Leibler divergence of the variant's distributions from the original's, in nats, over the scored tokens. */
  divergence: { mean: number; median: number; percentile99: number; max: number };
  /** Share of the tokens for which both find the same id most likely, 0 to 1. */
  sameTop: number;
  /** Negative log-likelihoods by the variant, and the divergence, for each scored id. */
  scored: { nll: Float64Array; divergence: Float64Array };
}

/** Bytes of the streams, or of logits that are ready, that are in memory at a time: the weights are read once for each such batch of windows. */
const streamBytes = 2 ** 28;

/**
 * How well a model foresees a text, and what becomes of its answers in other types. The original's stream of a batch of windows stays
 * in memory while the variants run on it one after the other.
 *
 * @throws UsageError `no-ids`, `bad-context`, `too-long`, `bad-length`, `bad-id`, `other-vocabulary`, `too-large`, and of ONNX models
 *   `onnxruntime-missing`, `onnxruntime-broken`; FormatError for files that cannot be read or run; CancelledError
 */
export async function measurePerplexity(
  pool: TaskRunner,
  onnx: OnnxOptions,
  input: PerplexityInput,
  context: JobContext,
): Promise<PerplexityReport> {
  const startedAt = performance.now();
  const { original, windows, protocol = "llama-perplexity", variants = [], onMeasured } = input;
  checkWindows(windows);
  for (const model of variants) checkVariant(original, model);
  const models = [original, ...variants];
  for (const { description } of models) checkSequences(description, windows);
  const length = windows[0]!.length;
  const atOnce = windowsAtOnce(models, length, protocol);
  const batches = Math.ceil(windows.length / atOnce);
  const lengths = windows.slice(0, atOnce).map((ids) => ids.length);
  const sizes = models.map((model) => modelSize(model, lengths, pool.threads));
  const size = { bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0) * batches, effort: sizes[0]!.effort };
  const own: Scores[] = [];
  const others = variants.map((): Compared[] => []);
  const report = (): PerplexityReport => {
    const scores = joined(own);
    return {
      ...likelihood(own),
      tokens: scores.ids.length,
      context: length,
      protocol,
      scored: scores,
      variants: others.map((parts) => (parts.length > 0 ? variantReport(parts) : undefined)),
      elapsedMs: performance.now() - startedAt,
    };
  };
  const sessions = new OnnxSessions(onnx);
  const work = async (run: JobRun): Promise<void> => {
    for (let first = 0; first < windows.length; first += atOnce) {
      const batch = new Batch(run, sessions, windows.slice(first, first + atOnce), protocol, pool.threads);
      const pass = await batch.pass(original);
      if (variants.length === 0) own.push(await batch.score(pass));
      for (const [index, model] of variants.entries()) {
        const [scores, compared] = await batch.compare(pass, await batch.pass(model));
        if (index === 0) own.push(scores);
        others[index]!.push(compared);
        onMeasured?.(report());
      }
    }
  };
  await JobRun.run(pool, context, size, work).finally(() => sessions.close());
  return report();
}

/** @throws UsageError `other-vocabulary`: their answers cannot be compared */
export function checkVariant(original: PerplexityModel, variant: PerplexityModel): void {
  if (variant.description.vocabulary === original.description.vocabulary) return;
  throw new UsageError("other-vocabulary", "The two checkpoints have vocabularies of different sizes", {
    expected: `${original.description.vocabulary} tokens, as the original has`,
    found: String(variant.description.vocabulary),
    hint: "Compare a checkpoint with the one that it was made of.",
  });
}

/** The original and one variant are in memory at a time. */
function windowsAtOnce([original, ...variants]: readonly PerplexityModel[], length: number, protocol: PerplexityProtocol): number {
  const scored = length - 1 - firstScored(length, protocol);
  const valuesOf = (model: PerplexityModel): number =>
    isOnnxModel(model) ? model.description.vocabulary * scored : model.description.hidden * length;
  const widest = variants.reduce((most, model) => Math.max(most, valuesOf(model)), 0);
  return Math.max(1, Math.floor(streamBytes / (4 * (valuesOf(original!) + widest))));
}

/** What the original says of some windows. */
interface Scores {
  windows: number;
  ids: Int32Array;
  nll: Float64Array;
}

/** What a variant says of them. */
interface Compared {
  windows: number;
  nll: Float64Array;
  divergence: Float64Array;
  same: number;
}

/** Windows that go through models together. */
class Batch {
  private readonly scored: ReturnType<typeof scoredTokens>;

  constructor(
    private readonly run: JobRun,
    private readonly sessions: OnnxSessions,
    private readonly windows: readonly Int32Array[],
    protocol: PerplexityProtocol,
    private readonly threads: number,
  ) {
    this.scored = scoredTokens(windows, protocol);
  }

  /** Runs a model to its last layer, or by ONNX Runtime to its logits. */
  async pass(model: PerplexityModel): Promise<LogitPass> {
    const { checkpoint } = model;
    if (isOnnxModel(model)) {
      const session = await this.sessions.get(checkpoint, model.description);
      return runOnnx(this.run, session, model.description, this.windows, this.scored, this.threads, model.bytes);
    }
    const { description, types } = model;
    const pass = new ForwardPass(this.run, checkpoint, description, this.windows, this.threads, types);
    await pass.embed();
    for (const layer of description.layers.keys()) await pass.runLayer(layer, await pass.loadLayer(layer));
    return pass;
  }

  async score(original: LogitPass): Promise<Scores> {
    const { likelihoods } = await runHeads(this.run, [original], this.scored);
    return this.scores(negativeLogLikelihoods(likelihoods[0]!));
  }

  /** The original's distribution is the one that the other is measured against. */
  async compare(original: LogitPass, variant: LogitPass): Promise<[Scores, Compared]> {
    const { likelihoods, divergence: sums } = await runHeads(this.run, [original, variant], this.scored);
    const [own, other] = likelihoods.map(negativeLogLikelihoods);
    const { firstTop, secondTop } = sums!;
    const same = firstTop.reduce((count, id, i) => count + (id === secondTop[i] ? 1 : 0), 0);
    const divergence = divergences(sums!, likelihoods[0]!, likelihoods[1]!);
    return [this.scores(own!), { windows: this.windows.length, nll: other!, divergence, same }];
  }

  private scores(nll: Float64Array): Scores {
    return { windows: this.windows.length, ids: this.scored.targets, nll };
  }
}

/** The batches of a text, one after the other. */
function joined(parts: readonly Scores[]): { ids: Int32Array; nll: Float64Array } {
  return { ids: Int32Array.from(parts.flatMap(({ ids }) => [...ids])), nll: doubles(parts.map(({ nll }) => nll)) };
}

function doubles(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

function likelihood(parts: readonly { windows: number; nll: Float64Array }[]): TextLikelihood {
  const all = doubles(parts.map(({ nll }) => nll));
  const nll = mean(all);
  const perplexity = Math.exp(nll);
  const variance = mean(all.map((value) => (value - nll) ** 2));
  return {
    perplexity,
    standardError: all.length > 1 ? perplexity * Math.sqrt(variance / (all.length - 1)) : 0,
    nll,
    windows: parts.reduce((sum, { windows }) => sum + windows, 0),
  };
}

function variantReport(parts: readonly Compared[]): VariantReport {
  const values = doubles(parts.map(({ divergence }) => divergence));
  const sorted = values.slice().sort();
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return {
    ...likelihood(parts),
    divergence: { mean: mean(values), median: rank(0.5), percentile99: rank(0.99), max: rank(1) },
    sameTop: parts.reduce((sum, { same }) => sum + same, 0) / values.length,
    scored: { nll: doubles(parts.map(({ nll }) => nll)), divergence: values },
  };
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
