import { totalmem } from "node:os";
import { UsageError } from "../../core/errors";
import { limits } from "../../core/limits";
import { type ForwardMemory, forwardMemory } from "../../core/model/memory";
import { type ModelDescription, tensorsOfLayer } from "../../core/model/modelDescription";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { JobSize } from "../jobRun";
import { readBytes } from "../tensorPlan";
import { ModelWeights } from "./modelWeights";

/**
 * How much a forward pass has to do, once it is known that it can be done.
 *
 * @param lengths tokens of each sequence
 * @param machineBytes memory of the machine
 * @throws UsageError `too-large` for what does not fit in memory; `unreadable-tensor`
 */
export function forwardSize(
  checkpoint: Checkpoint,
  description: ModelDescription,
  lengths: readonly number[],
  threads: number,
  machineBytes = totalmem(),
): JobSize {
  checkMemory(forwardMemory(description, checkpoint.tensors, lengths, threads), machineBytes);
  const weights = new ModelWeights(checkpoint);
  const names = [description.head.linear.tensor, ...description.layers.flatMap(tensorsOfLayer)];
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  return { bytes: names.reduce((sum, name) => sum + readBytes(weights.plan(name)), 0), effort: 1 + tokens / tokensOfStats };
}

/**
 * The same for a pass that ends with the last layer: nobody asks for logits.
 *
 * @throws UsageError `too-large`; `unreadable-tensor`
 */
export function layersSize(checkpoint: Checkpoint, description: ModelDescription, lengths: readonly number[], threads: number): JobSize {
  const { bytes, effort } = forwardSize(checkpoint, description, lengths, threads);
  return { bytes: bytes - readBytes(new ModelWeights(checkpoint).plan(description.head.linear.tensor)), effort };
}

/** Tokens for which multiplying with a weight takes as long as taking statistics of it. */
const tokensOfStats = 8;

function checkMemory({ stream, weights, thread, total }: ForwardMemory, machineBytes: number): void {
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  const parts = `${gigabytes(weights)} for the weights of a layer, ${gigabytes(stream)} for the tokens, ${gigabytes(thread)} for each thread`;
  const most = Math.min(limits.forwardBytes, machineBytes);
  const isOneTooLarge = thread > limits.kernelBytes;
  if (total <= most && !isOneTooLarge) return;
  throw new UsageError("too-large", "Running the model would take more memory than there is", {
    expected: isOneTooLarge ? `at most ${gigabytes(limits.kernelBytes)} for a thread` : `at most ${gigabytes(most)}`,
    found: `${gigabytes(total)}: ${parts}`,
    hint: "Give fewer tokens, or use fewer threads with --threads.",
  });
}
