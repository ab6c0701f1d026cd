import { findBlockFormat } from "../decode/ggml/formats";
import type { GptqOptions } from "./options";

/** What a linear layer is quantized to by GPTQ: integers with scales for groups, or the blocks of a ggml type. */
export type LayerTarget =
  | { readonly kind: "integers"; readonly options: GptqOptions }
  | { readonly kind: "blocks"; readonly type: string; readonly damping: number };

/** How the Hessian of a layer is factored for a target; layers with the same inputs share a factor where these are the same. */
export type FactorOptions = Pick<GptqOptions, "order" | "groupSize" | "damping">;

export function factorOptions(target: LayerTarget): FactorOptions {
  if (target.kind === "integers") {
    const { order, groupSize, damping } = target.options;
    return { order, groupSize, damping };
  }
  return { order: "group-aware", groupSize: findBlockFormat(target.type)!.size, damping: target.damping };
}
