import { UsageError } from "../core/errors";
import type { FileRef } from "../core/fileRef";
import { findSplitScheme } from "../core/quant/split/registry";
import type { FilePlan, SplitPlan, TensorPlan } from "../core/recipe/preflight";
import { findDType } from "../core/tensor/dtype";
import { countValues, matrixShape } from "../core/tensor/tensorInfo";
import type { TemporaryFile } from "../io/atomicFile";
import { costPerValue } from "./schemeCost";
import { storingScheme } from "./storingScheme";
import { leastCommonMultiple } from "./tasks/cutRule";
import type { QuantizePiece } from "./tasks/quantizeTask";
import { bytesOf, type Slice, sliceFrom } from "./tasks/slice";
import { mostChunkValues } from "./tasks/workspace";
import { slicePieces } from "./tensorPlan";

/** Nanoseconds of one task. */
const taskNs = 50e6;
/** The last ones take less, so that all threads end at about the same time: of what is left this part, but no less than that. */
const lastPart = 1 / 8;
const leastTaskNs = 5e6;
/** Nanoseconds a value costs that is only copied. */
const copyNs = 2;
/** And one that is quantized with scales apart. */
const splitNs = 40;
/** Values of one task of such: what is written lies in runs that are the longer the more rows there are. */
const splitValues = 2 ** 21;

/** Pieces of one file, for one worker. */
export interface TaskPlan {
  target: string;
  source: FileRef;
  pieces: QuantizePiece[];
}

/** What is known of whole tensors before any of their pieces is quantized. */
export interface TensorNotes {
  /** Weights for the columns of a tensor; see `QuantizeInput`. */
  importance?: (tensor: string) => Float32Array | undefined;
  /** Sums over a matrix whose scheme needs them; see {@link summedTensors}. */
  sums?: ReadonlyMap<string, readonly number[]>;
}

/** Pieces in the order of the output; small ones that follow each other share a task. */
export function* tasksOf(files: readonly FilePlan[], targets: readonly TemporaryFile[], notes: TensorNotes): Generator<TaskPlan> {
  let left = files.flatMap(({ tensors }) => tensors).reduce((sum, tensor) => sum + countValues(tensor.shape) * costOf(tensor), 0);
  for (const [index, { layout, tensors }] of files.entries()) {
    const target = targets[index]!.path;
    let task: TaskPlan | undefined;
    let cost = 0;
    for (const [place, tensor] of tensors.entries()) {
      const most = Math.min(taskNs, Math.max(leastTaskNs, left * lastPart));
      for (const piece of piecesOf(tensor, layout.offsets[place]!, most, notes)) {
        const added = piece.slice.values * costOf(tensor);
        left -= added;
        if (task && (task.source !== tensor.source.ref || cost + added > most)) {
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

/**
 * Pieces of one tensor: whole rows with weights, those of each stacked matrix apart since it has weights of its own.
 *
 * @param most nanoseconds of one
 */
function* piecesOf(tensor: TensorPlan, offset: number, most: number, { importance, sums }: TensorNotes): Generator<QuantizePiece> {
  if (tensor.split) return yield* splitPieces(tensor, tensor.split, sums?.get(tensor.name) ?? []);
  const { name, shape, type, source } = tensor;
  const { columns } = matrixShape(shape);
  const whole = wholeSlice(tensor);
  const blocks = leastCommonMultiple(findDType(source.dtype)!.blockSize, findDType(type)!.blockSize);
  const used = source.dtype === type ? undefined : checkedWeights(tensor, importance?.(tensor.name));
  const matrices = used ? used.length / columns : 1;
  const each = whole.values / matrices;
  const unit = used ? leastCommonMultiple(columns, blocks) : blocks;
  if (whole.values === 0) return;
  if (unit > mostChunkValues) throw rowsTooLong(tensor, unit);
  for (let matrix = 0; matrix < matrices; matrix++) {
    const rowWeights = used?.slice(matrix * columns, (matrix + 1) * columns);
    let from = matrix * each;
    for (const slice of slicePieces(sliceFrom(whole, from, each), unit, most / costOf(tensor))) {
      yield { tensor: name, slice, from, type, columns, importance: rowWeights, at: offset + bytesOf(type, from) };
      from += slice.values;
    }
  }
}

/** Pieces of a matrix that is stored in several tensors, in whole units of its scheme. */
function* splitPieces(tensor: TensorPlan, { scheme: id, at, dtype }: SplitPlan, sums: readonly number[]): Generator<QuantizePiece> {
  const { name, shape, type } = tensor;
  const matrix = { ...matrixShape(shape), dtype };
  const unit = splitUnit(tensor, findSplitScheme(id)!.unit(matrix));
  if (matrix.rows * matrix.columns === 0) return;
  let from = 0;
  for (const slice of slicePieces(wholeSlice(tensor), unit, splitValues)) {
    yield { tensor: name, slice, from, type, columns: matrix.columns, at: 0, split: { scheme: id, matrix, at, sums } };
    from += slice.values;
  }
}

/** The matrices whose schemes need sums over all of them, in pieces as they may be cut. */
export function* summedTensors(files: readonly FilePlan[]): Generator<{ tensor: TensorPlan; scheme: string; slice: Slice }> {
  for (const tensor of files.flatMap(({ tensors }) => tensors)) {
    const { split, shape } = tensor;
    const scheme = split && findSplitScheme(split.scheme)!;
    if (!scheme?.sumsOf) continue;
    const unit = splitUnit(tensor, scheme.unit({ ...matrixShape(shape), dtype: split!.dtype }));
    for (const slice of slicePieces(wholeSlice(tensor), unit, splitValues)) yield { tensor, scheme: scheme.sumsOf, slice };
  }
}

/** Values between cuts. @throws UsageError `rows-too-long` */
function splitUnit(tensor: TensorPlan, unit: number): number {
  const common = leastCommonMultiple(unit, findDType(tensor.source.dtype)!.blockSize);
  if (common > mostChunkValues) throw rowsTooLong(tensor, common);
  return common;
}

function wholeSlice({ source, shape }: TensorPlan): Slice {
  return { dtype: source.dtype, offset: source.offset, values: countValues(shape) };
}

/** @param unit values that would have to stay together */
export function rowsTooLong({ name }: { readonly name: string }, unit: number): UsageError {
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
