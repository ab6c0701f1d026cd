import { fileNameOf } from "../core/fileRef";
import type { Hdf5Slices } from "../core/formats/hdf5/library";
import { libraryError, loadLibrary, openPlace } from "./h5wasm";

/** Loads the library, to read elements of datasets in this thread. */
export async function loadSlices(): Promise<Hdf5Slices> {
  const library = await loadLibrary();
  return {
    open(ref, open) {
      const file = openPlace(library, ref, open);
      return {
        read(start, count, target) {
          const pointer = library._malloc(target.length);
          try {
            if (pointer === 0) throw new Error("no memory for the elements");
            const ones = count.map(() => 1n);
            // A scalar has no dimensions to choose from.
            const all = count.length === 0;
            const status = library.get_dataset_data(
              file.id,
              `/${ref.dataset}`,
              all ? null : count.map(BigInt),
              all ? null : start.map(BigInt),
              all ? null : ones,
              BigInt(pointer),
            );
            if (status < 0) throw new Error("the library cannot read them");
            target.set(library.HEAPU8.subarray(pointer, pointer + target.length));
          } catch (error) {
            throw libraryError("hdf5.cannot-read", "The HDF5 library cannot read values of a dataset", error, {
              file: fileNameOf(ref.source),
              tensor: ref.dataset,
            });
          } finally {
            library._free(pointer);
          }
        },
        close: () => file.close(),
      };
    },
  };
}
