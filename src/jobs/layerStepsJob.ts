import { UsageError } from "../core/errors";
import type { GptqBits } from "../core/gptq/options";
import { describeModel } from "../core/model/describe";
import type { LinearLayer } from "../core/model/modelDescription";
import { checkSequences } from "../core/model/sequences";
import type { Checkpoint } from "../core/tensor/checkpoint";
import type { JobContext } from "./contract";
import { JobRun, type TaskRunner } from "./jobRun";
import { ForwardPass, noFile, tokensOf } from "./model/forwardPass";
import { layersSize } from "./model/forwardSize";
import type { LayerSteps } from "./tasks/layerStepsTask";

export interface LayerStepsInput {
  checkpoint: Checkpoint;
  /** Token ids that the model is run on. */
  samples: readonly Int32Array[];
  /** Of GPTQ's codes. */
  bits: readonly GptqBits[];
}

/** Two layers of one block, quantized while one watches: what the lesson's figures of GPTQ and AWQ draw. */
export interface LayerStepsReport extends LayerSteps {
  /** Tokens of the calibration text, and those of them whose inputs were kept. */
  tokens: number;
  inputs: number;
  /** The layer of whose corner GPTQ is shown, and that of which AWQ is. */
  gptqTensor: string;
  awqTensor: string;
}

/** Of the corner that GPTQ is watched on: few enough to be seen one by one. */
const [cornerRows, cornerColumns] = [12, 24];
/** Inputs that are kept, at most: an AWQ curve takes all ratios times all of them. */
const mostInputs = 192;
/** Channels that the figure of AWQ has bars for. */
const shownChannels = 64;
/** Group sizes, the usual one first: the first that divides the columns is taken. */
const groupSizes = [128, 64, 32, 16, 8, 4, 2, 1];

/**
 * Runs a model on samples as far as the block in its middle, and there GPTQ on a corner of the keys' matrix and AWQ's search on that
 * of the feed-forward layer's output.
 *
 * @throws UsageError `no-samples` and those of the forward pass; FormatError for models that cannot be run; CancelledError
 */
export async function watchLayers(pool: TaskRunner, input: LayerStepsInput, context: JobContext): Promise<LayerStepsReport> {
  const { checkpoint, samples, bits } = input;
  if (samples.length === 0) throw new UsageError("no-samples", "There are no samples to calibrate with", { expected: "at least one" });
  const description = await describeModel(checkpoint);
  checkSequences(description, samples);
  const lengths = samples.map((ids) => ids.length);
  const middle = Math.floor(description.layers.length / 2);
  const layer = description.layers[middle]!;
  const gptq = layer.attention.inputs[layer.attention.inputs.length === 3 ? 1 : 0]!;
  const awq = layer.feedForward.output;
  return JobRun.run(pool, context, layersSize(checkpoint, description, lengths, pool.threads), async (run) => {
    const pass = new ForwardPass(run, checkpoint, description, samples, pool.threads);
    await pass.embed();
    for (let before = 0; before < middle; before++) await pass.runLayer(before, await pass.loadLayer(before));
    const weights = await pass.loadLayer(middle);
    const step = Math.ceil(pass.tokens / mostInputs);
    const inputs = Math.ceil(pass.tokens / step);
    const roomFor = ({ inputs: columns }: LinearLayer): SharedArrayBuffer => new SharedArrayBuffer(4 * inputs * columns);
    // Inputs that several layers have in common are told of under the name of the first.
    const heard = { [layer.attention.inputs[0]!.tensor]: roomFor(gptq), [awq.tensor]: roomFor(awq) };
    const bytes = pass.weights.layerBytes(description, middle);
    await Promise.all(
      pass.parts.map((part) => {
        const share = Math.floor((bytes * tokensOf(part)) / pass.tokens);
        return run.task({ kind: "inputSamples", layer, part, weights, step, samples: heard, share }, noFile);
      }),
    );
    const layerOf = ({ tensor, inputs: columns }: LinearLayer, kept: SharedArrayBuffer) => ({
      weights: weights[tensor]!,
      inputs: kept,
      columns,
    });
    const steps = await run.task(
      {
        kind: "layerSteps",
        bits,
        gptq: layerOf(gptq, heard[layer.attention.inputs[0]!.tensor]!),
        awq: layerOf(awq, heard[awq.tensor]!),
        rows: Math.min(cornerRows, gptq.outputs),
        columns: Math.min(cornerColumns, gptq.inputs),
        groupSize: groupSizes.find((size) => awq.inputs % size === 0)!,
        channels: Math.min(shownChannels, awq.inputs),
      },
      noFile,
    );
    return { tokens: pass.tokens, inputs, gptqTensor: gptq.tensor, awqTensor: awq.tensor, ...steps };
  });
}
