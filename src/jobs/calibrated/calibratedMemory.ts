import { totalmem } from "node:os";
import { awqBytes } from "../../core/awq/inputs";
import { compensatedRowsBytes } from "../../core/gptq/compensatedRows";
import { InputAccumulator, paddedSize } from "../../core/gptq/hessian";
import { inverseFactorBytes } from "../../core/gptq/inverseFactor";
import { quantizeRowsBytes } from "../../core/gptq/quantizeRows";
import type { LayerTarget } from "../../core/gptq/layerTarget";
import { findBlockFormat } from "../../core/decode/ggml/formats";
import { UsageError } from "../../core/errors";
import { limits } from "../../core/limits";
import { forwardMemory } from "../../core/model/memory";
import type { LinearLayer, ModelDescription } from "../../core/model/modelDescription";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { linearsOf } from "./stages";

/** Rows of a layer that one task quantizes: enough that copying its factor is nothing beside, and all threads have some. */
export function rowsOfTask({ outputs, inputs }: Pick<LinearLayer, "outputs" | "inputs">, threads: number): number {
  return Math.min(Math.ceil(outputs / threads), Math.max(256, Math.ceil(inputs / 4)));
}

/**
 * Refuses what does not fit in memory before hours of work.
 *
 * @returns the bytes that it takes at most
 * @param lengths tokens of each sequence
 * @param besides bytes that are taken beside what quantizing takes
 * @throws UsageError `too-large`
 */
export function checkCalibratedMemory(
  checkpoint: Checkpoint,
  description: ModelDescription,
  lengths: readonly number[],
  targets: ReadonlyMap<string, LayerTarget>,
  threads: number,
  machineBytes = totalmem(),
  besides = 0,
): number {
  const forward = forwardMemory(description, checkpoint.tensors, lengths, threads);
  let [shared, thread, largest] = [0, 0, ""];
  for (const linear of description.layers.flatMap(linearsOf)) {
    const target = targets.get(linear.tensor);
    if (!target) continue;
    const bytes = threadBytes(linear, target, threads);
    // Sums of the inputs, and the factor made of them.
    shared = Math.max(shared, 8 * paddedSize(linear.inputs) ** 2);
    if (bytes > thread) [thread, largest] = [bytes, linear.tensor];
  }
  // Weights are there twice: as they were, and as they became.
  const total = forward.total + forward.weights + shared + threads * thread + besides;
  const most = Math.min(limits.forwardBytes, machineBytes);
  const isThreadTooLarge = thread > limits.kernelBytes;
  if (total <= most && !isThreadTooLarge) return total;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new UsageError("too-large", "Quantizing with calibration would take more memory than there is", {
    ...(isThreadTooLarge ? { tensor: largest } : {}),
    expected: isThreadTooLarge ? `at most ${gigabytes(limits.kernelBytes)} for a thread` : `at most ${gigabytes(most)}`,
    found: isThreadTooLarge
      ? gigabytes(thread)
      : `${gigabytes(total)}: ${gigabytes(2 * forward.weights)} for the weights of a block, ${gigabytes(forward.stream)} for the tokens, ${gigabytes(shared)} for the Hessian, ${gigabytes(forward.thread + thread)} for each thread`,
    hint: "Use fewer samples, or fewer threads with --threads.",
  });
}

function threadBytes(linear: LinearLayer, target: LayerTarget, threads: number): number {
  const { inputs, outputs } = linear;
  // One task after the other uses the same memory, and it never becomes smaller. What they take in and give back lies outside of it.
  if (target.kind === "awq") return awqBytes(2 * outputs, inputs) + 8 * outputs * inputs;
  const rows = rowsOfTask(linear, threads);
  const work =
    target.kind === "integers"
      ? quantizeRowsBytes(rows, inputs, target.options)
      : compensatedRowsBytes(rows, inputs, findBlockFormat(target.type)!);
  return Math.max(InputAccumulator.bytes(inputs), inverseFactorBytes(inputs), 4 * paddedSize(inputs) ** 2 + work) + 8 * rows * inputs;
}
