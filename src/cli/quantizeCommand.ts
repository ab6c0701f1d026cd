import { basename } from "node:path";
import { openModel } from "../core/convert/openModel";
import type { SourceModel } from "../core/convert/sourceModel";
import { UsageError } from "../core/errors";
import { createCommand, modelfile, whyNotOllama } from "../core/export/ollama";
import { type KeyValue, keyValue } from "../core/formats/gguf/writer/keyValue";
import { checkPlan } from "../core/recipe/checkPlan";
import type { FileType } from "../core/recipe/fileTypes";
import { fileTypeOf, parseOverride } from "../core/recipe/overrides";
import { planGguf, type PlanOptions } from "../core/recipe/preflight";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { writeFileAtomically } from "../io/atomicFile";
import { folderOf } from "../io/openPath";
import type { JobContext } from "../jobs/contract";
import type { Engine } from "../jobs/engine";
import type { ImportanceMatrix } from "../jobs/importanceMatrix";
import { printPlan } from "./quantizeReport";
import { writeSafetensors } from "./quantizeSafetensors";
import { readImportance } from "./readImportance";
import { type JobOptions, withCheckpoint, withEngine } from "./session";

export interface QuantizeOptions extends JobOptions {
  to: string;
  type?: string;
  imatrix?: string;
  out: string;
  tensorType: string[];
  pure?: boolean;
  allowRequantize?: boolean;
  /** Bytes. */
  splitMaxSize?: number;
  /** Bytes. */
  targetSize?: number;
  dryRun?: boolean;
}

const formats = ["gguf", "ollama", "safetensors"];

/** `quantize`: writes a checkpoint in other types, or says what would be written. */
export function quantize(path: string, options: QuantizeOptions): Promise<void> {
  const to = options.to.toLowerCase();
  if (!formats.includes(to)) {
    throw new UsageError("unknown-format", `"${options.to}" is no format to write`, { found: options.to, expected: formats.join(", ") });
  }
  if (to === "safetensors") return writeSafetensors(path, options);
  // Threads start while headers are read.
  return withEngine(options, (engine, context) =>
    withCheckpoint(path, options, async (checkpoint) => {
      const model = await openModel(checkpoint, await folderOf(path));
      const matrix = options.imatrix === undefined ? undefined : await readImportance(options.imatrix);
      const planned = await planOf(checkpoint, model, matrix, options, engine, context);
      const { plan, fileType } = planned;
      const ollama = to === "ollama" ? modelfileOf(model, fileType, options.out) : undefined;
      const notes = { notes: model.notes, ollama };
      if (options.dryRun) return printPlan(plan, options, { ...notes, elapsedMs: 0 });
      const importance = matrix?.byGgufName;
      checkPlan(plan, {
        fileType: fileType.name,
        hasImportance: (name) => importance?.(name) !== undefined,
        allowRequantize: options.allowRequantize ?? false,
      });
      const { elapsedMs } = await engine.quantize({ checkpoint, plan, importance }, context);
      if (ollama) await writeFileAtomically(ollama.path, (handle) => handle.writeFile(ollama.text), context.signal);
      await printPlan(plan, options, { ...notes, elapsedMs });
    }),
  );
}

/** The plan for the type asked for, or for the types that fit the size. @throws UsageError `usage` without either */
async function planOf(
  checkpoint: Checkpoint,
  model: SourceModel,
  matrix: ImportanceMatrix | undefined,
  options: QuantizeOptions,
  engine: Engine,
  context: JobContext,
) {
  const { out: name, type, targetSize } = options;
  const shared: Omit<PlanOptions, "fileType"> = {
    overrides: options.tensorType.map(parseOverride),
    pure: options.pure,
    splitBytes: options.splitMaxSize,
    importance: matrix !== undefined,
    keyValues: matrix && importanceKeys(matrix),
  };
  if (targetSize === undefined) {
    if (type === undefined) throw new UsageError("usage", "Give a --type, or a --target-size to choose types for");
    const fileType = fileTypeOf(type);
    return { fileType, plan: planGguf(model, name, { ...shared, fileType }) };
  }
  const fitted = await engine.fitToSize(
    { checkpoint, model, bytes: targetSize, name, options: shared, importance: matrix?.byGgufName },
    context,
  );
  return { fileType: fitted.fileType, plan: planGguf(model, name, { ...shared, ...fitted }) };
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

/** What makes an Ollama model of the file. */
export interface OllamaOutput {
  path: string;
  text: string;
  command: string;
}

/** @throws UsageError `not-for-ollama` */
function modelfileOf(model: SourceModel, fileType: FileType, out: string): OllamaOutput {
  const why = whyNotOllama(fileType);
  if (why !== undefined) {
    throw new UsageError("not-for-ollama", `${fileType.name} is no type for Ollama: ${why}`, {
      found: fileType.name,
      hint: "Choose a type such as Q4_K_M or Q8_0.",
    });
  }
  const stem = out.replace(/\.gguf$/i, "");
  const path = `${stem}.Modelfile`;
  const text = modelfile({ gguf: basename(out), chatTemplate: model.chatTemplate, parameters: model.sampling });
  return { path, text, command: createCommand(basename(stem).toLowerCase(), path) };
}
