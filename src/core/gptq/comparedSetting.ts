import type { ColumnRuns } from "./columnRuns";
import type { GptqOptions } from "./options";

/** GPTQ; AWQ, of whose options only bits, group and symmetry matter; or rounding to nearest on grids that are made as those of GPTQ. */
export type ComparedMethod = "gptq" | "awq" | "rtn";

/** One way to quantize a layer. */
export interface ComparedSetting {
  readonly method: ComparedMethod;
  readonly options: GptqOptions;
}

/** What that does. */
export interface SettingErrors {
  /** Σ(x·w − x·ŵ)² over rows and held-out inputs, by Σ(x·w)². */
  readonly outputError: number;
  /** Root of the mean of (w − ŵ)². */
  readonly weightRmse: number;
  /** Part of the Hessian's mean diagonal that was added in the end; 0 for other methods. */
  readonly damping: number;
  readonly columns: ColumnRuns;
}
