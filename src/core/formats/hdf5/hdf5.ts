import type { CheckpointFormat } from "../checkpointFormat";
import { metadataEntries } from "../safetensors/metadata";
import { hdf5Lister } from "./library";
import { placeDatasets } from "./placeDatasets";
import { openAlone } from "../singleFile";

/** `\x89HDF\r\n\x1a\n`. */
const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** The first place of the signature behind a block of the user's; the next ones are twice as far each time. */
const firstUserBlock = 512;

/** HDF5 files: Keras's `.h5` and `.weights.h5`, and any other with datasets of numbers. */
export const hdf5Format: CheckpointFormat = {
  id: "hdf5",
  label: "HDF5",

  matches(head) {
    for (let start = 0; start + signature.length <= head.length; start = start === 0 ? firstUserBlock : 2 * start) {
      if (signature.every((byte, index) => head[start + index] === byte)) return true;
    }
    return false;
  },

  open: (file) =>
    openAlone("hdf5", file, async (diagnostics) => {
      const place = { source: file.ref, offset: 0, bytes: file.size };
      const listing = await hdf5Lister().list(place);
      return { tensors: placeDatasets(listing, place, file, diagnostics), metadata: metadataEntries(listing.attributes) };
    }),
};
