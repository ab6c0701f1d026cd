import { stat } from "node:fs/promises";
import path from "node:path";
import { estimateSize, type EstimateReport } from "../core/estimate/estimateSize";
import { shapesFromConfigFile } from "../core/estimate/configShapes";
import { type ModelShapes, shapesFromCheckpoint } from "../core/estimate/modelShapes";
import { noteText } from "../core/estimate/notes";
import { parseEstimateQuery } from "../core/estimate/parseQuery";
import { formatGB, formatGiB } from "../core/estimate/units";
import { NodeFolder } from "../io/nodeFolder";
import { formatCount, formatNumber } from "./format";
import { print, printJson } from "./output";
import { type CommandOptions, withCheckpoint } from "./session";
import { formatTable } from "./table";

interface EstimateOptions extends CommandOptions {
  types?: string[];
  context?: number;
  /** GB. */
  memory?: number;
}

/** `estimate`: sizes of a checkpoint, or of a model of so many weights, in every type. */
export async function estimate(what: string, options: EstimateOptions): Promise<void> {
  const { report, context } = await reportOf(what, options);
  const memory = options.memory === undefined ? undefined : options.memory * 1e9;
  await (options.json ? printJson(estimateDocument(report, context, memory)) : print(estimateText(report, memory)));
}

interface Answer {
  report: EstimateReport;
  context: number | undefined;
}

async function reportOf(what: string, { types, context }: EstimateOptions): Promise<Answer> {
  const isPath = await stat(what).then(
    () => true,
    () => /[/\\]|\.(safetensors|gguf|json|pt|pth|bin|ckpt|npy|npz|onnx|tflite|h5|hdf5|keras)$/.test(what),
  );
  if (isPath) {
    const shapes = await shapesAt(what);
    return { report: estimateSize({ shapes, types, context }), context };
  }
  const query = parseEstimateQuery(what);
  const input = { ...query, types: types ?? query.types, context: context ?? query.context };
  return { report: estimateSize(input), context: input.context };
}

/** Of a checkpoint its own; a config.json is a model, too. */
async function shapesAt(file: string): Promise<ModelShapes> {
  if (path.basename(file) !== "config.json") return withCheckpoint(file, {}, shapesFromCheckpoint);
  const folder = new NodeFolder(path.dirname(path.resolve(file)));
  return (await shapesFromConfigFile(await folder.open("config.json"), file)).shapes;
}

/** `kvCacheBytes` is 0 without a context, null where the model's attention is not known. */
function estimateDocument({ parameters, rows }: EstimateReport, context: number | undefined, memory: number | undefined) {
  return {
    parameters,
    rows: rows.map(({ type, bitsPerWeight, bytes, kvCacheBytes, totalBytes }) => ({
      type,
      bitsPerWeight,
      bytes,
      kvCacheBytes: kvCacheBytes ?? (context === undefined ? 0 : null),
      totalBytes,
      ...(memory === undefined ? {} : { fits: totalBytes <= memory }),
    })),
  };
}

function estimateText({ parameters, basis, rows }: EstimateReport, memory: number | undefined): string {
  const columns = ["bits/weight", "weights", "binary", "with KV cache"].map((heading) => ({ heading, numeric: true }));
  const table = formatTable(
    [{ heading: "type" }, ...columns, ...(memory === undefined ? [] : [{ heading: "fits" }]), { heading: "" }],
    rows.map((row) => [
      row.type,
      formatNumber(row.bitsPerWeight),
      formatGB(row.bytes),
      formatGiB(row.bytes),
      formatGB(row.totalBytes),
      ...(memory === undefined ? [] : [row.totalBytes <= memory ? "yes" : "no"]),
      row.note ? noteText(row.note) : "",
    ]),
  );
  return `${formatCount(parameters)} weights · ${basis}\n\n${table}`;
}
