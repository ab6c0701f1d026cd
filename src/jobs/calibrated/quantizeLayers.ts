import type { Checkpoint } from "../../core/tensor/checkpoint";
import { paddedSize } from "../../core/gptq/hessian";
import { type FactorOptions, factorOptions, type LayerTarget } from "../../core/gptq/layerTarget";
import { describeModel } from "../../core/model/describe";
import type { LinearLayer, ModelDescription } from "../../core/model/modelDescription";
import { checkSequences } from "../../core/model/sequences";
import type { JobContext } from "../contract";
import { JobRun, type TaskRunner } from "../jobRun";
import { ForwardPass, noFile } from "../model/forwardPass";
import { ModelWeights } from "../model/modelWeights";
import type { SharedWeights } from "../tasks/blockTask";
import type { SharedFactor } from "../tasks/factorTask";
import { checkCalibratedMemory, rowsOfTask } from "./calibratedMemory";
import type { FinishedLayer } from "./layerFile";
import type { LayerStore } from "./layerStore";
import { layerValues } from "./layerValues";
import { type Stage, stagesOf } from "./stages";

export interface QuantizeLayersInput {
  readonly checkpoint: Checkpoint;
  /** Token ids of the calibration text. */
  readonly sequences: readonly Int32Array[];
  /** What the weight of a linear layer becomes; undefined for those that stay. */
  targetOf(tensor: string): LayerTarget | undefined;
  /** Gets the layers, block by block. @param blocks there will be */
  openStore(blocks: number): Promise<LayerStore>;
  /** Called as each layer is done. */
  onLayer?(layer: Omit<FinishedLayer, "parts">, done: number, total: number): void;
}

/**
 * Quantizes the linear layers of a model by GPTQ, in true sequence: block by block, and inside of a block in the order in which
 * inputs come to the layers, which are those that the layers quantized before give. Blocks that the store has are taken from
 * there.
 *
 * @throws UsageError for models and texts that do not fit; FormatError `gptq.not-finite`, `gptq.not-positive-definite`; CancelledError
 */
export async function quantizeLayers(pool: TaskRunner, input: QuantizeLayersInput, context: JobContext): Promise<LayerStore> {
  const { checkpoint, sequences, targetOf } = input;
  const description = await describeModel(checkpoint);
  checkSequences(description, sequences);
  const lengths = sequences.map((ids) => ids.length);
  checkCalibratedMemory(checkpoint, description, lengths, targetOf, pool.threads);
  const store = await input.openStore(description.layers.length);
  const size = { bytes: progressBytes(checkpoint, description, targetOf), effort: Infinity };
  await JobRun.run(pool, context, size, (run) => new LayersRun(run, pool.threads, description, store, input, context.signal).run());
  return store;
}

/** What tasks say that they have done: every block once through, and every layer once quantized. */
function progressBytes(checkpoint: Checkpoint, description: ModelDescription, targetOf: QuantizeLayersInput["targetOf"]): number {
  const weights = new ModelWeights(checkpoint);
  return description.layers.reduce((sum, layer, index) => {
    const own = stagesOf(layer).flat();
    const quantized = own.filter(({ tensor }) => targetOf(tensor)).reduce((bytes, linear) => bytes + shareOf(linear), 0);
    return sum + weights.layerBytes(description, index) + quantized;
  }, 0);
}

/** Bytes that a layer counts for in the progress: it takes about as long as the forward passes for it. */
const shareOf = ({ inputs, outputs }: LinearLayer): number => 2 * inputs * outputs;

class LayersRun {
  private readonly pass: ForwardPass;
  private readonly total: number;
  private done = 0;

  constructor(
    private readonly jobRun: JobRun,
    private readonly threads: number,
    private readonly description: ModelDescription,
    private readonly store: LayerStore,
    private readonly input: QuantizeLayersInput,
    private readonly signal: AbortSignal,
  ) {
    // As for one thread: parts, whose sums are added up, must not depend on the number of threads.
    this.pass = new ForwardPass(jobRun, input.checkpoint, description, input.sequences, 1);
    this.total = description.layers.flatMap((layer) => stagesOf(layer).flat()).filter(({ tensor }) => input.targetOf(tensor)).length;
  }

