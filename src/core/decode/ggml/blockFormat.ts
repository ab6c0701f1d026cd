/** One part of a block's byte layout, in order. */
export interface BlockField {
  name: string;
  bytes: number;
  /** What it holds and how, in a few words. */
  detail: string;
}

/** A named number of the whole block. */
export interface BlockScalar {
  name: string;
  value: number;
}

/**
 * A ggml block type that stores integer codes under per-sub-block scales. Every value is
 * `scale[j] · (code − zero) − min[j]`, each operation rounded to float32: what ggml's dequantize functions compute.
 * Layouts: ggml `src/ggml-common.h`.
 */
export interface BlockFormat {
  readonly id: string;
  /** Values in a block. */
  readonly size: number;
  /** Bytes of a block. */
  readonly bytes: number;
  /** Values that share one scale. */
  readonly subBlock: number;
  /** The code that stands for `−min`: subtracted before scaling. */
  readonly zero: number;
  /** Largest code. */
  readonly maxCode: number;
  readonly fields: readonly BlockField[];
  /** How a value comes from the stored numbers, e.g. `x̂ = d·a·q − dmin·b`. */
  readonly formula: string;
  /**
   * Takes one block apart. Writes `size` codes from `codes[at]`, and `size / subBlock` entries of `scales` (the
   * effective float32 scale of each sub-block). `mins` is written only by types that have one and stays 0 otherwise.
   */
  unpack(block: Uint8Array, offset: number, codes: Int16Array, at: number, scales: Float32Array, mins: Float32Array): void;
  scalars(block: Uint8Array, offset: number): BlockScalar[];
}

/** Little-endian 16 bits at any offset. */
export function uint16At(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! | (bytes[offset + 1]! << 8);
}
