import type { Checkpoint } from "../core/tensor/checkpoint";
import type { TensorInfo } from "../core/tensor/tensorInfo";
import type { ErrorFigures, HistogramReport, TensorStats } from "../core/measure/reports";
import type { AffineRange } from "../core/quant/affineArithmetic";

/** How a job tells how far it is and learns that it is no longer wanted. */
export interface JobContext {
  signal: AbortSignal;
  /** Bytes of tensor data read so far, and in all. Called at most about ten times a second. */
  progress(doneBytes: number, totalBytes: number): void;
}

export interface StatsInput {
  checkpoint: Checkpoint;
  /** Indices into `checkpoint.tensors`; all when absent. */
  tensors?: readonly number[];
  /** Histogram bins; 256 when absent. */
  bins?: number;
  /** Called as each tensor is done, in no fixed order. */
  onTensor?(index: number, stats: TensorStats): void;
}

export interface StatsReport {
  /** In the order asked for. Tensors that cannot be decoded are left out and named in `skipped`. */
  tensors: TensorStats[];
  skipped: { name: string; reason: string }[];
  elapsedMs: number;
  bytesRead: number;
}

export interface ErrorsInput {
  checkpoint: Checkpoint;
  tensors?: readonly number[];
  /** Scheme identifiers. */
  types: readonly string[];
  /**
   * Importance weights of a tensor's columns, as an importance matrix has them: quantizers that can use them do, and errors are
   * also given weighted. Of stacked experts, those of one after the other. Undefined where there are none.
   */
  importance?(tensor: TensorInfo): Float32Array | undefined;
  /** Called with figures of evenly spread values of every tensor, within seconds, before a job that takes longer is done. */
  onSampled?(report: SampledErrors): void;
  /** Called as each tensor is done, in no fixed order. */
  onTensor?(row: ErrorsReport["tensors"][number]): void;
}

/** An estimate of an {@link ErrorsReport}. */
export interface SampledErrors extends Pick<ErrorsReport, "tensors" | "total"> {
  /** Share of the values that was measured, 0 to 1. */
  share: number;
}

export interface ErrorsReport {
  tensors: { name: string; shape: number[]; types: Record<string, ErrorFigures> }[];
  total: Record<string, ErrorFigures>;
  skipped: { name: string; reason: string }[];
  elapsedMs: number;
  bytesRead: number;
}

export interface PreviewInput {
  checkpoint: Checkpoint;
  tensor: number;
  /** Scheme identifier. */
  scheme: string;
  bins: number;
  /** What a scan found of this tensor: saves the pass that finds its range. */
  stats?: TensorStats;
  /** Float32 values that another method than rounding to nearest made in the scheme's form: they take the place of the scheme's own. */
  values?: SharedArrayBuffer;
  /**
   * Called with the exact report when the job answered with a sampled one first. Without it the job answers once, with
   * the exact report.
   */
  onRefined?(report: PreviewReport): void;
  /** Called when that fails, also by being cancelled: the sampled answer is then the last. */
  onRefinementFailed?(error: unknown): void;
}

/** A block of a quantized tensor, found by a position inside it. */
export interface BlockInput {
  checkpoint: Checkpoint;
  tensor: number;
  row: number;
  column: number;
}

/** A picture of a tensor of at most `width` × `height` cells. */
export interface HeatmapInput {
  checkpoint: Checkpoint;
  tensor: number;
  width: number;
  height: number;
}

/** One tensor before and after a scheme, on the same bins: what the Histogram tab draws. */
export interface PreviewReport {
  scheme: string;
  /** True when only some rows were measured; the exact report follows. */
  sampled: boolean;
  /** Share of the values that was measured, 0 to 1. */
  share: number;
  before: HistogramReport;
  after: HistogramReport;
  /** Root of the mean squared error of the values in each bin of `before`; null where the bin is empty. */
  binRmse: (number | null)[];
  /** Scale, zero-point and codes of an affine scheme with one range for the tensor. */
  affine?: AffineRange;
  /** Levels the values can take, when there are at most 64 for the whole tensor (per-tensor affine schemes). */
  levels?: number[];
  beforeFigures: SummaryFigures;
  afterFigures: SummaryFigures;
  errors: ErrorFigures;
}

export interface SummaryFigures {
  min: number | null;
  mean: number | null;
  std: number | null;
  max: number | null;
  zero: number;
  nan: number;
  /** Infinities of either sign. */
  inf: number;
}

/** A rectangle of a tensor seen as a matrix (rows × the contiguous last dimension). */
export interface ValuesInput {
  checkpoint: Checkpoint;
  tensor: number;
  row: number;
  rows: number;
  column: number;
  columns: number;
}

export interface ValuesReport {
  name: string;
  /** The tensor's own shape. */
  shape: number[];
  row: number;
  column: number;
  /** Decoded values; NaN and infinities as the strings "NaN", "Infinity", "-Infinity", 64-bit integers as decimal text. */
  values: (number | string)[][];
  /** For block types: the integer code of every value. */
  codes?: number[][];
}

/** How long the product of a matrix with a vector takes in one worker thread, in two ways to store the matrix. */
export interface MatrixVectorReport {
  /** Of the matrix; of a large one the first rows. */
  rows: number;
  columns: number;
  /** Bytes of weights that one product reads, scales included. */
  float32Bytes: number;
  int8Bytes: number;
  /** Milliseconds of one product, the median of several runs. */
  float32Ms: number;
  int8Ms: number;
  /** Root of the mean squared difference of both results, as a share of the float32 result's. */
  relativeRmse: number;
}
