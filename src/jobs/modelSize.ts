import type { JobSize } from "./jobRun";
import { forwardSize } from "./model/forwardSize";
import { checkLogits } from "./onnx/onnxPass";
import { isOnnxModel, type PerplexityModel } from "./perplexityModel";

/**
 * How much running a model has to do, once it is known that it can be done.
 *
 * @param lengths tokens of each sequence
 * @throws UsageError `too-large`, `unreadable-tensor`
 */
export function modelSize(model: PerplexityModel, lengths: readonly number[], threads: number): JobSize {
  if (!isOnnxModel(model)) return forwardSize(model.checkpoint, model.description, lengths, threads);
  checkLogits(model.description, Math.max(...lengths));
  // Each sequence goes through all weights.
  return { bytes: model.bytes * lengths.length, effort: 1 };
}
