import { basename, dirname, resolve } from "node:path";
import { FormatError, UsageError } from "../core/errors";
import { findSplitScheme } from "../core/quant/split/registry";
import type { FileRef } from "../core/fileRef";
import type { Checkpoint } from "../core/tensor/checkpoint";
import type { FilePlan, TensorPlan, WritePlan } from "../core/recipe/preflight";
import { findDType } from "../core/tensor/dtype";
import { countValues, matrixShape } from "../core/tensor/tensorInfo";
import { findDecoder } from "../core/decode/decoder";
import { type TemporaryFile, writeFilesAtomically } from "../io/atomicFile";
import { freeBytes } from "../io/freeSpace";
import type { JobContext } from "./contract";
import { checkNotInput, checkUnchanged, pathsOf, stampFiles } from "./inputFiles";
import { JobRun, type TaskRunner } from "./jobRun";
import { costPerValue } from "./schemeCost";
import { leastCommonMultiple } from "./tasks/cutRule";
import type { CoarseBlocks, QuantizePiece } from "./tasks/quantizeTask";
import { storingScheme } from "./storingScheme";
import { bytesOf, type Slice, sliceFrom } from "./tasks/slice";
import { mostChunkValues } from "./tasks/workspace";
import { slicePieces } from "./tensorPlan";

