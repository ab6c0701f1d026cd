import { UsageError } from "../errors";
import { metadataValue } from "../formats/gguf/header";
import { storedKeyValues } from "../formats/gguf/writer/keyValue";
import { withoutSplitKeys } from "../formats/gguf/writer/split";
import { shapesFromCheckpoint } from "../estimate/modelShapes";
import type { Checkpoint } from "../tensor/checkpoint";
import { unavailability } from "../tensor/availability";
import { ggmlShape } from "../formats/gguf/writer/header";
import { type TensorInfo, valueDType, type ValueSource } from "../tensor/tensorInfo";
import { inRecipeOrder } from "../recipe/recipe";
import type { SourceModel } from "./sourceModel";

const defaultAlignment = 32;

/** A GGUF checkpoint as it is: its keys byte for byte, its tensors in the order in which llama-quantize writes them. */
export async function modelFromGguf(checkpoint: Checkpoint): Promise<SourceModel> {
  const { metadata, tensors, architecture } = checkpoint;
  const alignment = Number(metadataValue(metadata, "general.alignment") ?? defaultAlignment);
  const template = metadataValue(metadata, "tokenizer.chat_template");
  return {
    keyValues: withoutSplitKeys(await storedKeyValues(metadata)),
    tensors: inRecipeOrder(tensors).map((info) => ({
      name: info.name,
      shape: ggmlShape(info.shape),
      source: sourceOf(checkpoint, info),
      kept: info.dtype,
      from: info.dtype,
      origin: info.name,
    })),
    alignment: Number.isSafeInteger(alignment) && alignment > 0 ? alignment : defaultAlignment,
    recipe: (await shapesFromCheckpoint(checkpoint)).model,
    architecture,
    chatTemplate: typeof template === "string" ? template : undefined,
    notes: [],
  };
}

/** Where the values of a tensor are read. @throws UsageError `unreadable-tensor` where bytes are missing or mean nothing */
export function sourceOf(checkpoint: Checkpoint, info: TensorInfo): ValueSource {
  const why = unavailability(checkpoint, info);
  if (why !== undefined) {
    throw new UsageError("unreadable-tensor", `${info.name} cannot be written: its values cannot be read`, {
      tensor: info.name,
      found: why === "no-file" ? "its file is missing" : why === "truncated" ? "its file is cut short" : `the type ${info.dtype}`,
    });
  }
  return info.source ?? { dtype: valueDType(info), ref: checkpoint.files[info.file]!.file!.ref, offset: info.offset };
}
