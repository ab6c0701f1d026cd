import type { Folder, RandomAccessFile } from "../../file";
import type { Checkpoint } from "../../tensor/checkpoint";
import type { CheckpointFormat } from "../checkpointFormat";
import { DiagnosticList } from "../diagnosticList";
import { metadataEntries } from "../safetensors/metadata";
import { findIndexOf } from "../safetensors/shardIndex";
import { openIndexed } from "../safetensors/shards";
import { readModelConfig } from "../sidecar";
import { readHead } from "../sniff";
import { isTorchArchive } from "./archive";
import { isPickle } from "./legacy";
import { readTorch } from "./readFile";

/** What `torch.save` writes, in its zip format and the stream from before PyTorch 1.6, single files and shards; TorchScript. */
export const torchFormat: CheckpointFormat = {
  id: "torch",
  label: "PyTorch",

  matches: isPickle,

  holds: isTorchArchive,

  async open(file, folder) {
    const index = await findIndexOf(file.name, folder);
    if (!index) return openSingle(file, folder);
    await file.close();
    return openIndexed(folder, index.index, index.diagnostics);
  },
};

async function openSingle(file: RandomAccessFile, folder: Folder): Promise<Checkpoint> {
  const diagnostics = new DiagnosticList();
  try {
    const content = await readTorch(file, await readHead(file), 0, diagnostics);
    const config = await readModelConfig(folder, diagnostics);
    return {
      format: "torch",
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
