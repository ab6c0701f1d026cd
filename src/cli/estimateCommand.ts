import { stat } from "node:fs/promises";
import path from "node:path";
import { FormatError } from "../core/errors";
import { estimateSize, type EstimateReport } from "../core/estimate/estimateSize";
import { cacheUnknownText } from "../core/estimate/cacheUnknown";
import { type ConfiguredModel, shapesFromConfigFile } from "../core/estimate/configShapes";
import { shapesFromCheckpoint } from "../core/estimate/modelShapes";
import { noteText } from "../core/estimate/notes";
import { parseEstimateQuery } from "../core/estimate/parseQuery";
import { readWords } from "../core/estimate/queryWords";
import { formatGB, formatGiB } from "../core/estimate/units";
import { isIndexName } from "../core/formats/safetensors/shardIndex";
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
  const answer = await reportOf(what, options);
  const memory = options.memory === undefined ? undefined : options.memory * 1e9;
  await (options.json ? printJson(estimateDocument(answer, memory)) : print(estimateText(answer, memory)));
}

interface Answer {
  report: EstimateReport;
  context: number | undefined;
  /** Parts of the model that are not counted. */
  uncounted: string[];
}

/** Why the cache of the context that was asked for is not known, in words; undefined where it is, or none was asked for. */
function unknownCache({ report: { shapes }, context }: Answer): string | undefined {
  return context === undefined || shapes.cache ? undefined : cacheUnknownText(shapes.cacheUnknown);
}

/** Whether a line is about a published model: `Qwen/Qwen3-8B` looks like a path, too. */
const namesModel = (line: string): boolean => readWords(line).some(({ kind }) => kind === "model");

async function reportOf(what: string, { types, context }: EstimateOptions): Promise<Answer> {
  const isPath = await stat(what).then(
    () => true,
    () =>
      /\.(safetensors|gguf|json|pt|pth|bin|ckpt|npy|npz|onnx|tflite|h5|hdf5|keras)$/.test(what) ||
      (/[/\\]/.test(what) && !namesModel(what)),
  );
  if (isPath) {
    const { shapes, uncounted } = await modelAt(what);
    return { report: estimateSize({ shapes, types, context }), context, uncounted };
  }
  const query = parseEstimateQuery(what);
  const input = { ...query, types: types ?? query.types, context: context ?? query.context };
  const report = estimateSize(input);
  return { report, context: input.context, uncounted: report.uncounted };
}

/**
 * Of a checkpoint its own; a config.json is a model, too, whatever it is called, and so is a folder that has it but no weights. The
 * index of shards is no config.json.
 */
async function modelAt(file: string): Promise<ConfiguredModel> {
  if (file.endsWith(".json") && !isIndexName(file)) return configAt(path.dirname(file), path.basename(file));
  try {
    return { shapes: await withCheckpoint(file, {}, shapesFromCheckpoint), uncounted: [] };
  } catch (error) {
    const isEmpty = error instanceof FormatError && error.code === "folder.empty";
    if (!isEmpty || !(await new NodeFolder(path.resolve(file)).exists("config.json"))) throw error;
    return configAt(file, "config.json");
  }
}

async function configAt(folder: string, name: string): Promise<ConfiguredModel> {
  return shapesFromConfigFile(await new NodeFolder(path.resolve(folder)).open(name), path.join(folder, name));
}

/** `kvCacheBytes` is 0 without a context, null where it is not known what the model caches; `kvCacheUnknown` then says why. */
function estimateDocument(answer: Answer, memory: number | undefined) {
  const { report, context, uncounted } = answer;
  const { parameters, rows } = report;
  const why = unknownCache(answer);
  return {
    parameters,
    ...(why === undefined ? {} : { kvCacheUnknown: why }),
    ...(uncounted.length === 0 ? {} : { uncounted }),
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

function estimateText(answer: Answer, memory: number | undefined): string {
  const { parameters, basis, rows } = answer.report;
  const why = unknownCache(answer);
  const columns = ["bits/weight", "weights", "binary", "with KV cache"].map((heading) => ({ heading, numeric: true }));
  const table = formatTable(
    [{ heading: "type" }, ...columns, ...(memory === undefined ? [] : [{ heading: "fits" }]), { heading: "" }],
    rows.map((row) => [
      row.type,
      formatNumber(row.bitsPerWeight),
      formatGB(row.bytes),
      formatGiB(row.bytes),
      why === undefined ? formatGB(row.totalBytes) : "?",
      ...(memory === undefined ? [] : [row.totalBytes > memory ? "no" : why === undefined ? "yes" : "weights"]),
      row.note ? noteText(row.note) : "",
    ]),
  );
  const facts = [`${formatCount(parameters)} weights · ${basis}`];
  if (answer.uncounted.length > 0) facts.push(`not counted: ${answer.uncounted.join(", ")}`);
  if (why !== undefined) facts.push(`KV cache: ${why}`);
  return `${facts.join("\n")}\n\n${table}`;
}