export interface QuantizeInput {
  checkpoint: Checkpoint;
  /** Its files are named by the paths they get. */
  plan: WritePlan;
  /** Weights for the columns of a tensor, those of stacked matrices one after the other; absent where there are none. */
  importance?: (tensor: string) => Float32Array | undefined;
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
/** Nanoseconds of one task. */
const taskNs = 50e6;
/** Nanoseconds a value costs that is only copied. */
const copyNs = 2;
/** And one that is quantized with scales apart. */
const splitNs = 40;

/**
 * Writes a checkpoint as planned. Workers read, quantize and write pieces by themselves; the files take their names when
 * all are complete. Whatever stops it, files that had these names stay as they were.
 *
 * @throws UsageError for a type without a quantizer; FormatError `quantize.not-finite`, `quantize.overflow`, `io.changed`,
 *   `io.no-space` and what reading and writing throw; CancelledError
 */
export async function quantizeCheckpoint(pool: TaskRunner, input: QuantizeInput, context: JobContext): Promise<QuantizeReport> {
  const startedAt = performance.now();
  const { checkpoint, plan, importance } = input;
  const { sidecars = [] } = plan;
  for (const tensor of plan.tensors) checkTypes(tensor);
  for (const file of [...plan.files, ...sidecars]) await checkNotInput(checkpoint, file.name);
  await checkSpace(plan);
  const stamps = await stampFiles(pathsOf(plan.tensors.map(({ source }) => source.ref)));
  const bytesRead = plan.tensors.reduce((sum, tensor) => sum + bytesOf(tensor.source.dtype, countValues(tensor.shape)), 0);
  const coarse = new Map<string, CoarseBlocks>();
  const write = async (targets: readonly TemporaryFile[]): Promise<void> => {
    for (const [index, { bytes }] of sidecars.entries()) await targets[plan.files.length + index]!.handle.writeFile(bytes);
    for (const [index, { layout }] of plan.files.entries()) {
      const { handle } = targets[index]!;
      await handle.write(layout.header, 0, layout.header.length, 0);
      // Padding is what nobody writes.
      await handle.truncate(layout.bytes);
    }
    await JobRun.run(pool, context, { bytes: bytesRead, effort }, (run) =>
      run.inOrder(
        tasksOf(plan.files, targets, importance),
        ({ target, source, pieces }) => run.task({ kind: "quantize", target, pieces }, source),
        (_, found) => addCoarse(coarse, found),
      ),
    );
    await checkUnchanged(stamps);
  };
  await writeFilesAtomically(
    [...plan.files, ...sidecars].map(({ name }) => name),
    write,
    context.signal,
  );
  const files = plan.files.map(({ name, layout }) => ({ path: name, bytes: layout.bytes }));
  return { files, elapsedMs: performance.now() - startedAt, bytesRead, coarse: [...coarse.values()] };
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

interface TaskPlan {
  target: string;
  source: FileRef;
  pieces: QuantizePiece[];
}

/** Pieces in the order of the output; small ones that follow each other share a task. */
function* tasksOf(
  files: readonly FilePlan[],
  targets: readonly TemporaryFile[],
  importance: QuantizeInput["importance"],
): Generator<TaskPlan> {
  for (const [index, { layout, tensors }] of files.entries()) {
    const target = targets[index]!.path;
    let task: TaskPlan | undefined;
    let cost = 0;
    for (const [place, tensor] of tensors.entries()) {
      for (const piece of piecesOf(tensor, layout.offsets[place]!, importance?.(tensor.name))) {
        const added = piece.slice.values * costOf(tensor);
        if (task && (task.source !== tensor.source.ref || cost + added > taskNs)) {
          yield task;
          task = undefined;
        }
        if (!task) {
          task = { target, source: tensor.source.ref, pieces: [] };
          cost = 0;
        }
        task.pieces.push(piece);
        cost += added;
      }
    }
    if (task) yield task;
  }
}

function costOf({ source, type, split }: TensorPlan): number {
  if (split) return splitNs;
  return source.dtype === type ? copyNs : costPerValue(storingScheme(type));
}

/** Pieces of one tensor: whole rows with weights, those of each stacked matrix apart since it has weights of its own. */
function* piecesOf(tensor: TensorPlan, offset: number, weights: Float32Array | undefined): Generator<QuantizePiece> {
  if (tensor.split) return yield* splitPieces(tensor, tensor.split, offset);
  const { name, shape, type, source } = tensor;
  const { columns } = matrixShape(shape);
  const whole = wholeSlice(tensor);
  const blocks = leastCommonMultiple(findDType(source.dtype)!.blockSize, findDType(type)!.blockSize);
  const used = source.dtype === type ? undefined : checkedWeights(tensor, weights);
  const matrices = used ? used.length / columns : 1;
  const each = whole.values / matrices;
  const unit = used ? leastCommonMultiple(columns, blocks) : blocks;
  if (whole.values === 0) return;
  if (unit > mostChunkValues) throw rowsTooLong(tensor, unit);
  for (let matrix = 0; matrix < matrices; matrix++) {
    const rowWeights = used?.slice(matrix * columns, (matrix + 1) * columns);
    let from = matrix * each;
    for (const slice of slicePieces(sliceFrom(whole, from, each), unit, taskNs / costOf(tensor))) {
      yield { tensor: name, slice, from, type, columns, importance: rowWeights, at: offset + bytesOf(type, from) };
      from += slice.values;
    }
  }
}

/** Pieces of a tensor with scales of its own, in whole units of them. */
function* splitPieces(tensor: TensorPlan, { scheme: id, at }: NonNullable<TensorPlan["split"]>, offset: number): Generator<QuantizePiece> {
  const { name, shape, type, source } = tensor;
  const { rows, columns } = matrixShape(shape);
  const scheme = findSplitScheme(id)!;
  const unit = leastCommonMultiple(scheme.unit(columns), findDType(source.dtype)!.blockSize);
  if (rows * columns === 0) return;
  if (unit > mostChunkValues) throw rowsTooLong(tensor, unit);
  const scaleBytes = findDType(scheme.scales({ rows, columns, dtype: source.dtype }).dtype)!.blockBytes;
  let from = 0;
  for (const slice of slicePieces(wholeSlice(tensor), unit, taskNs / costOf(tensor))) {
    const scales = { scheme: id, at: at + (from / scheme.unit(columns)) * scaleBytes, bytes: scaleBytes };
    yield { tensor: name, slice, from, type, columns, at: offset + scheme.codeBytes(from), scales };
    from += slice.values;
  }
}

function wholeSlice({ source, shape }: TensorPlan): Slice {
  return { dtype: source.dtype, offset: source.offset, values: countValues(shape) };
}

function rowsTooLong({ name }: TensorPlan, unit: number): UsageError {
  return new UsageError("rows-too-long", `The rows of ${name} are too long to be quantized as a whole`, {
    tensor: name,
    expected: `at most ${mostChunkValues} values`,
    found: String(unit),
  });
}

/**
 * The weights of a tensor if they fit it: those of the token embedding never do, which llama-quantize passes over.
 *
 * @throws UsageError `bad-importance`
 */
function checkedWeights({ name, shape }: TensorPlan, weights: Float32Array | undefined): Float32Array | undefined {
  if (!weights) return undefined;
  const { columns } = matrixShape(shape);
  const expected = columns * (shape.length >= 3 ? shape[shape.length - 3]! : 1);
  if (weights.length === expected) return weights;
  if (name === "token_embd.weight") return undefined;
  throw new UsageError("bad-importance", `The importance matrix does not fit ${name}`, {
    tensor: name,
    expected: `${expected} weights`,
    found: String(weights.length),
    hint: "It was made for another model.",
  });
}
