import { basename, join } from "node:path";
import { configFromGguf } from "../core/convert/configFromGguf";
import { openModel } from "../core/convert/openModel";
import type { SourceModel } from "../core/convert/sourceModel";
import { withHuggingFaceTensors } from "../core/convert/toHuggingFace";
import { UsageError } from "../core/errors";
import { companionFiles } from "../core/export/companions";
import { createCommand, modelfile, whyNotOllama } from "../core/export/ollama";
import type { LoaderFormat } from "../core/export/loaderFormat";
import { findLoaderFormat } from "../core/export/loaderFormats";
import type { LayerProvider } from "../core/export/quantizedLayer";
import { type LoaderWarning, loaderWarnings } from "../core/export/loaderWarnings";
import { planSafetensors } from "../core/export/safetensors";
import type { Folder } from "../core/file";
import { readSidecarText } from "../core/formats/sidecar";
import { type KeyValue, keyValue } from "../core/formats/gguf/writer/keyValue";
import { checkPlan } from "../core/recipe/checkPlan";
import type { FileType } from "../core/recipe/fileTypes";
import { fileTypeOf } from "../core/recipe/overrides";
import { planGguf, type PlanOptions, type WritePlan } from "../core/recipe/preflight";
import { reasonText } from "../core/recipe/reasons";
import type { TypeOverride } from "../core/recipe/recipe";
import type { Checkpoint } from "../core/tensor/checkpoint";
import type { CalibratedWrite } from "./calibrated/calibratedWrite";
import type { Calibration } from "./calibrated/calibration";
import { calibratedBlocks, calibratedIntegers, calibrationOf } from "./calibrated/prepareCalibrated";
import type { JobContext } from "./contract";
import type { Engine } from "./engine";
import type { ImportanceMatrix } from "./importanceMatrix";
import type { WriteFormat } from "./writeFormat";

/** What tensors that are not quantized can be stored in. */
const keptTypes = ["F32", "F16", "BF16"];

/** What is written. */
export interface WriteSource {
  readonly checkpoint: Checkpoint;
  /** Where its configuration and tokenizer lie. */
  readonly folder: Folder;
  /** The checkpoint as GGUF, where that is known already. */
  readonly model?: SourceModel;
}

/** As what, and where. */
export interface WriteRequest {
  readonly to: WriteFormat;
  /** A file type such as `Q4_K_M`, or a type of another format, such as `F16`, `nf4`, `int4-sym-g128`; absent with `targetSize`. */
  readonly type?: string;
  /** Path of the file, or for other formats than GGUF also of a folder. */
  readonly out: string;
  /** How linear layers are quantized: one of `layerMethods`, round-to-nearest unless given. */
  readonly method?: string;
  /** What methods with calibration need. */
  readonly calibration?: Calibration;
  /** The float type of what is not quantized, in other formats than GGUF. */
  readonly dtype?: string;
  readonly overrides?: readonly TypeOverride[];
  readonly pure?: boolean;
  /** Bytes of tensor data in one file; absent for one file. */
  readonly splitBytes?: number;
  /** Bytes that the whole file may take. */
  readonly targetSize?: number;
  readonly matrix?: ImportanceMatrix;
}

/** What makes an Ollama model of a file. */
export interface OllamaOutput {
  readonly path: string;
  readonly text: string;
  readonly command: string;
}

/** All that is to be known before a checkpoint is written. */
export interface PreparedWrite {
  readonly plan: WritePlan;
  /** Of a GGUF file. */
  readonly fileType?: FileType;
  readonly importance?: (tensor: string) => Float32Array | undefined;
  /** Quantizes linear layers with calibration before anything is written. */
  readonly calibrated?: CalibratedWrite;
  /** Gives the linear layers of a folder as they are written. Without both they are rounded to nearest. */
  readonly layers?: LayerProvider;
  readonly ollama?: OllamaOutput;
  /** Folder that is made if it is not there. */
  readonly folder?: string;
  readonly notes: readonly string[];
  /** What loaders are known not to do with it. */
  readonly warnings?: readonly LoaderWarning[];
}

/**
 * Plans a file to the byte, and writes nothing. With a target size this measures errors, which takes a while.
 *
 * @throws UsageError for types, models and sizes that make no sense; FormatError for a model whose files are broken
 */
