import type { SourceModel } from "../../core/convert/sourceModel";
import { findBlockFormat } from "../../core/decode/ggml/formats";
import type { FileRef } from "../../core/fileRef";
import { compensatedFormats } from "../../core/gptq/compensatedRows";
import type { LayerTarget } from "../../core/gptq/layerTarget";
import { defaultGptqOptions } from "../../core/gptq/options";
import type { ModelDescription } from "../../core/model/modelDescription";
import type { TensorPlan, WritePlan } from "../../core/recipe/preflight";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { TensorInfo, ValueSource } from "../../core/tensor/tensorInfo";
import type { Calibration } from "./calibration";
import type { LayerStore } from "./layerStore";
import { linearsOf } from "./stages";

/** The linear layers of a GGUF file that GPTQ quantizes: by the names of their weights in the checkpoint, and those in the file. */
export interface BlockTargets {
  readonly targets: Map<string, LayerTarget>;
  /** The weight in the checkpoint, by the name in the file. */
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * What the layers become whose planned types errors can be made up for in. The others are quantized as ever.
 *
 * @param model what the plan was made of
 */
export function blockTargets(
  checkpoint: Checkpoint,
  model: SourceModel,
  plan: WritePlan,
  description: ModelDescription,
  { damping = defaultGptqOptions.damping }: Calibration,
): BlockTargets {
  const linears = new Set(description.layers.flatMap(linearsOf).map(({ tensor }) => tensor));
  const types = new Map(plan.tensors.map(({ name, type }) => [name, type]));
  const infos = new Map(checkpoint.tensors.map((info) => [info.name, info]));
  const targets = new Map<string, LayerTarget>();
  const origins = new Map<string, string>();
  for (const { name, origin, source } of model.tensors) {
    const type = types.get(name)!;
    const info = origin === undefined ? undefined : infos.get(origin);
    if (!info || !linears.has(info.name) || !compensatedFormats.some(({ id }) => id === type)) continue;
    if (!isSameRows(source, ownRef(checkpoint, info))) continue;
    targets.set(info.name, { kind: "blocks", type, damping });
    origins.set(name, info.name);
  }
  return { targets, origins };
}

function ownRef({ files }: Checkpoint, { source, file }: TensorInfo): FileRef | undefined {
  return source?.ref ?? files[file]?.file?.ref;
}

/** Whether the file gets the rows of the checkpoint as they are, though maybe in another order. */
function isSameRows({ ref }: ValueSource, own: FileRef | undefined): boolean {
  return ref === own || (ref.kind === "interleavedHalves" && ref.source === own);
}

/** The plan with finished blocks in the place of the weights: they are of the right type already, and only copied. */
export async function withFinishedBlocks(plan: WritePlan, { targets, origins }: BlockTargets, store: LayerStore): Promise<WritePlan> {
  const places = new Map<string, { ref: FileRef; offset: number }>();
  for (let block = 0; block < store.blocks; block++) {
    const ref: FileRef = { kind: "path", path: store.pathOf(block) };
    for (const { tensor, parts } of await store.list(block)) places.set(tensor, { ref, offset: parts.blocks!.offset });
  }
  const finished = (tensor: TensorPlan): TensorPlan => {
    const origin = origins.get(tensor.name);
    const place = origin === undefined ? undefined : places.get(origin);
    if (!place) return tensor;
    const { type } = targets.get(origin!) as Extract<LayerTarget, { kind: "blocks" }>;
    return { ...tensor, source: sourceOf(tensor, type, place) };
  };
  return {
    ...plan,
    tensors: plan.tensors.map(finished),
    files: plan.files.map((file) => ({ ...file, tensors: file.tensors.map(finished) })),
  };
}

/** Blocks of rows in the order in which the file has them. */
function sourceOf({ source, shape }: TensorPlan, type: string, { ref, offset }: { ref: FileRef; offset: number }): ValueSource {
  if (source.ref.kind !== "interleavedHalves") return { dtype: type, ref, offset };
  const format = findBlockFormat(type)!;
  const rowBytes = (shape[shape.length - 1]! / format.size) * format.bytes;
  return { dtype: type, ref: { ...source.ref, source: ref, offset, rowBytes }, offset: 0 };
}
