import { createHash } from "node:crypto";
import type { LayerProvider } from "../../core/export/quantizedLayer";
import type { LayerTarget } from "../../core/gptq/layerTarget";
import { describeModel } from "../../core/model/describe";
import type { WritePlan } from "../../core/recipe/preflight";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { JobContext } from "../contract";
import { pathsOf, stampFiles } from "../inputFiles";
import { checkCalibratedMemory } from "./calibratedMemory";
import type { Calibration } from "./calibration";
import { LayerStore } from "./layerStore";
import type { QuantizeLayersInput } from "./quantizeLayers";

/** A write whose layers are quantized with calibration before it. */
export interface CalibratedWrite {
  /** What is run: the input, by the names that the plan has. */
  readonly checkpoint: Checkpoint;
  readonly calibration: Calibration;
  /** What linear layers become, by the names of their weights in the checkpoint. */
  readonly targets: ReadonlyMap<string, LayerTarget>;
  /** Path of the output, beside which finished layers are kept. */
  readonly out: string;
  /** The write with the finished layers in it. */
  finish(plan: WritePlan, store: LayerStore): Promise<{ plan: WritePlan; layers?: LayerProvider }>;
}

/** Format of what is kept; another number makes runs begin anew. */
const storeVersion = 1;

/** Who quantizes layers: the engine. */
interface LayerQuantizer {
  quantizeLayers(input: QuantizeLayersInput, context: JobContext): Promise<LayerStore>;
}

/** Quantizes the layers, or takes up where a run before was stopped. */
export async function quantizeForWrite(
  engine: LayerQuantizer,
  { checkpoint, calibration, targets, out }: CalibratedWrite,
  context: JobContext,
): Promise<LayerStore> {
  const { samples: sequences, onLayer } = calibration;
  const key = await keyOf(checkpoint, calibration, targets);
  const openStore = (blocks: number): Promise<LayerStore> => LayerStore.open(LayerStore.folderOf(out), key, blocks);
  return engine.quantizeLayers({ checkpoint, sequences, targets, openStore, onLayer }, context);
}

/**
 * Bytes of memory that quantizing the layers takes at most.
 *
 * @throws UsageError `too-large` where there is not so much
 */
export async function memoryForWrite({ checkpoint, calibration, targets }: CalibratedWrite, threads: number): Promise<number> {
  const lengths = calibration.samples.map(({ length }) => length);
  return checkCalibratedMemory(checkpoint, await describeModel(checkpoint), lengths, targets, threads);
}

/** Everything that finished layers depend on. */
async function keyOf(checkpoint: Checkpoint, { samples }: Calibration, targets: ReadonlyMap<string, LayerTarget>): Promise<string> {
  const refs = checkpoint.tensors.flatMap(({ source, file }) => source?.ref ?? checkpoint.files[file]?.file?.ref ?? []);
  const text = createHash("sha256");
  for (const ids of samples) text.update(`${ids.length}\n`).update(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength));
  return JSON.stringify({
    version: storeVersion,
    files: [...(await stampFiles(pathsOf(refs)))],
    text: text.digest("hex"),
    targets: [...targets],
  });
}
