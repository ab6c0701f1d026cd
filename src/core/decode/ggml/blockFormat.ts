import { halfToFloat } from "../half";

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

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
 * A ggml block type that stores integer codes under per-sub-block scales. Every value is `scale[j] · level − min[j]`, each
 * operation rounded to float32: what ggml's dequantize functions compute. The level of a code is `code − zero`, or
 * `levels[code]` in types with a code book. Layouts: ggml `src/ggml-common.h`.
 */
export interface BlockFormat {
  readonly id: string;
  /** Values in a block. */
  readonly size: number;
  /** Bytes of a block. */
  readonly bytes: number;
  /** Values that share one scale. */
  readonly subBlock: number;
  /** The code that stands for `−min`: subtracted before scaling. 0 in types with a code book. */
  readonly zero: number;
  /**
   * The numbers that codes stand for before scaling, by code from 0, in types with a code book. Types whose code book holds
   * vectors (IQ1 to IQ3) have the numbers that vectors are made of here, in ascending order.
   */
  readonly levels?: readonly number[];
  /** Smallest code. */
  readonly minCode: number;
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
  /** Numbers of the whole block that are stored as F16: where each stands, in bytes from the block's start. */
  readonly halves: Readonly<Record<string, number>>;
  /** The numbers of the whole block in types that store them otherwise; NaN for a pattern that stands for no number. */
  scalars?(block: Uint8Array, offset: number): BlockScalar[];
}

/** The named numbers of a whole block, e.g. d and dmin. */
export function scalarsOf(format: BlockFormat, block: Uint8Array, offset: number): BlockScalar[] {
  if (format.scalars) return format.scalars(block, offset);
  return Object.entries(format.halves).map(([name, at]) => ({ name, value: halfToFloat(uint16At(block, offset + at)) }));
}

/** Little-endian 16 bits at any offset. */
export function uint16At(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! | (bytes[offset + 1]! << 8);
}

/** Little-endian 32 bits, unsigned, at any offset. */
export function uint32At(bytes: Uint8Array, offset: number): number {
  return (uint16At(bytes, offset) | (uint16At(bytes, offset + 2) << 16)) >>> 0;
}

/** Little-endian float32 at any offset. */
export function float32At(bytes: Uint8Array, offset: number): number {
  word[0] = uint32At(bytes, offset);
  return float[0]!;
}