export async function prepareWrite(
  engine: Engine,
  source: WriteSource,
  request: WriteRequest,
  context: JobContext,
): Promise<PreparedWrite> {
  refuseIncomplete(source.checkpoint);
  const format = findLoaderFormat(request.to);
  return format ? prepareFolder(source, format, request) : prepareGguf(engine, source, request, context);
}

/** Half a model loads nowhere. @throws UsageError `incomplete` */
function refuseIncomplete({ files }: Checkpoint): void {
  const missing = files.find(({ file }) => !file);
  if (!missing) return;
  throw new UsageError("incomplete", `"${missing.name}" is missing or cannot be read: the checkpoint is not whole`, {
    file: missing.name,
    expected: `all ${files.length} files of the checkpoint`,
    found: `${files.filter(({ file }) => file).length} that can be read`,
    hint: "Download the missing file into the folder of the others.",
  });
}

async function prepareGguf(engine: Engine, source: WriteSource, request: WriteRequest, context: JobContext): Promise<PreparedWrite> {
  const { to, out, matrix } = request;
  const model = source.model ?? (await openModel(source.checkpoint, source.folder));
  if (matrix) refuseForeignMatrix(matrix, model);
  const { fileType, plan } = await planModel(engine, source.checkpoint, model, request, context);
  const calibration = calibrationOf(request);
  return {
    plan,
    fileType,
    ...(calibration ? { calibrated: await calibratedBlocks(source.checkpoint, model, plan, calibration, out) } : {}),
    importance: matrix?.byGgufName,
    ...(to === "ollama" ? { ollama: ollamaOutput(model, fileType, out) } : {}),
    notes: [...model.notes, ...unmatchedOverrides(request.overrides ?? [], plan)],
  };
}

/** A pattern that matches nothing is a slip that would go unseen. */
function unmatchedOverrides(overrides: readonly TypeOverride[], { tensors }: WritePlan): string[] {
  const unmatched = overrides.filter(({ pattern }) => !tensors.some(({ name }) => pattern.test(name)));
  return unmatched.map(({ text }) => `No tensor has a name that matches "${text}"`);
}

/** An importance matrix of another model would silently be no help at all. @throws UsageError `other-imatrix` */
function refuseForeignMatrix({ name, entries, byGgufName }: ImportanceMatrix, { tensors }: SourceModel): void {
  if (tensors.some((tensor) => byGgufName(tensor.name) !== undefined)) return;
  throw new UsageError("other-imatrix", `"${name}" is the importance matrix of another model`, {
    file: name,
    expected: "weights for tensors of this checkpoint",
    found: `${entries} entries, none of them for one of its ${tensors.length} tensors`,
    hint: "Give the importance matrix that llama-imatrix wrote for this model.",
  });
}

/** The plan for the type asked for, or for the types that fit the size. @throws UsageError `usage` without either */
async function planModel(engine: Engine, checkpoint: Checkpoint, model: SourceModel, request: WriteRequest, context: JobContext) {
  const { type, out: name, targetSize, matrix, overrides, pure, splitBytes } = request;
  const options: Omit<PlanOptions, "fileType"> = {
    overrides,
    pure,
    splitBytes,
    importance: matrix !== undefined,
    keyValues: matrix && importanceKeys(matrix),
  };
  if (targetSize === undefined) {
    if (type === undefined) throw new UsageError("usage", "Give a --type, or a --target-size to choose types for");
    const fileType = fileTypeOf(type);
    return { fileType, plan: planGguf(model, name, { ...options, fileType }) };
  }
  const fitted = await engine.fitToSize({ checkpoint, model, bytes: targetSize, name, options, importance: matrix?.byGgufName }, context);
  return { fileType: fitted.fileType, plan: planGguf(model, name, { ...options, ...fitted }) };
}

/** What llama-quantize says of the importance matrix in the file it writes. */
function importanceKeys({ name, dataset, entries, chunks }: ImportanceMatrix): KeyValue[] {
  return [
    keyValue("quantize.imatrix.file", "string", name),
    ...(dataset === undefined ? [] : [keyValue("quantize.imatrix.dataset", "string", dataset)]),
    keyValue("quantize.imatrix.entries_count", "u32", entries),
    ...(chunks === undefined ? [] : [keyValue("quantize.imatrix.chunks_count", "u32", chunks)]),
  ];
}

