import type { LogitsReport } from "../jobs/logitsJob";
import { formatNumber } from "./format";
import { print, printJson } from "./output";
import { type JobOptions, withCheckpoint, withEngine } from "./session";
import { formatTable } from "./table";
import { readIds } from "./tokenIds";

interface LogitsOptions extends JobOptions {
  ids: string;
}

/** Answers that are shown without `--json`. */
const shown = 10;

/** `logits`: what a model answers to token ids. */
export function logits(path: string, options: LogitsOptions): Promise<void> {
  return withEngine(options, async (engine, context) => {
    const ids = await readIds(options.ids);
    await withCheckpoint(path, options, async (checkpoint) => {
      const report = await engine.logits({ checkpoint, ids }, context);
      await (options.json ? printJson(documentOf(report)) : print(textOf(report)));
    });
  });
}

function documentOf({ logits, nll, layers, elapsedMs }: LogitsReport) {
  return { logits: [...logits], nll, layers, elapsedMs };
}

function textOf({ logits, nll, layers }: LogitsReport): string {
  const best = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!).slice(0, shown);
  const answers = formatTable(
    [
      { heading: "id", numeric: true },
      { heading: "logit", numeric: true },
    ],
    best.map((id) => [String(id), formatNumber(logits[id]!)]),
  );
  const stream = formatTable(
    [{ heading: "after" }, { heading: "rms", numeric: true }],
    layers.map(({ name, rms }) => [name, formatNumber(rms)]),
  );
  const parts = [answers, ...(nll === null ? [] : [`mean negative log-likelihood: ${formatNumber(nll)}`])];
  return [...parts, ...(layers.length > 0 ? [stream] : [])].join("\n\n");
}
