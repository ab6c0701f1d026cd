import { describeModel } from "../../core/model/describe";
import type { ModelDescription } from "../../core/model/modelDescription";
import { checkSequences } from "../../core/model/sequences";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { JobContext } from "../contract";
import { JobRun, type TaskRunner } from "../jobRun";
import { ForwardPass } from "../model/forwardPass";
import { ModelWeights } from "../model/modelWeights";
import { AwqBlocks } from "./awqBlocks";
import { type BlockMethod, type LayerSummary, type LayerTargets, shareOf } from "./blockMethod";
import { checkCalibratedMemory } from "./calibratedMemory";
import { GptqBlocks } from "./gptqBlocks";
import type { FinishedLayer } from "./layerFile";
import type { LayerStore } from "./layerStore";
import { linearsOf } from "./stages";

export interface QuantizeLayersInput {
  readonly checkpoint: Checkpoint;
  /** Token ids of the calibration text. */
  readonly sequences: readonly Int32Array[];
  readonly targets: LayerTargets;
  /** Gets the layers, block by block. @param blocks there will be */
  openStore(blocks: number): Promise<LayerStore>;
  /** Called as each layer is done. */
  onLayer?(layer: LayerSummary, done: number, total: number): void;
}

/**
 * Quantizes the linear layers of a model by what their inputs on a text are, block by block. Blocks that the store has are
 * taken from there.
 *
 * @throws UsageError for models and texts that do not fit; FormatError `gptq.not-finite`, `gptq.not-positive-definite`; CancelledError
 */
export async function quantizeLayers(pool: TaskRunner, input: QuantizeLayersInput, context: JobContext): Promise<LayerStore> {
  const { checkpoint, sequences, targets, onLayer } = input;
  const description = await describeModel(checkpoint);
  checkSequences(description, sequences);
  const lengths = sequences.map((ids) => ids.length);
  checkCalibratedMemory(checkpoint, description, lengths, targets, pool.threads);
  const store = await input.openStore(description.layers.length);
  const bytes = progressBytes(checkpoint, description, targets);
  let done = 0;
  const tell = ({ tensor, rows, columns, loss, damping, dead }: LayerSummary): void =>
    onLayer?.({ tensor, rows, columns, loss, damping, dead }, ++done, targets.size);
  await JobRun.run(pool, context, { bytes, effort: Infinity }, async (run) => {
    // As for one thread: parts, whose sums are added up, must not depend on the number of threads.
    const pass = new ForwardPass(run, checkpoint, description, sequences, 1);
    const isAwq = [...targets.values()].some(({ kind }) => kind === "awq");
    const method: BlockMethod = isAwq ? new AwqBlocks(run, pass, targets) : new GptqBlocks(run, pass, targets, pool.threads);
    await pass.embed();
    for (let block = 0; block < description.layers.length; block++) {
      const weights = { ...(await pass.loadLayer(block)) };
      if (block < store.finished) {
        const layers = await loadBlock(store, block);
        layers.filter(({ tensor }) => targets.has(tensor)).forEach(tell);
        await method.pass(block, weights, layers);
      } else {
        await store.write(block, await method.quantize(block, weights, tell), context.signal);
      }
    }
  });
  return store;
}

async function loadBlock(store: LayerStore, block: number): Promise<FinishedLayer[]> {
  const layers: FinishedLayer[] = [];
  for (const stored of await store.list(block)) layers.push(await store.load(block, stored));
  return layers;
}

/** What tasks say that they have done: every block once through, and every layer once quantized. */
function progressBytes(checkpoint: Checkpoint, description: ModelDescription, targets: LayerTargets): number {
  const weights = new ModelWeights(checkpoint);
  return description.layers.reduce((sum, layer, index) => {
    const own = linearsOf(layer).filter(({ tensor }) => targets.has(tensor));
    return sum + weights.layerBytes(description, index) + own.reduce((bytes, linear) => bytes + shareOf(linear), 0);
  }, 0);
}
