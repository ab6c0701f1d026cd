import type { Folder, RandomAccessFile } from "../../file";
import type { Checkpoint } from "../../tensor/checkpoint";
import type { CheckpointFormat } from "../checkpointFormat";
import { DiagnosticList } from "../diagnosticList";
import { readModelConfig } from "../sidecar";
import { metadataEntries } from "./metadata";
import { isSafetensors, readSafetensors } from "./readFile";
import { findIndexOf } from "./shardIndex";
import { shardNumber } from "../shardName";
import { openIndexed } from "./shards";

/** Hugging Face's safetensors, single files and shards with an index. */
export const safetensorsFormat: CheckpointFormat = {
  id: "safetensors",
  label: "safetensors",

  matches: isSafetensors,

  async open(file, folder) {
    const index = await findIndexOf(file.name, folder);
    if (!index) return openSingle(file, folder);
    await file.close();
    return openIndexed(folder, index.index, index.diagnostics);
  },
};

/** Opens a file by itself, whatever lies beside it. */
async function openSingle(file: RandomAccessFile, folder: Folder): Promise<Checkpoint> {
  const diagnostics = new DiagnosticList();
  try {
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
    const config = await readModelConfig(folder, diagnostics);
    return {
      format: "safetensors",
      name: file.name,
      files: [{ name: file.name, bytes: file.size, file }],
      tensors: content.tensors,
      metadata: metadataEntries(content.metadata),
      architecture: config?.architecture,
      config: config?.config,
      warnings: diagnostics.result(),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
