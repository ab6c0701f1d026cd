import { closeSync, openSync, writeSync } from "node:fs";
import { basename } from "node:path";
import { FormatError } from "../../core/errors";
import { findSplitScheme } from "../../core/quant/split/registry";
import { firstNonFinite } from "../../core/measure/nonFinite";
import { countCoarseScales, usualHalves } from "../../core/quant/ggml/coarseScales";
import { validateBlocks } from "../../core/measure/validateBlocks";
import { findDType } from "../../core/tensor/dtype";
import { explainWriteError } from "../../io/atomicFile";
import { leastCommonMultiple } from "./cutRule";
import { storingScheme } from "../storingScheme";
import { schemeQuantizer } from "./schemeQuantizer";
import { bytesOf, forEachChunk, type Slice, sliceFrom, type TaskEnvironment } from "./slice";
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
  /** For schemes with scales in a tensor of their own: the scheme, where the piece's scales begin, and the bytes of one. */
  scales?: { scheme: string; at: number; bytes: number };
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

/** @throws FormatError `quantize.not-finite`, `quantize.overflow`, or why the output cannot be written */
export function runQuantize({ target, pieces }: QuantizeTask, environment: TaskEnvironment): CoarseBlocks[] {
  const output = new Output(target);
  const coarse: CoarseBlocks[] = [];
  try {
    for (const piece of pieces) {
      if (piece.scales) splitPiece(piece, piece.scales, environment, output);
      else if (piece.slice.dtype === piece.type) copyPiece(piece, environment, output);
      else coarse.push(...quantizePiece(piece, environment, output));
    }
    return coarse;
  } finally {
    output.close();
  }
}

class Output {
  private readonly handle: number;

  constructor(private readonly path: string) {
    try {
      this.handle = openSync(path, "r+");
    } catch (error) {
      throw explainWriteError(error, basename(path));
    }
  }

  write(bytes: Uint8Array, at: number): void {
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.handle, bytes, done, bytes.length - done, at + done);
    } catch (error) {
      throw explainWriteError(error, basename(this.path));
    }
  }

  close(): void {
    closeSync(this.handle);
  }
}

/** The same type: the same bytes, but not if they hold what llama.cpp refuses to load. */
function copyPiece({ slice, tensor, from, at }: QuantizePiece, { workspace, source, control }: TaskEnvironment, output: Output): void {
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
function quantizePiece(piece: QuantizePiece, environment: TaskEnvironment, output: Output): CoarseBlocks[] {
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

/** Codes to one tensor, their scales to another. */
function splitPiece(piece: QuantizePiece, place: NonNullable<QuantizePiece["scales"]>, environment: TaskEnvironment, output: Output): void {
  const { slice, tensor, from, columns, at } = piece;
  const { workspace } = environment;
  const scheme = findSplitScheme(place.scheme)!;
  const unit = scheme.unit(columns);
  forEachChunk(environment, slice, leastCommonMultiple(unit, findDType(slice.dtype)!.blockSize), 1, (count, start) => {
    refuseNonFinite(workspace.kernels.firstNonFinite(workspace.x, count), tensor, from + start);
    const codes = workspace.bytes(workspace.codes, scheme.codeBytes(count));
    const scales = workspace.bytes(workspace.y, (count / unit) * place.bytes);
    scheme.quantize(workspace.floats(workspace.x, count), columns, slice.dtype, codes, scales);
    output.write(codes, at + scheme.codeBytes(start));
    output.write(scales, place.at + (start / unit) * place.bytes);
  });
}

/** @param place index among the values from `from`, or −1 */
function refuseNonFinite(place: number, tensor: string, from: number): void {
  if (place < 0) return;
  throw new FormatError("quantize.not-finite", `${tensor} holds a value that is not finite: number ${from + place}`, {
    tensor,
    expected: "finite values",
    found: `NaN or infinity at index ${from + place}`,
    hint: "The checkpoint is damaged, or training diverged. Nothing was written.",
  });
}

function overflow(type: string, tensor: string, index: number): FormatError {
  const isFloat = findDType(type)?.family === "float";
  return new FormatError("quantize.overflow", `${tensor} holds values too large for ${type}: near number ${index}`, {
    tensor,
    expected: isFloat ? `values that ${type} can hold` : "values whose scale fits in half precision",
    found: isFloat ? `a value at index ${index} that would become infinite` : `a block at index ${index} whose scale would not fit`,
    hint: `Choose ${type === "BF16" ? "F32" : "BF16 or F32"} for this tensor. Nothing was written.`,
  });
}
