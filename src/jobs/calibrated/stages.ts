import type { DecoderLayer, LinearLayer } from "../../core/model/modelDescription";

/** Linear layers of a block that get the same inputs, and so share a Hessian. */
export type Stage = readonly LinearLayer[];

/** The stages of a block in the order in which inputs come to them. */
export function stagesOf({ attention, feedForward }: DecoderLayer): Stage[] {
  return [attention.inputs, [attention.output], feedForward.inputs, [feedForward.output]];
}

/** All linear layers of a block. */
export function linearsOf(layer: DecoderLayer): LinearLayer[] {
  return stagesOf(layer).flat();
}
