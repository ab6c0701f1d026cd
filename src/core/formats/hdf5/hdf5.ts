import type { CheckpointFormat } from "../checkpointFormat";
import { metadataEntries } from "../safetensors/metadata";
import { findIndexOf } from "../safetensors/shardIndex";
import { openIndexed } from "../safetensors/shards";
import { openAlone } from "../singleFile";
import { isHdf5, readHdf5 } from "./readFile";

/** HDF5 files: Keras's `.h5` and `.weights.h5`, single files and shards, and any other with datasets of numbers. */
export const hdf5Format: CheckpointFormat = {
  id: "hdf5",
  label: "HDF5",

  matches: isHdf5,

  async open(file, folder) {
    const index = await findIndexOf(file.name, folder);
    if (!index) {
      return openAlone("hdf5", file, async (diagnostics) => {
        const { tensors, metadata } = await readHdf5(file, 0, diagnostics);
        return { tensors, metadata: metadataEntries(metadata) };
      });
    }
    await file.close();
    return openIndexed(folder, index.index, index.diagnostics);
  },
};
