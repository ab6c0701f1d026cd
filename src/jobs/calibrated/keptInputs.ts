import type { JobRun } from "../jobRun";
import { type ForwardPass, noFile, tokensOf } from "../model/forwardPass";
import type { InputMaxima } from "../tasks/inputSamplesTask";
import type { BlockWeights } from "./blockMethod";
import { stagesOf } from "./stages";

/** Inputs of a layer that are kept, at most: as many as AutoAWQ's clip search looks at. */
export const mostKept = 512;

/** Inputs of linear layers of a block, by the names of their weights. */
export interface KeptInputs {
  /** Float32 rows: every so many-th. */
  readonly samples: BlockWeights;
  /** Largest magnitude of each column over all rows. */
  readonly maxima: InputMaxima;
}

/**
 * Sends the stream through a block, and keeps some of what enters its linear layers.
 *
 * @param firsts the first layers of the stages that are listened to
 */
export async function keepInputs(
  run: JobRun,
  pass: ForwardPass,
  block: number,
  weights: Readonly<BlockWeights>,
  firsts: readonly string[],
): Promise<KeptInputs> {
  const { parts, tokens, description } = pass;
  const layer = description.layers[block]!;
  const step = Math.ceil(tokens / mostKept);
  const rows = Math.ceil(tokens / step);
  const heard = stagesOf(layer).flatMap(([first]) => (first && firsts.includes(first.tensor) ? [first] : []));
  const samples = Object.fromEntries(heard.map(({ tensor, inputs }) => [tensor, new SharedArrayBuffer(4 * rows * inputs)]));
  const bytes = pass.weights.layerBytes(description, block);
  const found = await Promise.all(
    parts.map((part) => {
      const share = Math.floor((bytes * tokensOf(part)) / tokens);
      return run.task({ kind: "inputSamples", layer, part, weights, step, samples, share }, noFile);
    }),
  );
  const largest = (tensor: string): Float32Array =>
    found.map((part) => part[tensor]!).reduce((a, b) => a.map((value, column) => Math.max(value, b[column]!)));
  return { samples, maxima: Object.fromEntries(heard.map(({ tensor }) => [tensor, largest(tensor)])) };
}