/** @throws UsageError `not-for-ollama` */
function ollamaOutput(model: SourceModel, fileType: FileType, out: string): OllamaOutput {
  const why = whyNotOllama(fileType);
  if (why !== undefined) {
    throw new UsageError("not-for-ollama", `${fileType.name} is no type for Ollama: ${reasonText(why)}`, {
      found: fileType.name,
      hint: "Choose a type such as Q4_K_M or Q8_0.",
    });
  }
  const stem = out.replace(/\.gguf$/i, "");
  const path = `${stem}.Modelfile`;
  const text = modelfile({ gguf: basename(out), chatTemplate: model.chatTemplate, parameters: model.sampling });
  return { path, text, command: createCommand(basename(stem).toLowerCase(), path) };
}

/** Any of these says how text becomes tokens. */
const tokenizerFiles = ["tokenizer.json", "tokenizer.model", "vocab.json"];

const withoutTokenizer = "The tokenizer is not written: take tokenizer.json and tokenizer_config.json from the original model";

/** One file of weights, or a folder with configuration and tokenizer for loaders. */
async function prepareFolder({ checkpoint, folder }: WriteSource, format: LoaderFormat, request: WriteRequest): Promise<PreparedWrite> {
  const { type, out, splitBytes, dtype, overrides = [] } = request;
  const calibration = calibrationOf(request);
  if (type === undefined)
    throw new UsageError("usage", `Give a --type to write, such as ${format.types[0]!}`, { expected: format.types.join(", ") });
  const named = withHuggingFaceTensors(checkpoint);
  const isSingle = out.toLowerCase().endsWith(".safetensors");
  const made = "architecture" in named && (!isSingle || calibration) ? await configFromGguf(checkpoint, named.architecture) : undefined;
  // A model that is run has names and configuration of the same kind.
  const model: Checkpoint = made ? { ...named.checkpoint, format: "safetensors", config: made } : named.checkpoint;
  const target = format.target(type);
  const wanted = { checkpoint: model, format, target, splitBytes, dtype: dtype && keptTypeOf(dtype), overrides };
  const prepared = async (plan: WritePlan, notes: readonly string[] = []): Promise<PreparedWrite> => ({
    plan,
    ...(calibration ? { calibrated: await calibratedIntegers(model, plan, calibration, out) } : {}),
    warnings: target.scheme ? loaderWarnings(plan.tensors, target.limits ?? []) : [],
    notes: [...("reason" in named && named.reason !== undefined ? [named.reason] : []), ...notes, ...unmatchedOverrides(overrides, plan)],
  });
  if (isSingle) return prepared(planSafetensors({ ...wanted, out }));
  const pathOf = (name: string): string => join(out, name);
  const found = await companionFiles(folder);
  const companions = found.map(({ name, bytes }) => ({ name: pathOf(name), bytes }));
  const config = made ? JSON.stringify(made, undefined, 2) : await configText(folder);
  const plan = planSafetensors({ ...wanted, out: pathOf("model.safetensors"), folder: { pathOf, companions, config } });
  const lacksTokenizer = checkpoint.format === "gguf" && !found.some(({ name }) => tokenizerFiles.includes(name));
  return { ...(await prepared(plan, lacksTokenizer ? [withoutTokenizer] : [])), folder: out };
}

/** Its text, since what is kept of it is to stay as it is spelled. */
async function configText(folder: Folder): Promise<string | undefined> {
  if (!(await folder.exists("config.json"))) return undefined;
  const file = await folder.open("config.json");
  try {
    return await readSidecarText(file);
  } finally {
    await file.close();
  }
}

/** @throws UsageError `unknown-type` */
function keptTypeOf(name: string): string {
  const found = keptTypes.find((type) => type === name.toUpperCase());
  if (found !== undefined) return found;
  const expected = keptTypes.map((type) => type.toLowerCase()).join(", ");
  throw new UsageError("unknown-type", `"${name}" is no type for tensors that are not quantized`, { found: name, expected });
}

/**
 * Refuses what llama-quantize refuses as well.
 *
 * @throws UsageError `requantize`, `needs-importance`
 */
export function checkPrepared({ plan, fileType, importance }: PreparedWrite, allowRequantize: boolean): void {
  if (!fileType) return;
  checkPlan(plan, { fileType: fileType.name, hasImportance: (name) => importance?.(name) !== undefined, allowRequantize });
}
