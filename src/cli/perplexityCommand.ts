import { UsageError } from "../core/errors";
import { type PerplexityProtocol, windowsOf } from "../core/model/perplexity";
import type { Checkpoint } from "../core/tensor/checkpoint";
import type { DivergenceReport, PerplexityReport } from "../jobs/perplexityJob";
import { sampleLength } from "../jobs/textSamples";
import { formatCount, formatNumber } from "./format";
import { print, printJson } from "./output";
import { samplesOfText, type TextOptions } from "./samplesOfText";
import { type JobOptions, withCheckpoint, withEngine } from "./session";
import { readIds } from "./tokenIds";

interface PerplexityOptions extends JobOptions, TextOptions {
  ids?: string;
  bos?: number;
  protocol: PerplexityProtocol;
  against?: string;
}

/** `perplexity`: how well a model foresees a text, and how far its answers are from another's. */
export function perplexity(path: string, options: PerplexityOptions): Promise<void> {
  const { protocol, against, json } = options;
  return withEngine(options, (engine, context) =>
    withCheckpoint(path, options, async (checkpoint) => {
      const input = { checkpoint, windows: await windowsFor(path, checkpoint, options, context.signal), protocol };
      const report = await (against === undefined
        ? engine.perplexity(input, context)
        : withCheckpoint(against, options, (original) => engine.perplexity({ ...input, against: original }, context)));
      await (json ? printJson(documentOf(report)) : print(textOf(report)));
    }),
  );
}

/** @throws UsageError `usage` for two texts at once, and what reading either throws */
async function windowsFor(path: string, checkpoint: Checkpoint, options: PerplexityOptions, signal: AbortSignal): Promise<Int32Array[]> {
  const { ids, bos, text } = options;
  if (ids === undefined) return (await samplesOfText(path, checkpoint, options, signal)).samples;
  if (text !== undefined) throw new UsageError("usage", "--text and --ids are two texts; give one of them");
  return windowsOf(await readIds(ids), await sampleLength(checkpoint, options.context), bos);
}

/** What each token adds is left out. */
function documentOf({ scored: _, against, ...report }: PerplexityReport) {
  return { ...report, ...(against ? { against: totalsOf(against) } : {}) };
}

function totalsOf({ scored: _, ...totals }: DivergenceReport) {
  return totals;
}

function textOf({ perplexity: own, nll, tokens, windows, context, protocol, against }: PerplexityReport): string {
  const lines = [
    `perplexity ${own.toFixed(4)} (mean negative log-likelihood ${nll.toFixed(5)} nats)`,
    `${formatCount(tokens)} tokens scored in ${formatCount(windows)} windows of ${formatCount(context)}, as ${protocol} does`,
  ];
  if (against) {
    const { mean, median, percentile99, max } = against.divergence;
    lines.push(
      `original: perplexity ${against.perplexity.toFixed(4)}`,
      `KL divergence: mean ${formatNumber(mean)}, median ${formatNumber(median)}, 99 % below ${formatNumber(percentile99)}, at most ${formatNumber(max)} nats`,
      `same most likely token: ${(100 * against.sameTop).toFixed(2)} %`,
    );
  }
  return lines.join("\n");
}
