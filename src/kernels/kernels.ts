import type { MatrixKernels } from "../core/linalg/matrixKernels";
import type { BlockKernels } from "./blockKernels";

/**
 * The compiled kernels over one memory. Addresses are bytes in `memory`; buffers are 16-byte aligned and above address
 * 0, which stands for "none"; `n` counts values. The caller lays the memory out and re-creates its views after growing
 * it. Results are added to what is in the result block, so a tensor can be fed in pieces; layouts and scratch sizes are
 * in `layout.ts`. No function keeps anything between calls.
 */
export interface Kernels extends BlockKernels, MatrixKernels {
  readonly memory: WebAssembly.Memory;

  /**
   * 4-bit codes, one a byte, of `n` float32 in blocks of `block` (a multiple of 16), and the largest magnitude of each block.
   * `book` is what `writeBook4` lays out. Twin: `quantizeBlockwise`.
   */
  quantizeBlocks4(x: number, n: number, block: number, book: number, codes: number, absmax: number): void;
  /** The values such codes stand for. Twin: `dequantizeBlockwise`. */
  dequantizeBlocks4(codes: number, n: number, block: number, book: number, absmax: number, y: number): void;

  /**
   * HQQ over groups of `size` (a multiple of 4): `passes` moves of each group's zero; adds Σ|x − x̂| before each to float64 at
   * `errors` (room for twice as many) and writes the dequantized values to `y`, either of which may be 0. Returns the values done: it stops before a
   * group with errors so large that the plain code has to search it. Twin: `hqqGroupsPlain` of `core/quant/hqq`.
   */
  hqqGroups(x: number, n: number, size: number, bits: number, passes: number, errors: number, y: number): number;

  /** Adds counts, extrema and the float64 sums of (x − pivot)^1…4 to `out` (`outMoments`). `pivot` is finite. */
  moments(x: number, n: number, pivot: number, out: number): void;
  /** Adds to u32[65536] by the top 16 bits of each float32. */
  patternCounts32(x: number, n: number, counts: number, scratch: number): void;
  /** `moments` and `patternCounts32` in one pass, in about three quarters of the time of both. */
  scanF32(x: number, n: number, pivot: number, out: number, counts: number, scratch: number): void;
  /** Adds to u32[65536] by raw 16-bit value. */
  patternCounts16(source: number, n: number, counts: number, scratch: number): void;
  /** Adds to u32[256] by byte. */
  patternCounts8(source: number, n: number, counts: number, scratch: number): void;
  /**
   * Adds to u32[bins] by equal bins over [low, high], the last one closed: floor((x − low) · bins / (high − low)) in
   * float64. Values outside and NaN are not counted; nothing is unless low < high.
   */
  histogram(x: number, n: number, low: number, high: number, bins: number, counts: number, scratch: number): void;

  /** Index of the first NaN or infinity of `n` float32, or −1. */
  firstNonFinite(x: number, n: number): number;
  /**
   * Index of the first of `n` blocks of `stride` bytes whose binary16 at byte `at` has a magnitude of less than `least` steps of 2⁻²⁴, or is
   * not finite; −1 where there is none. Twin: `firstUnusualHalf` of `core/quant/ggml/unusualScales`.
   */
  firstUnusualHalf(blocks: number, n: number, stride: number, at: number, least: number): number;

  /** Adds the errors of y against x to `out` (`outErrors`); pairs whose x is not finite are skipped. */
  errors(x: number, y: number, n: number, out: number): void;
  /** Adds (x − y)² to float64[bins] by the bin of x. */
  binErrors(x: number, y: number, n: number, low: number, high: number, bins: number, sums: number): void;
  /**
   * Affine fake-quantization with one range: adds the errors of the float64 result to `out`, and writes it as float32
   * to `y` unless that is 0. `symmetric` is 0 or 1, `bits` 2 to 32.
   */
  affine(x: number, n: number, low: number, high: number, bits: number, symmetric: number, y: number, out: number): void;
  /** The same with the range of each run of `group` values inside a row; `group` = `columns` is per channel. */
  affineGroups(x: number, rows: number, columns: number, group: number, bits: number, symmetric: number, y: number, out: number): void;

  /**
   * C (m × n) = alpha · A (m × k) · B, or C += that with `accumulate` 1; float32, row-major, `lda`, `ldb`, `ldc` values from row to
   * row. B is k × n, or n × k with `transposed` 1, as linear layers store it. Any sizes. Sums run along k in the same order whatever m and n are.
   * `scratch`: `scratchBytes.gemm`. Twin: `gemmPlain`.
   */
  gemm(
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    transposed: number,
    c: number,
    ldc: number,
    accumulate: number,
    scratch: number,
  ): void;
  /**
   * Scores of queries (rows) against keys (columns) to the weights of causal attention, in place. Row r sees the keys before
   * `first` + r + 1, of them the last `window` (0: all); the others get 0, as does the rest of the `stride`. Scores are multiplied
   * with `scale`, and bent to cap · tanh(score / cap) with `cap` above 0. Twin: `attentionWeightsPlain`.
   */
  attentionWeights(
    scores: number,
    rows: number,
    columns: number,
    stride: number,
    first: number,
    window: number,
    scale: number,
    cap: number,
  ): void;
  /** cap · tanh(x / cap) of `n` values in place, rounded up to a multiple of 4. */
  softCap(x: number, n: number, cap: number): void;
  /** Goes on with Σ e^(x − largest) of each row: largest value so far as float32 at `maxima`, sum as float64 at `sums`. */
  addExponentials(x: number, rows: number, columns: number, stride: number, maxima: number, sums: number): void;
  /** activation(gate) · up of rows of `columns` (a multiple of 4) gate and as many up values; `gelu` 0 for SiLU. `y` may be `x`. */
  gate(x: number, rows: number, columns: number, gelu: number, y: number): void;
}

/** Pages of 64 KB. */
export interface KernelMemory {
  initialPages?: number;
  maximumPages?: number;
}

/**
 * Instantiates `kernels.wasm` over a private memory: 64 MB at first, at most 512 MB unless the caller says otherwise.
 */
export function loadKernels(module: WebAssembly.Module, options: KernelMemory = {}): Kernels {
  const memory = new WebAssembly.Memory({ initial: options.initialPages ?? 1024, maximum: options.maximumPages ?? 8192 });
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return instance.exports as unknown as Kernels;
}
