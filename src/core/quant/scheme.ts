import type { BinRange } from "../measure/histogram";
import type { Codebook } from "./codebook";

/** Kinds of schemes, as menus group them: `affine` are the textbook's integers, `integer` those of libraries with a search of their own. */
export type SchemeFamily = "affine" | "integer" | "float" | "codebook" | "ggml" | "binary";

/** Why a scheme cannot store a tensor, and what stores it instead (as llama-quantize would choose). */
export interface Inapplicable {
  /** E.g. `columns 896 are not a multiple of 256`. */
  reason: string;
  /** Identifier of the scheme that takes its place. */
  fallback: string;
}

/**
 * A way to store weights in fewer bits. `source` and results are row-major; `columns` is the length of a row. All
 * arithmetic is the real system's: float32 for ggml, float64 for the textbook affine schemes.
 */
export interface Scheme {
  /** Name on the command line and in settings: `Q4_K`, `int4-asym-g128`, `bf16`. */
  readonly id: string;
  /** Name shown to users. */
  readonly label: string;
  readonly family: SchemeFamily;
  /** Weights that share one scale; a row must be a multiple of it for ggml types. 0: a whole row or tensor. */
  readonly blockSize: number;
  /** Exact bytes for a tensor of this shape: codes, scales and zero-points. */
  bytes(shape: readonly number[]): number;
  applicable(shape: readonly number[]): true | Inapplicable;
  /**
   * Sums that are taken over the whole tensor before any of it is quantized; those of parts add up. Present where what
   * becomes of one part depends on all the others: a mean over the tensor, a histogram, when a search stops.
   *
   * @param source a part of the tensor, cut where the scheme allows it to be
   * @param range least and greatest finite value of the tensor, the wrong way round where there is none
   */
  tensorSums?(source: Float32Array, range: BinRange): number[];
}

/** A scheme whose stored bytes are defined: ggml types and plain floats. */
export interface ByteScheme extends Scheme {
  /** True where ggml refuses to quantize without importance: `quantizeRows` then throws UsageError `importance-required`. */
  readonly needsImportance?: boolean;
  /**
   * Quantizes whole rows. `source.length` is a multiple of `columns`.
   *
   * @param importance weights of a row's `columns` values (an importance matrix: mean squares of the layer's inputs), the same for
   *   every row; schemes without such a search ignore them
   */
  quantizeRows(source: Float32Array, columns: number, target: Uint8Array, importance?: Float32Array): void;
  dequantizeRows(source: Uint8Array, columns: number, target: Float32Array): void;
}

/** Plain floating-point storage. */
export interface FloatScheme extends ByteScheme {
  readonly family: "float";
  /** Least magnitude that is rounded beyond the largest finite value. */
  readonly overflowFrom: number;
}

/**
 * A scheme known by what it makes of values, for types whose parts are stored as several tensors (codes, scales, tables):
 * dequantized float32 values, equal to the real system's.
 */
export interface ValueScheme extends Scheme {
  /** Where a tensor may be cut without changing a result: after every so many values of it, flattened, or between rows. */
  readonly cut: number | "row";
  /**
   * Quantizes and dequantizes a part of a tensor. Values that are not finite take no part in scales.
   *
   * @param sums of the whole tensor by {@link tensorSums}; empty for schemes without
   */
  fakeQuantize(source: Float32Array, columns: number, target: Float32Array, sums: readonly number[]): void;
}

/** Codes into a table, scaled by the largest magnitude of each block of the flattened tensor: bitsandbytes' types. */
export interface BlockwiseScheme extends ValueScheme {
  readonly family: "codebook";
  readonly book: Codebook;
  /** Whether the blocks' largest magnitudes are quantized too, around their mean over the tensor: see `nestAbsmax`. */
  readonly nested: boolean;
}

/** HQQ: integer codes with a scale and a searched zero for each group of the flattened tensor. */
export interface HqqScheme extends ValueScheme {
  readonly family: "integer";
  readonly hqqBits: number;
  /** Whether the zeros are searched, in passes that end for the whole tensor at once: see `hqqPasses`. */
  readonly optimized: boolean;
}

/** What shares a scale: the whole tensor, a row (an output channel), or `size` values of a row next to each other. */
export type Granularity = { kind: "tensor" } | { kind: "channel" } | { kind: "group"; size: number };

/** Integer codes with a scale and, if asymmetric, a zero-point: the textbook's scheme (Jacob et al., 2018, arXiv:1712.05877, section 2.1). */
export interface AffineScheme extends Scheme {
  readonly family: "affine";
  /**
   * The range that codes cover, where it is not from the least to the greatest value.
   *
   * @param sums of the whole tensor by {@link tensorSums}
   */
  chooseRange?(range: BinRange, sums: readonly number[]): BinRange;
  /** 2 to 32. */
  readonly bits: number;
  readonly symmetric: boolean;
  readonly granularity: Granularity;
}
