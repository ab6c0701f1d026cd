import { totalmem } from "node:os";
import { FormatError, UsageError } from "../../core/errors";
import { isUnclipped, scaledGroups } from "../../core/awq/scaledGroups";
import { paddedSize } from "../../core/gptq/hessian";
import { defaultGptqOptions } from "../../core/gptq/options";
import { describeModel } from "../../core/model/describe";
import type { LinearLayer, ModelDescription } from "../../core/model/modelDescription";
import { checkSequences } from "../../core/model/sequences";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { type BlockWeights, shareOf } from "../calibrated/blockMethod";
import { checkCalibratedMemory } from "../calibrated/calibratedMemory";
import { rowPieces, type SharedSums, sumInputs } from "../calibrated/gptqLayer";
import { keepInputs, mostKept } from "../calibrated/keptInputs";
import { linearsOf, stagesOf } from "../calibrated/stages";
import type { JobContext } from "../contract";
import { JobRun, type TaskRunner } from "../jobRun";
import { ForwardPass, noFile } from "../model/forwardPass";
import { ModelWeights } from "../model/modelWeights";
import { splitSamples } from "./splitSamples";

export interface CollectLayerInput {
  readonly checkpoint: Checkpoint;
  /** Token ids of the text; some of the samples are held out. */
  readonly samples: readonly Int32Array[];
  /** Name of the weight of a linear layer. */
  readonly tensor: string;
}

/** A linear layer, and what enters it: all that quantizing it by GPTQ, and judging that, needs. */
export interface CollectedLayer {
  readonly linear: LinearLayer;
  /** Float32 weights. */
  readonly weights: SharedArrayBuffer;
  /** Of the inputs that it is quantized with. */
  readonly calibration: SharedSums;
  /** Of the inputs that it is judged on, from other samples. */
  readonly heldOut: SharedSums;
  /** Σ(x·w)² over its rows w and the held-out inputs x: what errors are relative to. */
  readonly signal: number;
  readonly scaling: LayerScaling;
}

/** What AWQ needs of a layer besides. */
export interface LayerScaling {
  /** Float32 weights of the layers whose columns it scales by the same factors, the layer's own among them; empty where it scales none. */
  readonly group: readonly SharedArrayBuffer[];
  /** Whether it clips the layer's weights. */
  readonly isClipped: boolean;
  /** Float32 rows: some of the inputs that it is quantized with. */
  readonly inputs: SharedArrayBuffer;
}

/**
 * Runs a model as far as one linear layer, and adds up what enters that, for samples to quantize with and samples to judge on apart.
 * The layers before it stay as they are.
 *
 * @throws UsageError `unknown-layer`, `few-samples`, `bad-id`, `too-long`, `too-large`; FormatError `gptq.not-finite`, and for models
 *   that cannot be run; CancelledError
 */
export async function collectLayer(pool: TaskRunner, input: CollectLayerInput, context: JobContext): Promise<CollectedLayer> {
  const { checkpoint, samples, tensor } = input;
  const description = await describeModel(checkpoint);
  const { block, linear } = findLinear(description, tensor);
  checkSequences(description, samples);
  const { calibration, heldOut } = splitSamples(samples);
  checkMemory(checkpoint, description, linear, samples, pool.threads);
  const stored = new ModelWeights(checkpoint);
  const before = Array.from({ length: block }, (_, layer) => stored.layerBytes(description, layer));
  // Both passes count as many bytes as a layer has, and so does keeping inputs.
  const bytes = 2 * before.reduce((sum, layer) => sum + layer, 0) + shareOf(linear) + stored.layerBytes(description, block);
  return JobRun.run(pool, context, { bytes, effort: Infinity }, async (run) => {
    // As for one thread: parts, whose sums are added up, must not depend on the number of threads.
    const passes = [calibration, heldOut].map((own) => new ForwardPass(run, checkpoint, description, own, 1));
    const [pass, judging] = passes as [ForwardPass, ForwardPass];
    for (const one of passes) await one.embed();
    for (let layer = 0; layer < block; layer++) {
      const weights = await pass.loadLayer(layer);
      for (const one of passes) await one.runLayer(layer, weights);
    }
    const all = await pass.loadLayer(block);
    const weights = all[tensor]!;
    const found = {
      linear,
      weights,
      calibration: await sumInputs(run, pass, block, linear, all),
      heldOut: await sumInputs(run, judging, block, linear, all),
    };
    const signal = await signalOf(run, found, pool.threads);
    // Last, for it sends the stream through the block.
    return { ...found, signal, scaling: await scalingOf(run, pass, block, linear, all) };
  });
}

/** @throws UsageError `unknown-layer` */
function findLinear({ layers }: ModelDescription, tensor: string): { block: number; linear: LinearLayer } {
  for (const [block, layer] of layers.entries()) {
    const linear = linearsOf(layer).find((one) => one.tensor === tensor);
    if (linear) return { block, linear };
  }
  throw new UsageError("unknown-layer", `${tensor} is no linear layer that the model's forward pass goes through`, { tensor });
}

function checkMemory(
  checkpoint: Checkpoint,
  description: ModelDescription,
  linear: LinearLayer,
  samples: readonly Int32Array[],
  threads: number,
): void {
  const targets = new Map([[linear.tensor, { kind: "integers", options: defaultGptqOptions } as const]]);
  // Sums of the inputs that are held out, and some inputs; the values of one method and of the next.
  const besides = 4 * paddedSize(linear.inputs) ** 2 + 4 * mostKept * linear.inputs + 8 * linear.inputs * linear.outputs;
  const lengths = samples.map((ids) => ids.length);
  checkCalibratedMemory(checkpoint, description, lengths, targets, threads, totalmem(), besides);
}

async function scalingOf(
  run: JobRun,
  pass: ForwardPass,
  block: number,
  linear: LinearLayer,
  weights: Readonly<BlockWeights>,
): Promise<LayerScaling> {
  const layer = pass.description.layers[block]!;
  const first = stagesOf(layer).find((stage) => stage.includes(linear))![0]!.tensor;
  const inputs = await keepInputs(run, pass, block, weights, [first]);
  const group = scaledGroups(layer).find(({ layers }) => layers.includes(linear));
  return {
    group: group?.layers.map(({ tensor }) => weights[tensor]!) ?? [],
    isClipped: !isUnclipped(layer, linear),
    inputs: inputs.samples[first]!,
  };
}

/** @throws FormatError `gptq.not-finite` */
async function signalOf(
  run: JobRun,
  { linear, weights, heldOut }: Omit<CollectedLayer, "signal" | "scaling">,
  threads: number,
): Promise<number> {
  const found = await Promise.all(
    rowPieces(linear, threads).map((piece) => run.task({ kind: "outputErrors", weights, ...heldOut, ...piece }, noFile)),
  );
  const signal = found.reduce((sum, { output }) => output.reduce((total, part) => total + part, sum), 0);
  if (Number.isFinite(signal)) return signal;
  throw new FormatError("gptq.not-finite", "The layer's outputs on this text are not finite", {
    tensor: linear.tensor,
    hint: "The model overflows on this text, or its weights are damaged: look at the statistics of the layer.",
  });
}
