import { firstNonFinite } from "../../core/measure/nonFinite";
import { validateBlocks } from "../../core/measure/validateBlocks";
import { countCoarseScales, usualHalves } from "../../core/quant/ggml/coarseScales";
import { findDType } from "../../core/tensor/dtype";
import { storingScheme } from "../storingScheme";
import { leastCommonMultiple } from "./cutRule";
import { OutputFile } from "./outputFile";
import { overflow, refuseNonFinite } from "./refusals";
import { schemeQuantizer } from "./schemeQuantizer";
import { bytesOf, forEachChunk, type Slice, sliceFrom, type TaskEnvironment } from "./slice";
import { quantizeSplit, type SplitPiece } from "./splitPiece";
import { chunkBytes } from "./workspace";

/** The largest number in half precision. */
const halfMax = 65504;

/** A run of a tensor's values to be stored in another type, or the same, at a place of the output. */
export interface QuantizePiece {
  tensor: string;
  /** Of the input, in whole blocks of both types; whole rows with an importance matrix. */
  slice: Slice;
  /** Index, in the tensor, of the first value. */
  from: number;
  /** Identifier of the stored type of the output. */
  type: string;
  /** Length of a row. */
  columns: number;
  /** Weights of a row's values. */
  importance?: Float32Array;
  /** Byte of the output at which the piece begins. */
  at: number;
  /** For matrices that are stored in several tensors; `at` then is no matter. */
  split?: SplitPiece;
}

/** Blocks whose values are too small for the type, so that it stores them worse than it promises, or as zeros. */
export interface CoarseBlocks {
  tensor: string;
  type: string;
  blocks: number;
  /** Index, in the tensor, of the first value of the first of them. */
  first: number;
}

/** Each worker reads, quantizes and writes its pieces by itself: bytes of tensors never change threads. */
export interface QuantizeTask {
  kind: "quantize";
  /** Path of the file that is written to; it exists. */
  target: string;
  pieces: QuantizePiece[];
}

/** What came of a task. */
export interface QuantizedPieces {
  /** Bytes of the output. */
  written: number;
  /** At most one entry a piece. */
  coarse: CoarseBlocks[];
}

/** @throws FormatError `quantize.not-finite`, `quantize.overflow`, or why the output cannot be written */
export function runQuantize({ target, pieces }: QuantizeTask, environment: TaskEnvironment): QuantizedPieces {
  const output = new OutputFile(target);
  const coarse: CoarseBlocks[] = [];
  try {
    for (const piece of pieces) {
      if (piece.split) quantizeSplit({ ...piece, split: piece.split }, environment, output);
      else if (piece.slice.dtype === piece.type) copyPiece(piece, environment, output);
      else coarse.push(...quantizePiece(piece, environment, output));
    }
    return { written: output.written, coarse };
  } finally {
    output.close();
  }
}

/** The same type: the same bytes, but not if they hold what llama.cpp refuses to load. */
function copyPiece({ slice, tensor, from, at }: QuantizePiece, { workspace, source, control }: TaskEnvironment, output: OutputFile): void {
  const { dtype, values } = slice;
  const block = findDType(dtype)!;
  const step = Math.floor(chunkBytes / block.blockBytes) * block.blockSize;
  for (let start = 0; start < values; start += step) {
    control.check();
    const part = sliceFrom(slice, start, Math.min(step, values - start));
    const bytes = workspace.bytes(workspace.input, bytesOf(dtype, part.values));
    source.read(part.offset, bytes);
    refuseNonFinite(firstNonFinite(dtype, bytes), tensor, from + start);
    output.write(bytes, at + bytesOf(dtype, start));
    control.advance(bytes.length, 1);
  }
}

/** @returns what it stores badly, at most one entry */
function quantizePiece(piece: QuantizePiece, environment: TaskEnvironment, output: OutputFile): CoarseBlocks[] {
  const { slice, tensor, from, type, columns, importance, at } = piece;
  const { workspace } = environment;
  const { x, kernels } = workspace;
  const { blockSize } = findDType(type)!;
  const blocks = leastCommonMultiple(findDType(slice.dtype)!.blockSize, blockSize);
  // With weights, some types look at a whole row at once.
  const unit = importance ? leastCommonMultiple(columns, blocks) : blocks;
  const quantize = schemeQuantizer(storingScheme(type), environment);
  const coarse: CoarseBlocks = { tensor, type, blocks: 0, first: -1 };
  const halves = usualHalves(type);
  forEachChunk(environment, slice, unit, 1, (count, start) => {
    refuseNonFinite(kernels.firstNonFinite(x, count), tensor, from + start);
    const bytes = quantize(count, importance ? columns : unit, importance);
    const isUsual = halves?.every(
      ({ stride, at: half, least }) => kernels.firstUnusualHalf(bytes.byteOffset, bytes.length / stride, stride, half, least) < 0,
    );
    if (!isUsual) inspect(bytes, start, count);
    output.write(bytes, at + bytesOf(type, start));
  });
  return coarse.blocks > 0 ? [coarse] : [];

  function inspect(bytes: Uint8Array, start: number, count: number): void {
    // llama.cpp refuses to load a file with such blocks.
    const invalid = validateBlocks(type, bytes);
    if (invalid) throw overflow(type, tensor, from + start + invalid.block * blockSize);
    const values = workspace.floats(x, count);
    const found = countCoarseScales(type, bytes, values);
    if (found && found.count > 0) {
      const at = found.first * blockSize;
      // Beyond the range of an F16 scale, some types store zeros instead.
      if (values.subarray(at, at + blockSize).some((value) => Math.abs(value) > halfMax)) throw overflow(type, tensor, from + start + at);
      if (coarse.blocks === 0) coarse.first = from + start + at;
      coarse.blocks += found.count;
    }
  }
}
