import type { ErrorFigures } from "../core/measure/reports";
import type { ErrorsReport } from "../jobs/contract";
import { importanceOf } from "../jobs/importanceMatrix";
import type { Part } from "../jobs/tensorParts";
import { formatNumber } from "./format";
import { print, printJson } from "./output";
import { readImportance } from "./readImportance";
import { type JobOptions, withCheckpoint, withEngine } from "./session";
import { skippedLines } from "./skipped";
import { formatTable } from "./table";
import { matchTensors } from "./tensorNames";

interface ErrorsOptions extends JobOptions {
  types: string[];
  tensor?: string;
  imatrix?: string;
  part?: Part;
}

/** `errors`: what quantization types do to tensors, or one part of the work for `merge`. */
export function errors(path: string, options: ErrorsOptions): Promise<void> {
  const { types, part, tensor, json } = options;
  return withEngine(options, (engine, context) =>
    withCheckpoint(path, options, async (checkpoint) => {
      const importance = options.imatrix === undefined ? undefined : importanceOf(await readImportance(options.imatrix), checkpoint);
      const input = { checkpoint, tensors: matchTensors(checkpoint, tensor), types, importance };
      if (part) await printJson(await engine.errorsPart({ ...input, part }, context));
      else await printErrors(await engine.errors(input, context), json);
    }),
  );
}

export function printErrors(report: ErrorsReport, json: boolean | undefined): Promise<void> {
  const { tensors, total, skipped } = report;
  return json ? printJson({ tensors, total, ...(skipped.length > 0 ? { skipped } : {}) }) : print(errorsText(report));
}

function errorsText({ tensors, total, skipped }: ErrorsReport): string {
  const columns = ["mae", "rmse", "maxError", "relativeRmse", "sqnrDb", "within5", "cosine", "bitsPerWeight"] as const;
  const row = (name: string, type: string, figures: ErrorFigures): string[] => [
    name,
    figures.fallback === undefined ? type : `${type} → ${figures.fallback}`,
    ...columns.map((column) => formatNumber(figures[column])),
  ];
  const rows = [...tensors, { name: "all tensors", types: total }].flatMap(({ name, types }) =>
    Object.entries(types).map(([type, figures]) => row(name, type, figures)),
  );
  const table = formatTable([{ heading: "tensor" }, { heading: "type" }, ...columns.map((heading) => ({ heading, numeric: true }))], rows);
  return [table, ...skippedLines(skipped)].join("\n");
}
