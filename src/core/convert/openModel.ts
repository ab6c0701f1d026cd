import type { Folder } from "../file";
import type { Checkpoint } from "../tensor/checkpoint";
import { modelFromGguf } from "./fromGguf";
import { modelFromHuggingFace } from "./fromHuggingFace";
import type { SourceModel } from "./sourceModel";

/**
 * What a checkpoint becomes as GGUF.
 *
 * @param folder where configuration and tokenizer of a Hugging Face checkpoint lie
 * @throws UsageError `unknown-architecture`, `unreadable-tensor`; FormatError for files that are not what they should be
 */
export async function openModel(checkpoint: Checkpoint, folder: Folder): Promise<SourceModel> {
  if (checkpoint.format === "gguf") return modelFromGguf(checkpoint);
  return modelFromHuggingFace(checkpoint, folder);
}
