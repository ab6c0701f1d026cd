import { openModel } from "../core/convert/openModel";
import { UsageError } from "../core/errors";
import { type PerplexityProtocol, windowsOf } from "../core/model/perplexity";
import { findFileType } from "../core/recipe/fileTypes";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { folderOf } from "../io/openPath";
import type { JobContext } from "../jobs/contract";
import type { Engine } from "../jobs/engine";
import type { PerplexityInput, PerplexityReport, VariantReport } from "../jobs/perplexityJob";
import { quantizedModel, storedModel } from "../jobs/perplexityModel";
import { sampleLength } from "../jobs/textSamples";
import { formatCount, formatNumber } from "./format";
import { print, printJson } from "./output";
import { readImportance } from "./readImportance";
import { samplesOfText, type TextOptions } from "./samplesOfText";
import { type JobOptions, withCheckpoint, withEngine } from "./session";
import { formatTable } from "./table";
import { readIds } from "./tokenIds";

interface PerplexityOptions extends JobOptions, TextOptions {
  ids?: string;
  bos?: number;
  protocol: PerplexityProtocol;
  against?: string;
  types?: string[];
  imatrix?: string;
}

/** `perplexity`: how well a model foresees a text, what becomes of it in other types, and how far its answers are from another's. */
export function perplexity(path: string, options: PerplexityOptions): Promise<void> {
  const { against, types, json } = options;
  if (against !== undefined && types) throw new UsageError("usage", "Types are compared with the checkpoint itself: leave out --against");
  return withEngine(options, (engine, context) =>
    withCheckpoint(path, options, async (checkpoint) => {
      const model = await storedModel(checkpoint);
      const windows = await windowsFor(path, checkpoint, options, context.signal);
      const input = { original: model, windows, protocol: options.protocol };
      if (types) return compareTypes(engine, path, input, types, options, context);
      if (against !== undefined) {
        return withCheckpoint(against, options, (original) => compareWith(engine, original, input, json, context));
      }
      const report = await engine.perplexity(input, context);
      await (json ? printJson(totalsOf(report)) : print(textOf(report, report)));
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

async function compareTypes(
  engine: Engine,
  path: string,
  input: PerplexityInput,
  types: readonly string[],
  { json, imatrix }: PerplexityOptions,
  context: JobContext,
): Promise<void> {
  const { original } = input;
  const model = types.some((type) => findFileType(type)) ? await openModel(original.checkpoint, await folderOf(path)) : undefined;
  const matrix = imatrix === undefined ? undefined : await readImportance(imatrix);
  const variants = types.map((type) => quantizedModel(original, model, type, matrix));
  const report = await engine.perplexity({ ...input, variants }, context);
  const rows = variants.map(({ bytes, bitsPerWeight }, i) => {
    const { scored: _, ...totals } = report.variants[i]!;
    return { type: types[i]!, bytes, bitsPerWeight, ...totals, delta: totals.perplexity - report.perplexity };
  });
  const { bytes, bitsPerWeight } = original;
  const document = { ...totalsOf(report), bytes, bitsPerWeight, types: rows };
  await (json ? printJson(document) : print(`${textOf(report, report)}\n\n${tableOf(rows)}`));
}

function tableOf(rows: readonly ({ type: string; bytes: number; bitsPerWeight: number; delta: number } & Omit<VariantReport, "scored">)[]) {
  const numbers = ["bits per weight", "bytes", "perplexity", "difference", "KL divergence", "same top"];
  return formatTable(
    [{ heading: "type" }, ...numbers.map((heading) => ({ heading, numeric: true }))],
    rows.map((row) => [
      row.type,
      row.bitsPerWeight.toFixed(3),
      formatCount(row.bytes),
      row.perplexity.toFixed(4),
      `${row.delta < 0 ? "" : "+"}${row.delta.toFixed(4)}`,
      formatNumber(row.divergence.mean),
      `${(100 * row.sameTop).toFixed(2)} %`,
    ]),
  );
}

/** How far the answers of the checkpoint, which is the variant here, are from those of its original. */
async function compareWith(
  engine: Engine,
  original: Checkpoint,
  { original: own, windows, protocol }: PerplexityInput,
  json: boolean | undefined,
  context: JobContext,
): Promise<void> {
  const report = await engine.perplexity({ original: await storedModel(original), windows, protocol, variants: [own] }, context);
  const { divergence, sameTop, ...found } = report.variants[0]!;
  if (json) {
    const { perplexity, standardError, nll } = report;
    return printJson({ ...totalsOf({ ...report, ...found }), against: { perplexity, standardError, nll, divergence, sameTop } });
  }
  const { mean, median, percentile99, max } = divergence;
  await print(
    [
      textOf(found, report),
      `original: perplexity ${report.perplexity.toFixed(4)}`,
      `KL divergence: mean ${formatNumber(mean)}, median ${formatNumber(median)}, 99 % below ${formatNumber(percentile99)}, at most ${formatNumber(max)} nats`,
      `same most likely token: ${(100 * sameTop).toFixed(2)} %`,
    ].join("\n"),
  );
}

/** What each token adds is left out, and what is told otherwise. */
function totalsOf({
  perplexity: own,
  standardError,
  nll,
  tokens,
  windows,
  context,
  protocol,
  elapsedMs,
}: Omit<PerplexityReport, "scored">) {
  return { perplexity: own, standardError, nll, tokens, windows, context, protocol, elapsedMs };
}

function textOf(
  { perplexity: own, standardError, nll }: Pick<PerplexityReport, "perplexity" | "standardError" | "nll">,
  { tokens, windows, context, protocol }: Pick<PerplexityReport, "tokens" | "windows" | "context" | "protocol">,
): string {
  return [
    `perplexity ${own.toFixed(4)} ± ${standardError.toFixed(4)} (mean negative log-likelihood ${nll.toFixed(5)} nats)`,
    `${formatCount(tokens)} tokens scored in ${formatCount(windows)} windows of ${formatCount(context)}, as ${protocol} does`,
  ].join("\n");
}
