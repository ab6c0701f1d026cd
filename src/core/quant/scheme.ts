export type SchemeFamily = "affine" | "float" | "codebook" | "ggml" | "binary";

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

export type Granularity = { kind: "tensor" } | { kind: "channel" } | { kind: "group"; size: number };

/** Integer codes with a scale and, if asymmetric, a zero-point: the textbook scheme (design: formats §9). */
export interface AffineScheme extends Scheme {
  readonly family: "affine";
  /** 2 to 16. */
  readonly bits: number;
  readonly symmetric: boolean;
  readonly granularity: Granularity;
}
