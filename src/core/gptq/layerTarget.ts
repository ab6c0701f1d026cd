import type { AwqOptions } from "../awq/awqGrid";
import { findBlockFormat } from "../decode/ggml/formats";
import type { GptqOptions } from "./options";

/** What GPTQ makes of a linear layer: integers with scales for groups, or the blocks of a ggml type. */
export type GptqTarget =
  | { readonly kind: "integers"; readonly options: GptqOptions }
  | { readonly kind: "blocks"; readonly type: string; readonly damping: number };

/** What a linear layer is quantized to, and by what method. */
export type LayerTarget = GptqTarget | AwqTarget;

/** What methods that scale the inputs of layers make of one. */
export interface AwqTarget {
  readonly kind: "awq";
  readonly options: AwqOptions;
  /** As asked for: −1 for whole rows. */
  readonly groupSize: number;
  readonly isClipped: boolean;
  /** SmoothQuant's α: scales by the largest inputs and weights instead of AWQ's search. */
  readonly smoothing?: number;
}

/** How the Hessian of a layer is factored for a target; layers with the same inputs share a factor where these are the same. */
export type FactorOptions = Pick<GptqOptions, "order" | "groupSize" | "damping">;

/** Those of a target. A block of a ggml type is a group, whose columns stay together. */
export function factorOptions(target: GptqTarget): FactorOptions {
  if (target.kind === "integers") {
    const { order, groupSize, damping } = target.options;
    return { order, groupSize, damping };
  }
  return { order: "group-aware", groupSize: findBlockFormat(target.type)!.size, damping: target.damping };
}
