import { applyScales, isUnclipped, type ScaledGroup, scaledGroups } from "../../core/awq/scaledGroups";
import type { AwqTarget } from "../../core/gptq/layerTarget";
import type { DecoderLayer, LinearLayer } from "../../core/model/modelDescription";
import type { JobRun } from "../jobRun";
import { type ForwardPass, noFile } from "../model/forwardPass";
import type { FinishedLayer } from "./layerFile";
import { type BlockMethod, type BlockWeights, type LayerSummary, type LayerTargets, shareOf } from "./blockMethod";
import { type KeptInputs, keepInputs } from "./keptInputs";
import { linearsOf, stagesOf } from "./stages";

/** Scales of the input columns of each layer, by its weight's name. */
type ScalesOf = Map<string, Float32Array>;

/**
 * AWQ (Lin et al., 2023) and SmoothQuant (Xiao et al., 2022), block by block: finds factors for the input columns of layers, moves their
 * inverses to what comes before, clips and quantizes. SmoothQuant moves them only to norms. The stream is that of the model as it was. A layer's error is measured at its own outputs.
 */
export class AwqBlocks implements BlockMethod {
  constructor(
    private readonly run: JobRun,
    private readonly forward: ForwardPass,
    private readonly targets: LayerTargets,
  ) {}

  async quantize(block: number, weights: BlockWeights, tell: (layer: LayerSummary) => void): Promise<FinishedLayer[]> {
    const layer = this.forward.description.layers[block]!;
    const inputs = await this.inputsOf(block, layer, weights);
    const groups = scaledGroups(layer).filter((group) => this.isScaled(group));
    const found = await Promise.all(groups.map((group) => this.searchGroup(group, weights, inputs)));
    const scales: ScalesOf = new Map(groups.flatMap(({ layers }, i) => layers.map(({ tensor }) => [tensor, found[i]!] as const)));
    const changed = new Set<string>();
    // The weights are copies: nobody else has them.
    const valuesOf = (tensor: string): Float32Array => new Float32Array(weights[tensor]!);
    groups.forEach((group, i) => applyScales(group, found[i]!, valuesOf).forEach((tensor) => changed.add(tensor)));
    const wanted = linearsOf(layer).filter(({ tensor }) => this.targets.has(tensor));
    const finished = await Promise.all(
      wanted.map(async (linear) => {
        const result = await this.quantizeLayer(layer, linear, weights, inputs.samples, scales.get(linear.tensor));
        tell(result);
        return result;
      }),
    );
    const kept = [...changed].filter((tensor) => !this.targets.has(tensor));
    return [...finished, ...kept.map((tensor) => changedTensor(tensor, weights[tensor]!))];
  }

  async pass(block: number, weights: BlockWeights): Promise<void> {
    await this.forward.runLayer(block, weights);
  }

  private isScaled({ layers, before }: ScaledGroup): boolean {
    const targets = layers.map(({ tensor }) => this.targets.get(tensor) as AwqTarget | undefined);
    return targets.every((target) => target && (target.smoothing === undefined || before.kind === "norm"));
  }

  /** What enters the layers; the stream goes through the block. */
  private async inputsOf(block: number, layer: DecoderLayer, weights: BlockWeights): Promise<KeptInputs> {
    const firsts = stagesOf(layer).map(([first]) => first!.tensor);
    const { samples, maxima } = await keepInputs(this.run, this.forward, block, weights, firsts);
    for (const stage of stagesOf(layer)) {
      const first = stage[0]!.tensor;
      for (const { tensor } of stage) {
        samples[tensor] = samples[first]!;
        maxima[tensor] = maxima[first]!;
      }
    }
    return { samples, maxima };
  }

  private searchGroup({ layers }: ScaledGroup, weights: BlockWeights, { samples, maxima }: KeptInputs): Promise<Float32Array> {
    const { tensor: first, inputs: columns } = layers[0]!;
    const { options, smoothing: alpha } = this.targets.get(first) as AwqTarget;
    const matrices = layers.map(({ tensor }) => weights[tensor]!);
    const smoothing = alpha === undefined ? undefined : { alpha, maxima: maxima[first]! };
    return this.run.task({ kind: "awqScales", options, weights: matrices, inputs: samples[first]!, columns, smoothing }, noFile);
  }

  private async quantizeLayer(
    layer: DecoderLayer,
    linear: LinearLayer,
    weights: BlockWeights,
    samples: BlockWeights,
    scales: Float32Array = new Float32Array(0),
  ): Promise<FinishedLayer> {
    const { tensor, outputs, inputs: columns } = linear;
    const { options, isClipped } = this.targets.get(tensor) as AwqTarget;
    const task = {
      kind: "awqLayer",
      options,
      isClipped: isClipped && !isUnclipped(layer, linear),
      weights: weights[tensor]!,
      inputs: samples[tensor]!,
      columns,
      scales,
      share: shareOf(linear),
    } as const;
    const { parts, loss } = await this.run.task(task, noFile);
    return { tensor, rows: outputs, columns, loss, damping: 0, dead: 0, parts };
  }
}

/** A tensor that has other values than in the checkpoint, but is not quantized. */
function changedTensor(tensor: string, values: SharedArrayBuffer): FinishedLayer {
  const bytes = new Uint8Array(values).slice();
  return { tensor, rows: 1, columns: bytes.length / 4, loss: 0, damping: 0, dead: 0, parts: { values: bytes } };
}
