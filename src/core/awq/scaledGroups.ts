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

/** Multiplies columns. */
export function scaleColumns(weights: Float32Array, scales: Float32Array): void {
  for (let i = 0; i < weights.length; i++) weights[i] = weights[i]! * scales[i % scales.length]!;
}

/** Divides the last rows, one by each of the scales; a bias has rows of one value. */
export function divideLastRows(values: Float32Array, columns: number, scales: Float32Array): void {
  const first = values.length / columns - scales.length;
  for (let i = first * columns; i < values.length; i++) values[i] = values[i]! / scales[Math.floor(i / columns) - first]!;
}

/** Divides what a norm multiplies with; in models that store it less 1, that remains so. */
export function divideNorm(values: Float32Array, shift: number, scales: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i] = (values[i]! + shift) / scales[i]! - shift;
}
