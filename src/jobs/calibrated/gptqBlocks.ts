import { factorOptions, type GptqTarget } from "../../core/gptq/layerTarget";
import type { LinearLayer } from "../../core/model/modelDescription";
import type { JobRun } from "../jobRun";
import type { ForwardPass } from "../model/forwardPass";
import type { SharedFactor } from "../tasks/factorTask";
import { factorSums, quantizeLayer, sumInputs } from "./gptqLayer";
import type { FinishedLayer } from "./layerFile";
import { layerValues } from "./layerValues";
import type { BlockMethod, BlockWeights, LayerSummary, LayerTargets } from "./blockMethod";
import { stagesOf } from "./stages";

/**
 * GPTQ in true sequence: the inputs of a layer are those that the layers quantized before give, inside of a block in the order in
 * which inputs come to them.
 */
export class GptqBlocks implements BlockMethod {
  constructor(
    private readonly run: JobRun,
    private readonly forward: ForwardPass,
    private readonly targets: LayerTargets,
    private readonly threads: number,
  ) {}

  async quantize(block: number, weights: BlockWeights, tell: (layer: LayerSummary) => void): Promise<FinishedLayer[]> {
    const finished: FinishedLayer[] = [];
    for (const stage of stagesOf(this.forward.description.layers[block]!)) {
      const wanted = stage.filter(({ tensor }) => this.targets.has(tensor));
      if (wanted.length === 0) continue;
      const sums = await sumInputs(this.run, this.forward, block, stage[0]!, weights);
      const factors = new Map<string, Promise<SharedFactor>>();
      for (const linear of wanted) {
        const target = this.targets.get(linear.tensor) as GptqTarget;
        const options = factorOptions(target);
        const key = JSON.stringify(options);
        if (!factors.has(key)) factors.set(key, factorSums(this.run, sums, options));
        const layer = await this.quantizeLayer(linear, target, await factors.get(key)!, weights);
        finished.push(layer);
        tell(layer);
      }
    }
    await this.forward.runLayer(block, weights);
    return finished;
  }

  async pass(block: number, weights: BlockWeights, finished: readonly FinishedLayer[]): Promise<void> {
    for (const layer of finished) weights[layer.tensor] = layerValues(layer, this.targets.get(layer.tensor) as GptqTarget);
    await this.forward.runLayer(block, weights);
  }

  /** Puts the quantized values in the place of the weights. */
  private async quantizeLayer(
    linear: LinearLayer,
    target: GptqTarget,
    factor: SharedFactor,
    weights: BlockWeights,
  ): Promise<FinishedLayer> {
    const { tensor, outputs, inputs: columns } = linear;
    const { values, loss, parts } = await quantizeLayer(this.run, linear, { target, factor, weights: weights[tensor]! }, this.threads);
    weights[tensor] = values;
    return { tensor, rows: outputs, columns, loss, damping: factor.damping, dead: factor.dead.length, parts };
  }
}
