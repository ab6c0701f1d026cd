import type { WeightLookup } from "../model/linearInputs";
import type { DecoderLayer, LinearLayer, NormLayer } from "../model/modelDescription";

/** Linear layers with the same inputs whose columns AWQ scales, and what is divided in return. */
export interface ScaledGroup {
  readonly layers: readonly LinearLayer[];
  /** A norm before them, or the last outputs of a linear layer. */
  readonly before: { readonly kind: "norm"; readonly norm: NormLayer } | { readonly kind: "linear"; readonly linear: LinearLayer };
}

/**
 * The pairs that AutoAWQ scales in models of the Llama family: norm and query, key and value; value and attention's output, where
 * there are as many value heads as query heads; norm and gate and up; up and down. Fused matrices have value and up in their last rows.
 */
export function scaledGroups({ attention, feedForward }: DecoderLayer): ScaledGroup[] {
  const groups: ScaledGroup[] = [];
  if (attention.norm) groups.push({ layers: attention.inputs, before: { kind: "norm", norm: attention.norm } });
  if (attention.keyValueHeads === attention.heads) {
    groups.push({ layers: [attention.output], before: { kind: "linear", linear: last(attention.inputs) } });
  }
  if (feedForward.norm) groups.push({ layers: feedForward.inputs, before: { kind: "norm", norm: feedForward.norm } });
  groups.push({ layers: [feedForward.output], before: { kind: "linear", linear: last(feedForward.inputs) } });
  return groups;
}

/** Whether AWQ leaves a layer's weights unclipped: those of queries and keys, whose errors the softmax makes worse. */
export function isUnclipped({ attention }: DecoderLayer, { tensor }: LinearLayer): boolean {
  const { inputs } = attention;
  const index = inputs.findIndex((linear) => linear.tensor === tensor);
  return index >= 0 && (inputs.length < 3 || index < 2);
}

function last(layers: readonly LinearLayer[]): LinearLayer {
  return layers[layers.length - 1]!;
}

/**
 * Multiplies the columns of a group's layers, and divides what comes before: the outputs stay what they were.
 *
 * @param valuesOf float32 values of a tensor, which are changed in place
 * @returns names of the tensors before the layers that were changed
 */
export function applyScales({ layers, before }: ScaledGroup, scales: Float32Array, valuesOf: WeightLookup): string[] {
  for (const { tensor } of layers) {
    const weights = valuesOf(tensor);
    for (let i = 0; i < weights.length; i++) weights[i] = weights[i]! * scales[i % scales.length]!;
  }
  if (before.kind === "norm") {
    const { tensor, shift } = before.norm;
    const values = valuesOf(tensor);
    // Models that store a norm's weight less 1 go on doing so.
    for (let i = 0; i < values.length; i++) values[i] = (values[i]! + shift) / scales[i]! - shift;
    return [tensor];
  }
  const { tensor, inputs, bias } = before.linear;
  divideLastRows(valuesOf(tensor), inputs, scales);
  if (bias === undefined) return [tensor];
  divideLastRows(valuesOf(bias), 1, scales);
  return [tensor, bias];
}

/** Divides the last rows, each by one of the scales. */
function divideLastRows(values: Float32Array, columns: number, scales: Float32Array): void {
  const first = values.length / columns - scales.length;
  for (let i = first * columns; i < values.length; i++) values[i] = values[i]! / scales[Math.floor(i / columns) - first]!;
}
