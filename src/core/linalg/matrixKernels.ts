/** The part of `WebAssembly.Memory` that is needed here; pages have 64 KB. */
export interface GrowableMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Which tiles of a product are wanted, as the kernel counts them. */
export const wholeProduct = 0;
export const lowerTriangle = 1;

/**
 * The inner loops of linear algebra and GPTQ over one memory, in float32: the kernels, or their plain twins, which give the
 * same bits. Addresses are bytes, 16-byte aligned; leading dimensions count values.
 */
export interface MatrixKernels {
  readonly memory: GrowableMemory;

  /**
   * C += alpha · A · B for A of `m` × `k`, B of `k` × `n`; `m` is a multiple of 4, `n` of 8. With `acrossA` A is stored as `k`
   * rows of `m`, with `acrossB` B as `n` rows of `k`. `part`: {@link wholeProduct} or {@link lowerTriangle}; then tiles above
   * the diagonal are left out. `scratch` is {@link productScratchBytes}.
   */
  multiplyAdd(
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    lda: number,
    acrossA: number,
    b: number,
    ldb: number,
    acrossB: number,
    c: number,
    ldc: number,
    part: number,
    scratch: number,
  ): void;

  /**
   * Lower Cholesky factor, in place, of the `n` × `n` matrix at `a`, and its inverse (`n` × `n`) at `inverse`, with sums in float64.
   * Returns −1, or the first row whose pivot is not positive.
   */
  choleskyBlock(n: number, a: number, lda: number, inverse: number): number;

  /**
   * GPTQ inside `columns` columns of transposed weights: codes, errors and losses, and the values in the place of the
   * weights. Layouts as in `kernels/assembly/gptqColumns.ts`.
   */
  gptqColumns(
    w: number,
    ldw: number,
    columns: number,
    rows: number,
    u: number,
    ldu: number,
    grids: number,
    maxCode: number,
    levels: number,
    errors: number,
    codes: number,
    loss: number,
  ): void;

  /** The affine grid of `columns` columns for each row: `rows` scales, zeros and mins at `grid`. */
  gptqGrid(w: number, ldw: number, columns: number, rows: number, maxCode: number, symmetric: number, grid: number): void;

  /**
   * What AWQ's quantizer makes of weights times `scales`, or limited to ±`limits`, less the weights; either address may be 0.
   * Layouts as in `kernels/assembly/awqErrors.ts`.
   */
  awqErrors(
    w: number,
    stride: number,
    rows: number,
    columns: number,
    group: number,
    maxCode: number,
    steps: number,
    scales: number,
    limits: number,
    target: number,
  ): void;
}

/** Bytes of scratch area that `multiplyAdd` needs, contents of no matter. */
export const productScratchBytes = (48 + 768) * 384 * 4;
