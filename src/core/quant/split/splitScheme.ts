import type { Reason } from "../../recipe/reasons";
import type { QuantizedRows } from "../../export/quantizedLayer";
import type { IntegerForm } from "./integerForm";

/** A tensor of a matrix that is stored in several: its name within the layer's module, its type and its shape. */
export interface SplitPart {
  /** `qweight` of `layer.qweight`, where the weight is `layer.weight`. */
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** A part that does not depend on the values. */
export interface ConstantPart extends SplitPart {
  readonly bytes: Uint8Array;
}

/** The matrix to be stored (outputs × inputs), and the type the model is loaded in: arithmetic is done in it where the original does so. */
export interface SplitMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly dtype: string;
}

/** Bytes of a part that some of the values fill: `runs` runs of `bytes` bytes, `stride` bytes from the start of one to that of the next. */
export interface PartRegion {
  readonly at: number;
  readonly bytes: number;
  readonly runs: number;
  readonly stride: number;
}

/**
 * A way to store a matrix in several tensors, codes and scales and more, as checkpoints for PyTorch do; all are made in one
 * pass over the values.
 */
export interface SplitScheme {
  /** By which workers find it. */
  readonly id: string;
  /** Why a matrix of that form cannot be stored so; undefined where it can. */
  refuses(matrix: SplitMatrix): Reason | undefined;
  /** The first has the codes. */
  parts(matrix: SplitMatrix): SplitPart[];
  /** Tensors that say how the others are to be read. */
  constants(matrix: SplitMatrix): ConstantPart[];
  /** Values that must stay together, row after row: where the matrix may be cut. */
  unit(matrix: SplitMatrix): number;
  /** Where, in every part, values `[from, from + count)` go; `from` is a multiple of the unit. */
  regions(matrix: SplitMatrix, from: number, count: number): PartRegion[];
  /** Name of the scheme whose sums over the whole matrix `quantize` needs. */
  readonly sumsOf?: string;
  /**
   * Quantizes whole units.
   *
   * @param sums of the whole matrix; empty without `sumsOf`
   * @param into filled: the bytes of the regions, run after run; empty where a part has nothing of these values
   */
  quantize(source: Float32Array, matrix: SplitMatrix, sums: readonly number[], into: readonly Uint8Array[]): void;
  /** Of integers with scales: how they are formed. */
  readonly form?: IntegerForm;
  /** Stores what another quantizer made of whole units of rows; present where `form` is. */
  pack?(rows: QuantizedRows, matrix: SplitMatrix, into: readonly Uint8Array[]): void;
}

/** The reason why so many inputs, or outputs, cannot be stored where whole multiples are; undefined where they can. */
export function indivisible(what: "indivisibleInputs" | "indivisibleOutputs", count: number, unit: number): Reason | undefined {
  return count % unit === 0 ? undefined : { code: what, values: [String(count), String(unit)] };
}

/** A region without gaps. */
export function solid(at: number, bytes: number): PartRegion {
  return { at, bytes, runs: 1, stride: bytes };
}

/** The region of a part that is written once, with the first of the values. */
export function once(from: number, bytes: number): PartRegion {
  return solid(0, from === 0 ? bytes : 0);
}
