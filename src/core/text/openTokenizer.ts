import { readModelFiles } from "../convert/vocabulary/modelFiles";
import { UsageError } from "../errors";
import type { Folder } from "../file";
import type { Checkpoint } from "../tensor/checkpoint";
import { ggufTokenizer } from "./ggufTokenizer";
import { huggingFaceTokenizer } from "./huggingFaceTokenizer";
import type { Tokenizer } from "./tokenizer";

/**
 * The tokenizer of a checkpoint: of a GGUF file the one in its header, else the one in the files beside the weights.
 *
 * @param folder the one that the weights lie in
 * @throws UsageError `no-tokenizer`, `unknown-tokenizer`; FormatError `tokenizer.bad` and what reading the files throws
 */
export async function openTokenizer(checkpoint: Checkpoint, folder: Folder): Promise<Tokenizer> {
  const tokenizer = checkpoint.format === "gguf" ? await ggufTokenizer(checkpoint) : huggingFaceTokenizer(await readModelFiles(folder));
  if (tokenizer) return tokenizer;
  throw new UsageError("no-tokenizer", `"${checkpoint.name}" has no tokenizer: text cannot be turned into what the model reads`, {
    file: checkpoint.name,
    expected: checkpoint.format === "gguf" ? "a vocabulary in the header" : "tokenizer.json or tokenizer.model beside the weights",
    found: "none",
    hint: "Download the tokenizer's files of the model too, into the folder of the weights.",
  });
}
