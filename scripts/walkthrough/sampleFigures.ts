import path from "node:path";
import type { ErrorFigures, TensorStats } from "../../src/core/measure/reports";
import { comparedTypes } from "../../src/extension/editor/comparedTypes";
import { folderOf, openPath } from "../../src/io/openPath";
import type { PreviewReport } from "../../src/jobs/contract";
import { Engine } from "../../src/jobs/engine";
import { prepareWrite } from "../../src/jobs/prepareWrite";
import { checkpointSnapshot } from "../../src/jobs/snapshot";
import { summarize } from "../../src/jobs/summary";
import type { CheckpointSnapshot, TensorSummary } from "../../src/protocol/editor";

const root = path.join(__dirname, "..", "..");

/** The tensor that an editor of the sample shows first. */
const shownTensor = "model.layers.0.mlp.down_proj.weight";
/** The type that the last step's picture writes. */
const writtenType = "Q4_K_M";
/** As many as an editor's histogram has. */
const bins = 128;

/** What the pictures show of the sample checkpoint, as the product's own jobs find it. */
export interface SampleFigures {
  snapshot: CheckpointSnapshot;
  /** Of every tensor, in the order of the snapshot. */
  summaries: TensorSummary[];
  tensor: TensorStats;
  /** INT4 with one range for the tensor, from the least to the greatest value. */
  minMax: PreviewReport;
  /** INT4 with the range of the least squared error. */
  clipped: PreviewReport;
  /** By type: what it does to the tensor. */
  types: Record<string, ErrorFigures>;
  /** The whole model as a file. */
  written: { name: string; bytes: number; types: { type: string; bytes: number }[] };
}

/** Measures the sample. The worker and the kernels must be built. */
export async function measureSample(): Promise<SampleFigures> {
  const built = (name: string): string => path.join(root, "dist", name);
  const engine = new Engine({ workerFile: built("tasks.js"), kernelsFile: built("kernels.wasm"), threads: 1 });
  const file = path.join(root, "media", "sample", "model.safetensors");
  const checkpoint = await openPath(file);
  try {
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const snapshot = checkpointSnapshot(checkpoint);
    const { tensors } = await engine.stats({ checkpoint, bins }, context);
    const tensor = tensors.findIndex(({ name }) => name === shownTensor);
    const stats = tensors[tensor];
    if (!stats) throw new Error(`the sample has no ${shownTensor}`);
    const preview = (scheme: string) => engine.preview({ checkpoint, tensor, scheme, bins, stats }, context);
    const errors = await engine.errors({ checkpoint, tensors: [tensor], types: comparedTypes(stats.shape) }, context);
    const request = { to: "gguf", type: writtenType, out: `model-${writtenType}.gguf` };
    const { plan } = await prepareWrite(engine, { checkpoint, folder: await folderOf(file) }, request, context);
    return {
      snapshot,
      summaries: tensors.map((found, index) => summarize(index, found)),
      tensor: stats,
      minMax: await preview("int4"),
      clipped: await preview("int4-mse"),
      types: errors.tensors[0]!.types,
      written: { name: request.out, bytes: plan.bytes, types: bytesByType(plan.tensors) },
    };
  } finally {
    await checkpoint.close();
    await engine.dispose();
  }
}

/** Largest first. */
function bytesByType(tensors: readonly { type: string; bytes: number }[]): { type: string; bytes: number }[] {
  const sums = new Map<string, number>();
  for (const { type, bytes } of tensors) sums.set(type, (sums.get(type) ?? 0) + bytes);
  return [...sums].map(([type, bytes]) => ({ type, bytes })).sort((one, other) => other.bytes - one.bytes);
}
