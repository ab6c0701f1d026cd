import type { CheckpointFormat } from "../checkpointFormat";
import { findIndexOf } from "../safetensors/shardIndex";
import { openIndexed } from "../safetensors/shards";
import { openSingleFile } from "../singleFile";
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
    if (!index) return openSingleFile("torch", file, folder, async (diagnostics) => readTorch(file, await readHead(file), 0, diagnostics));
    await file.close();
    return openIndexed(folder, index.index, index.diagnostics);
  },
};
