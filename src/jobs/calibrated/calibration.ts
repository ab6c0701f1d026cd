import type { GptqOrder } from "../../core/gptq/options";
import type { LayerSummary } from "./blockMethod";

/** How linear layers can be quantized: rounded to nearest without calibration, or by what their inputs on a text are. */
export const layerMethods = ["rtn", "gptq", "awq", "smoothquant"] as const;
export type LayerMethod = (typeof layerMethods)[number];

/** What quantizing with calibration needs. */
export interface Calibration {
  readonly method: Exclude<LayerMethod, "rtn">;
  /** Token ids of the calibration text. */
  readonly samples: readonly Int32Array[];
  /** Part of the Hessian's mean diagonal that is added to its diagonal; {@link defaultGptqOptions}' when absent. */
  readonly damping?: number;
  /** SmoothQuant's α, from 0 to 1: 0.5 when absent. */
  readonly smoothing?: number;
  /** Order of the columns, where the format leaves it open. */
  readonly order?: GptqOrder;
  /** Called as each layer is done. */
  onLayer?(layer: LayerSummary, done: number, total: number): void;
}
