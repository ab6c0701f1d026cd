import { closeSync, openSync, writeSync } from "node:fs";
import { basename } from "node:path";
import { FormatError } from "../../core/errors";
import { firstNonFinite } from "../../core/measure/nonFinite";
import { validateBlocks } from "../../core/measure/validateBlocks";
import { findDType } from "../../core/tensor/dtype";
import { explainWriteError } from "../../io/atomicFile";
import { leastCommonMultiple } from "./cutRule";
import { storingScheme } from "../storingScheme";
import { schemeQuantizer } from "./schemeQuantizer";
import { bytesOf, forEachChunk, type Slice, sliceFrom, type TaskEnvironment } from "./slice";
import { chunkBytes } from "./workspace";

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
}

/** Each worker reads, quantizes and writes its pieces by itself: bytes of tensors never change threads. */
export interface QuantizeTask {
  kind: "quantize";
  /** Path of the file that is written to; it exists. */
  target: string;
  pieces: QuantizePiece[];
}

/** @throws FormatError `quantize.not-finite`, `quantize.overflow`, or why the output cannot be written */
export function runQuantize({ target, pieces }: QuantizeTask, environment: TaskEnvironment): void {
  const output = new Output(target);
  try {
    for (const piece of pieces) {
      if (piece.slice.dtype === piece.type) copyPiece(piece, environment, output);
      else quantizePiece(piece, environment, output);
    }
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
    checkFinite(dtype, bytes, tensor, from + start);
    output.write(bytes, at + bytesOf(dtype, start));
    control.advance(bytes.length, 1);
  }
}

function quantizePiece(piece: QuantizePiece, environment: TaskEnvironment, output: Output): void {
  const { slice, tensor, from, type, columns, importance, at } = piece;
  const { workspace } = environment;
  const { x } = workspace;
  const { blockSize } = findDType(type)!;
  const blocks = leastCommonMultiple(findDType(slice.dtype)!.blockSize, blockSize);
  // With weights, some types look at a whole row at once.
  const unit = importance ? leastCommonMultiple(columns, blocks) : blocks;
  const quantize = schemeQuantizer(storingScheme(type), environment);
  forEachChunk(environment, slice, unit, 1, (count, start) => {
    checkFinite("F32", workspace.bytes(x, 4 * count), tensor, from + start);
    const bytes = quantize(count, importance ? columns : unit, importance);
    // llama.cpp refuses to load a file with such blocks.
    const invalid = validateBlocks(type, bytes);
    if (invalid) throw overflow(type, tensor, from + start + invalid.block * blockSize);
    output.write(bytes, at + bytesOf(type, start));
  });
}

function checkFinite(dtype: string, bytes: Uint8Array, tensor: string, from: number): void {
  const place = firstNonFinite(dtype, bytes);
  if (place < 0) return;
  throw new FormatError("quantize.not-finite", `${tensor} holds a value that is not finite: number ${from + place}`, {
    tensor,
    expected: "finite values",
    found: `NaN or infinity at index ${from + place}`,
    hint: "The checkpoint is damaged, or training diverged. Nothing was written.",
  });
}

function overflow(type: string, tensor: string, index: number): FormatError {
  return new FormatError("quantize.overflow", `${tensor} holds values too large for ${type}: near number ${index}`, {
    tensor,
    expected: "values whose scale fits in half precision",
    found: `a block at index ${index} whose scale would be infinite`,
    hint: "Choose BF16 or F32 for this tensor. Nothing was written.",
  });
}
