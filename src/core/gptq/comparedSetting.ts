import type { ColumnRuns } from "./columnRuns";
import type { GptqOptions } from "./options";

/** GPTQ, or rounding to nearest on grids that are made the same way. */
export type ComparedMethod = "gptq" | "rtn";

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
  /** Part of the Hessian's mean diagonal that was added in the end; 0 for rounding. */
  readonly damping: number;
  readonly columns: ColumnRuns;
}