  async run(): Promise<void> {
    await this.pass.embed();
    for (let block = 0; block < this.description.layers.length; block++) {
      const weights: Record<string, SharedArrayBuffer> = { ...(await this.pass.loadLayer(block)) };
      if (block < this.store.finished) await this.restore(block, weights);
      else await this.quantizeBlock(block, weights);
      await this.pass.runLayer(block, weights);
    }
  }

  /** Puts the values of layers that are there in the place of the weights. */
  private async restore(block: number, weights: Record<string, SharedArrayBuffer>): Promise<void> {
    for (const stored of await this.store.list(block)) {
      weights[stored.tensor] = layerValues(await this.store.load(block, stored), this.input.targetOf(stored.tensor)!);
      this.tell(stored);
    }
  }

  private async quantizeBlock(block: number, weights: Record<string, SharedArrayBuffer>): Promise<void> {
    const finished: FinishedLayer[] = [];
    for (const stage of stagesOf(this.description.layers[block]!)) {
      const wanted = stage.filter(({ tensor }) => this.input.targetOf(tensor));
      if (wanted.length === 0) continue;
      const sums = await this.sumsOf(block, stage, weights);
      const factors = new Map<string, Promise<SharedFactor>>();
      for (const linear of wanted) {
        const target = this.input.targetOf(linear.tensor)!;
        const options = factorOptions(target);
        const key = JSON.stringify(options);
        if (!factors.has(key)) factors.set(key, this.factorOf(sums, linear.inputs, options));
        const values = new SharedArrayBuffer(4 * linear.inputs * linear.outputs);
        const layer = await this.quantizeLayer(linear, target, await factors.get(key)!, weights[linear.tensor]!, values);
        weights[linear.tensor] = values;
        finished.push(layer);
        this.tell(layer);
      }
    }
    await this.store.write(block, finished, this.signal);
  }

  /** Sums of the inputs of a stage over all tokens. */
  private async sumsOf(block: number, stage: Stage, weights: SharedWeights): Promise<SharedArrayBuffer> {
    const { tensor, inputs: columns } = stage[0]!;
    const total = new SharedArrayBuffer(4 * paddedSize(columns) ** 2);
    const turn = new SharedArrayBuffer(4);
    const layer = this.description.layers[block]!;
    await Promise.all(
      this.pass.parts.map((part, index) =>
        this.jobRun.task({ kind: "inputSums", layer, part, weights, tensor, columns, total, turn, index }, noFile),
      ),
    );
    return total;
  }

  private factorOf(sums: SharedArrayBuffer, columns: number, options: FactorOptions): Promise<SharedFactor> {
    const shape = { stride: paddedSize(columns), columns, tokens: this.pass.tokens };
    return this.jobRun.task({ kind: "factor", sums, shape, options }, noFile);
  }

  private async quantizeLayer(
    linear: LinearLayer,
    target: LayerTarget,
    factor: SharedFactor,
    weights: SharedArrayBuffer,
    values: SharedArrayBuffer,
  ): Promise<FinishedLayer> {
    const { tensor, outputs, inputs: columns } = linear;
    const step = rowsOfTask(linear, this.threads);
    const starts = Array.from({ length: Math.ceil(outputs / step) }, (_, i) => i * step);
    const found = await Promise.all(
      starts.map((first) => {
        const rows = Math.min(step, outputs - first);
        const share = Math.floor((shareOf(linear) * rows) / outputs);
        return this.jobRun.task({ kind: "layerRows", target, factor, weights, first, rows, values, share }, noFile);
      }),
    );
    const loss = found.reduce((sum, part) => sum + part.loss, 0) / this.pass.tokens;
    const names = Object.keys(found[0]!.parts);
    // The groups of columns are the same for all rows.
    const parts = names.map((name) => {
      const pieces = found.map((part) => part.parts[name]!);
      return [name, name === "groups" ? pieces[0]! : joined(pieces)] as const;
    });
    return { tensor, rows: outputs, columns, loss, damping: factor.damping, dead: factor.dead.length, parts: Object.fromEntries(parts) };
  }

  private tell(layer: Omit<FinishedLayer, "parts">): void {
    this.done++;
    const { tensor, rows, columns, loss, damping, dead } = layer;
    this.input.onLayer?.({ tensor, rows, columns, loss, damping, dead }, this.done, this.total);
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
