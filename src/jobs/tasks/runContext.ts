import type { BinRange } from "../../core/measure/histogram";
import type { TensorSums } from "./tensorSums";

/**
 * Quantizes and dequantizes the first `count` values at `workspace.x`, adding the errors to result slot `slot`.
 *
 * @param y address for the dequantized values, or 0
 */
export type SchemeRun = (count: number, slot: number, y: number) => void;

/** What a scheme needs to know of the values around a chunk. */
export interface RunContext {
  /** Length of a row: chunks are whole rows of it, or one part of a longer row. */
  columns: number;
  /** Least and greatest finite value of the tensor, for schemes with one range for all of it. */
  range: BinRange;
  /** Sums over the whole tensor, of the schemes that need any. */
  sums: TensorSums;
  /** Importance weights of the columns; chunks then are whole rows. */
  importance?: Float32Array;
}
