import { basename, dirname, resolve } from "node:path";
import { findDecoder } from "../core/decode/decoder";
import { FormatError, UsageError } from "../core/errors";
import type { LayerProvider } from "../core/export/quantizedLayer";
import type { FilePlan, TensorPlan, WritePlan } from "../core/recipe/preflight";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { countValues } from "../core/tensor/tensorInfo";
import { type TemporaryFile, writeFilesAtomically } from "../io/atomicFile";
import { EarlySync } from "../io/earlySync";
import { freeBytes } from "../io/freeSpace";
import type { JobContext } from "./contract";
import { checkNotInput, checkUnchanged, pathsOf, stampFiles } from "./inputFiles";
import { JobRun, type TaskRunner } from "./jobRun";
import { summedTensors, tasksOf } from "./quantizePieces";
import { storingScheme } from "./storingScheme";
import type { CoarseBlocks } from "./tasks/quantizeTask";
import { emptyRange } from "./tasks/rangeTask";
import { bytesOf } from "./tasks/slice";
import { addedSums } from "./tasks/tensorSums";
import { writeLayers } from "./writeLayers";

export interface QuantizeInput {
  checkpoint: Checkpoint;
  /** Its files are named by the paths they get. */
  plan: WritePlan;
  /** Weights for the columns of a tensor, those of stacked matrices one after the other; absent where there are none. */
  importance?: (tensor: string) => Float32Array | undefined;
  /** Quantizes the matrices that are stored in several tensors; absent: rounded to nearest here. */
  layers?: LayerProvider;
}

export interface QuantizeReport {
  files: { path: string; bytes: number }[];
  elapsedMs: number;
  /** Of the input. */
  bytesRead: number;
  /** Tensors with values too small for their type. */
  coarse: CoarseBlocks[];
}

/** Against plain statistics. */
const effort = 16;

/**
 * Writes a checkpoint as planned. Workers read, quantize and write pieces by themselves; the files take their names when
 * all are complete. Whatever stops it, files that had these names stay as they were.
 *
 * @throws UsageError for a type without a quantizer; FormatError `quantize.not-finite`, `quantize.overflow`, `io.changed`,
 *   `io.no-space` and what reading and writing throw; CancelledError
 */
export async function quantizeCheckpoint(pool: TaskRunner, input: QuantizeInput, context: JobContext): Promise<QuantizeReport> {
  const startedAt = performance.now();
  const { checkpoint, plan, importance, layers } = input;
  const { sidecars = [] } = plan;
  // What comes as layers is read by whoever quantizes them.
  const files = layers ? plan.files.map((file) => withoutSplit(file)) : plan.files;
  await checkOutput(checkpoint, plan);
  const stamps = await stampFiles(pathsOf(plan.tensors.map(({ source }) => source.ref)));
  const bytesRead = files
    .flatMap(({ tensors }) => tensors)
    .reduce((sum, tensor) => sum + bytesOf(tensor.source.dtype, countValues(tensor.shape)), 0);
  const coarse = new Map<string, CoarseBlocks>();
  const write = async (targets: readonly TemporaryFile[]): Promise<void> => {
    for (const [index, { bytes }] of sidecars.entries()) await targets[plan.files.length + index]!.handle.writeFile(bytes);
    for (const [index, { layout }] of plan.files.entries()) {
      const { handle } = targets[index]!;
      await handle.write(layout.header, 0, layout.header.length, 0);
      // Padding is what nobody writes.
      await handle.truncate(layout.bytes);
    }
    const syncs = new Map(targets.map(({ path, handle }) => [path, new EarlySync(handle)]));
    await JobRun.run(pool, context, { bytes: bytesRead, effort }, async (run) => {
      const sums = await sumsOf(run, files);
      await run.inOrder(
        tasksOf(files, targets, { importance, sums }),
        async ({ target, source, pieces }) => {
          const { written, coarse: found } = await run.task({ kind: "quantize", target, pieces }, source);
          syncs.get(target)!.wrote(written);
          return found;
        },
        (_, found) => addCoarse(coarse, found),
      );
    });
    for (const sync of syncs.values()) await sync.end();
    if (layers) await writeLayers(layers, plan.files, targets, context.signal);
    await checkUnchanged(stamps);
  };
  await writeFilesAtomically(
    [...plan.files, ...sidecars].map(({ name }) => name),
    write,
    context.signal,
  );
  const written = plan.files.map(({ name, layout }) => ({ path: name, bytes: layout.bytes }));
  return { files: written, elapsedMs: performance.now() - startedAt, bytesRead, coarse: [...coarse.values()] };
}

/**
 * Whether the files can be written: better known before hours of work.
 *
 * @throws UsageError `unknown-type`, `unreadable-tensor`, `output-is-input`; FormatError `io.no-space`
 */
export async function checkOutput(checkpoint: Checkpoint, plan: WritePlan): Promise<void> {
  for (const tensor of plan.tensors) checkTypes(tensor);
  for (const file of [...plan.files, ...(plan.sidecars ?? [])]) await checkNotInput(checkpoint, file.name);
  await checkSpace(plan);
}

/** A file without the matrices that come as layers; the others keep their places. */
function withoutSplit(file: FilePlan): FilePlan {
  const kept = [...file.tensors.keys()].filter((place) => !file.tensors[place]!.split);
  const offsets = kept.map((place) => file.layout.offsets[place]!);
  return { ...file, tensors: kept.map((place) => file.tensors[place]!), layout: { ...file.layout, offsets } };
}

/** Sums over the matrices whose schemes need them, by all threads. */
async function sumsOf(run: JobRun, files: readonly FilePlan[]): Promise<Map<string, readonly number[]>> {
  const sums = new Map<string, readonly number[]>();
  await run.inOrder(
    summedTensors(files),
    ({ tensor, scheme, slice }) =>
      run.task({ kind: "sums", slice, shape: tensor.shape, schemes: [scheme], range: emptyRange }, tensor.source.ref),
    ({ tensor: { name }, scheme }, found) => {
      const before = sums.get(name);
      sums.set(name, addedSums(before ? { [scheme]: before } : {}, found)[scheme]!);
    },
  );
  return sums;
}

/** Sums by tensor. What is found comes in the order of the output. */
function addCoarse(coarse: Map<string, CoarseBlocks>, found: readonly CoarseBlocks[]): void {
  for (const piece of found) {
    const sum = coarse.get(piece.tensor);
    if (sum) sum.blocks += piece.blocks;
    else coarse.set(piece.tensor, piece);
  }
}

/** @throws UsageError `unknown-type`, `unreadable-tensor` */
function checkTypes({ name, source, type, split }: TensorPlan): void {
  if (source.dtype === type && !split) return;
  if (!split) storingScheme(type);
  if (findDecoder(source.dtype)) return;
  throw new UsageError("unreadable-tensor", `${name} cannot be written as ${type}: values of type ${source.dtype} are not decoded`, {
    tensor: name,
  });
}

/** @throws FormatError `io.no-space`: better now than after hours of work */
async function checkSpace({ bytes, files }: WritePlan): Promise<void> {
  const folder = dirname(resolve(files[0]!.name));
  const free = await freeBytes(folder);
  if (free === undefined || free >= bytes) return;
  const file = basename(files[0]!.name);
  throw new FormatError("io.no-space", `"${file}" cannot be written: the disk has too little room`, {
    file,
    expected: `${bytes} bytes`,
    found: `${free} bytes`,
    hint: "Free some space or choose another disk.",
  });
}
