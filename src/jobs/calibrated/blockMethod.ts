import type { LayerTarget } from "../../core/gptq/layerTarget";
import type { LinearLayer } from "../../core/model/modelDescription";
import type { FinishedLayer } from "./layerFile";

/** What linear layers become, by the names of their weights: all by the same method. Others stay. */
export type LayerTargets = ReadonlyMap<string, LayerTarget>;

/** Float32 values of a block's tensors, in which those of quantized layers take the place of the weights. */
export type BlockWeights = Record<string, SharedArrayBuffer>;

/** A layer without its data, for who is told of it. */
export type LayerSummary = Omit<FinishedLayer, "parts">;

/** A method at work on one block after the other, with the stream of all sequences before it. */
export interface BlockMethod {
  /** Quantizes the layers of a block and sends the stream through it. @param tell is called with each layer as it is done */
  quantize(block: number, weights: BlockWeights, tell: (layer: LayerSummary) => void): Promise<FinishedLayer[]>;
  /** Sends the stream through a block whose layers were quantized before. */
  pass(block: number, weights: BlockWeights, finished: readonly FinishedLayer[]): Promise<void>;
}

/** Bytes that a layer counts for in the progress: it takes about as long as the forward passes for it. */
export function shareOf({ inputs, outputs }: LinearLayer): number {
  return 2 * inputs * outputs;
}
