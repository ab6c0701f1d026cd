import { FormatError } from "../../errors";
import { fileNameOf, type FileRef, hdf5RefOf } from "../../fileRef";

/** Milliseconds that a call of the HDF5 library may take: it may not end with a damaged file. Calls for real ones take below 2,000. */
export const hdf5Patience = 60_000;

/** The error of a dataset that the library does not come to an end with. */
export function endlessDataset(ref: FileRef, patience: number): FormatError {
  const dataset = hdf5RefOf(ref);
  const file = dataset && fileNameOf(dataset.source);
  return new FormatError("hdf5.endless", "The HDF5 library does not come to an end with a dataset", {
    file,
    tensor: dataset?.dataset,
    expected: "its values",
    found: `no end after ${patience / 1000} seconds`,
    hint: "The file is damaged. Download or save it again.",
  });
}
