import { findDoubleDecoder } from "../../core/decode/doubleDecoder";
import { codeTable, isPacked } from "../../core/measure/codeTable";
import { countFew, fewKeys } from "../../core/measure/countFew";
import { codeFigures, type TensorFigures, wideFigures } from "../../core/measure/figures";
import { binRange, constantHistogram } from "../../core/measure/histogram";
import { Moments, type MomentsState } from "../../core/measure/moments";
import { type SparseCounts, sparseCounts } from "../../core/measure/patternCounts";
import type { HistogramReport } from "../../core/measure/reports";
import { findDType } from "../../core/tensor/dtype";
import { forEachDoubleChunk } from "./doubleChunks";
import { countBins } from "./histogramTask";
import { doubleSums, momentSums, scanSums } from "./momentSums";
import { bytesOf, forEachChunk, type Slice, type TaskEnvironment, valuesPerChunk } from "./slice";
import { chunkBytes, type Workspace } from "./workspace";

/** A piece of a tensor to scan. */
export interface ScanPiece {
  slice: Slice;
  /** Whether it is all of the tensor, so that its histogram can be counted here too. */
  whole: boolean;
}

/** First pass over pieces of one file. */
export interface ScanTask {
  kind: "scan";
  pieces: ScanPiece[];
  bins: number;
  /** Whether whole tensors come back as figures, or as states like everything else. */
  finish: boolean;
}

/**
 * What the first pass over a piece found: for types of at most 16 bits how often each code occurs, which says
 * everything; for wider ones moments, and counts of the top 16 bits of the float32 pattern.
 */
export type ScanState = { kind: "codes"; codes: SparseCounts } | { kind: "wide"; moments: MomentsState; patterns: SparseCounts };

/** `histogram` is null where it follows from the state, and for pieces of tensors, whose range is not known yet. */
export type ScanResult =
  { kind: "figures"; figures: TensorFigures } | { kind: "state"; state: ScanState; histogram: HistogramReport | null };

export function runScan(task: ScanTask, environment: TaskEnvironment): ScanResult[] {
  return task.pieces.map((piece) => scanPiece(piece, task, environment));
}

function scanPiece({ slice, whole }: ScanPiece, { bins, finish }: ScanTask, environment: TaskEnvironment): ScanResult {
  const table = codeTable(slice.dtype);
  if (table) {
    const codes = isPacked(slice.dtype) ? scanWide(slice, blockSizeOf(slice), 1, environment).patterns : countCodes(slice, environment);
    if (whole && finish) return { kind: "figures", figures: codeFigures(table, codes, bins) };
    return { kind: "state", state: { kind: "codes", codes }, histogram: null };
  }
  const unit = blockSizeOf(slice);
  const isAtHand = whole && slice.values <= valuesPerChunk(slice.dtype, unit) && !findDoubleDecoder(slice.dtype);
  const { moments, patterns } = scanWide(slice, unit, isAtHand ? 1 : 0.5, environment);
  const histogram = whole ? wholeHistogram(slice, moments, bins, isAtHand, environment) : null;
  if (whole && finish) return { kind: "figures", figures: wideFigures(moments, patterns, histogram) };
  return { kind: "state", state: { kind: "wide", moments, patterns }, histogram };
}

function blockSizeOf({ dtype }: Slice): number {
  return findDType(dtype)!.blockSize;
}

function wholeHistogram(slice: Slice, moments: MomentsState, bins: number, isAtHand: boolean, environment: TaskEnvironment) {
  if (!(moments.min < moments.max)) return constantHistogram(moments, bins);
  const { low, high } = binRange(moments.min, moments.max);
  return { min: low, max: high, counts: countBins({ slice, low, high, bins }, isAtHand, environment) };
}

/** Counts the stored codes of a type of 8 or 16 bits. */
function countCodes(slice: Slice, { workspace, source, control }: TaskEnvironment): SparseCounts {
  const { kernels, input, counts, scratch } = workspace;
  const width = bytesOf(slice.dtype, 1);
  const total = slice.values * width;
  const few = slice.values <= fewKeys;
  const table = workspace.words(counts, width === 1 ? 256 : 65536);
  if (!few) table.fill(0);
  for (let done = 0; done < total; done += chunkBytes) {
    control.check();
    const bytes = Math.min(chunkBytes, total - done);
    source.read(slice.offset + done, workspace.bytes(input, bytes));
    if (!few && width === 1) kernels.patternCounts8(input, bytes, counts, scratch);
    else if (!few) kernels.patternCounts16(input, bytes / 2, counts, scratch);
    control.advance(bytes, 1);
  }
  if (!few) return sparseCounts(table);
  return countFew(width === 1 ? workspace.bytes(input, slice.values) : workspace.halves(input, slice.values));
}

/** Moments of the values, and counts of the patterns they have as float32. */
function scanWide(slice: Slice, unit: number, share: 0.5 | 1, environment: TaskEnvironment) {
  const { workspace } = environment;
  const { kernels, x, counts, scratch } = workspace;
  const few = slice.values <= fewKeys;
  const table = workspace.words(counts, 65536);
  if (!few) table.fill(0);
  const moments = new Moments();
  if (!findDoubleDecoder(slice.dtype)) {
    forEachChunk(environment, slice, unit, share, (count) => moments.add(few ? momentSums(workspace, count) : scanSums(workspace, count)));
  } else {
    forEachDoubleChunk(environment, slice, share, (values) => {
      const floats = workspace.floats(x, values.length);
      for (let i = 0; i < floats.length; i++) floats[i] = withinFloat32(values[i]!);
      moments.add(doubleSums(values));
      if (!few) kernels.patternCounts32(x, values.length, counts, scratch);
    });
  }
  return { moments: moments.state(), patterns: few ? fewPatterns(workspace, slice.values) : sparseCounts(table) };
}

const largestFloat32 = (2 - 2 ** -23) * 2 ** 127;

/** Finite values beyond float32 become its largest, so that they are counted among the finite ones. */
function withinFloat32(value: number): number {
  return Number.isFinite(value) ? Math.max(-largestFloat32, Math.min(largestFloat32, value)) : value;
}

function fewPatterns(workspace: Workspace, count: number): SparseCounts {
  // The upper half of each little-endian word.
  const halves = workspace.halves(workspace.x, 2 * count);
  const keys = new Uint16Array(count);
  for (let i = 0; i < count; i++) keys[i] = halves[2 * i + 1]!;
  return countFew(keys);
}
