import { paddedSize } from "../../core/gptq/hessian";
import { type FactorOptions, factorOptions, type GptqTarget } from "../../core/gptq/layerTarget";
import type { LinearLayer } from "../../core/model/modelDescription";
import type { JobRun } from "../jobRun";
import { type ForwardPass, noFile } from "../model/forwardPass";
import type { SharedFactor } from "../tasks/factorTask";
import { rowsOfTask } from "./calibratedMemory";
import type { FinishedLayer } from "./layerFile";
import { layerValues } from "./layerValues";
import { type BlockMethod, type BlockWeights, type LayerSummary, type LayerTargets, shareOf } from "./blockMethod";
import { type Stage, stagesOf } from "./stages";

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
      const sums = await this.sumsOf(block, stage, weights);
      const factors = new Map<string, Promise<SharedFactor>>();
      for (const linear of wanted) {
        const target = this.targets.get(linear.tensor) as GptqTarget;
        const options = factorOptions(target);
        const key = JSON.stringify(options);
        if (!factors.has(key)) factors.set(key, this.factorOf(sums, linear.inputs, options));
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

  /** Sums of the inputs of a stage over all tokens. */
  private async sumsOf(block: number, stage: Stage, weights: BlockWeights): Promise<SharedArrayBuffer> {
    const { tensor, inputs: columns } = stage[0]!;
    const total = new SharedArrayBuffer(4 * paddedSize(columns) ** 2);
    const turn = new SharedArrayBuffer(4);
    const layer = this.forward.description.layers[block]!;
    await Promise.all(
      this.forward.parts.map((part, index) =>
        this.run.task({ kind: "inputSums", layer, part, weights, tensor, columns, total, turn, index }, noFile),
      ),
    );
    return total;
  }

  private factorOf(sums: SharedArrayBuffer, columns: number, options: FactorOptions): Promise<SharedFactor> {
    const shape = { stride: paddedSize(columns), columns, tokens: this.forward.tokens };
    return this.run.task({ kind: "factor", sums, shape, options }, noFile);
  }

  /** Puts the quantized values in the place of the weights. */
  private async quantizeLayer(
    linear: LinearLayer,
    target: GptqTarget,
    factor: SharedFactor,
    weights: BlockWeights,
  ): Promise<FinishedLayer> {
    const { tensor, outputs, inputs: columns } = linear;
    const values = new SharedArrayBuffer(4 * columns * outputs);
    const step = rowsOfTask(linear, this.threads);
    const starts = Array.from({ length: Math.ceil(outputs / step) }, (_, i) => i * step);
    const found = await Promise.all(
      starts.map((first) => {
        const rows = Math.min(step, outputs - first);
        const share = Math.floor((shareOf(linear) * rows) / outputs);
        return this.run.task({ kind: "layerRows", target, factor, weights: weights[tensor]!, first, rows, values, share }, noFile);
      }),
    );
    weights[tensor] = values;
    const loss = found.reduce((sum, part) => sum + part.loss, 0);
    const names = Object.keys(found[0]!.parts);
    // The groups of columns are the same for all rows.
    const parts = names.map((name) => {
      const pieces = found.map((part) => part.parts[name]!);
      return [name, name === "groups" ? pieces[0]! : joined(pieces)] as const;
    });
    return { tensor, rows: outputs, columns, loss, damping: factor.damping, dead: factor.dead.length, parts: Object.fromEntries(parts) };
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    result.set(piece, at);
    at += piece.length;
  }
  return result;
}
