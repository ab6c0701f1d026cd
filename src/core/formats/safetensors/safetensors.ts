import type { RandomAccessFile } from "../../file";
import type { CheckpointFormat } from "../checkpointFormat";
import type { DiagnosticList } from "../diagnosticList";
import { isSafetensors, readSafetensors, type SafetensorsContent } from "./readFile";
import { findIndexOf } from "./shardIndex";
import { shardNumber } from "../shardName";
import { openSingleFile } from "../singleFile";
import { openIndexed } from "./shards";

/** Hugging Face's safetensors, single files and shards with an index. */
export const safetensorsFormat: CheckpointFormat = {
  id: "safetensors",
  label: "safetensors",

  matches: isSafetensors,

  async open(file, folder) {
    const index = await findIndexOf(file.name, folder);
    if (!index) return openSingleFile("safetensors", file, folder, (diagnostics) => readAlone(file, diagnostics));
    await file.close();
    return openIndexed(folder, index.index, index.diagnostics);
  },
};

/** Reads a file that no index names. */
async function readAlone(file: RandomAccessFile, diagnostics: DiagnosticList): Promise<SafetensorsContent> {
  const content = await readSafetensors(file, 0, diagnostics);
  const part = shardNumber(file.name);
  if (part && part.count > 1) {
    diagnostics.add(
      "info",
      "sharded.no-index",
      `"${file.name}" is part ${part.number} of ${part.count}, but no index beside it lists the others`,
      {
        file: file.name,
        expected: "an index that names the file",
        hint: "Open the folder to see all parts that are there.",
      },
    );
  }
  return content;
}
