import type { TensorStats } from "../core/measure/reports";
import type { StatsReport } from "../jobs/contract";
import type { Part } from "../jobs/tensorParts";
import { formatCount, formatNumber, formatShape } from "./format";
import { print, printJson } from "./output";
import { type JobOptions, withCheckpoint, withEngine } from "./session";
import { skippedLines } from "./skipped";
import { formatTable } from "./table";
import { matchTensors } from "./tensorNames";

interface StatsOptions extends JobOptions {
  tensor?: string;
  bins: number;
  part?: Part;
}

/** `stats`: statistics and histograms of tensors, or one part of the work for `merge`. */
export function stats(path: string, options: StatsOptions): Promise<void> {
  const { bins, part, tensor, json } = options;
  return withEngine(options, (engine, context) =>
    withCheckpoint(path, options, async (checkpoint) => {
      const input = { checkpoint, tensors: matchTensors(checkpoint, tensor), bins };
      if (part) await printJson(await engine.statsPart({ ...input, part }, context));
      else await printStats(await engine.stats(input, context), json);
    }),
  );
}

export function printStats(report: StatsReport, json: boolean | undefined): Promise<void> {
  return json ? printJson(statsDocument(report)) : print(statsText(report));
}

/** The small histogram is the editor's own. What was left out is named only where something was. */
function statsDocument({ tensors, skipped, elapsedMs, bytesRead }: StatsReport) {
  const rows = tensors.map((tensor): TensorStats => ({ ...tensor, spark: undefined }));
  return { tensors: rows, ...(skipped.length > 0 ? { skipped } : {}), elapsedMs, bytesRead };
}

function statsText({ tensors, skipped }: StatsReport): string {
  const figures = ["min", "max", "mean", "std", "kurtosis"] as const;
  const table = formatTable(
    [
      { heading: "tensor" },
      { heading: "type" },
      { heading: "shape" },
      ...figures.map((heading) => ({ heading, numeric: true })),
      { heading: "zeros", numeric: true },
      { heading: "nan+inf", numeric: true },
    ],
    tensors.map((tensor) => [
      tensor.name,
      tensor.dtype,
      formatShape(tensor.shape),
      ...figures.map((figure) => formatNumber(tensor[figure])),
      formatCount(tensor.zero),
      formatCount(tensor.nan + tensor.inf),
    ]),
  );
  return [table, ...skippedLines(skipped)].join("\n");
}
