/** Entry of the bundle with the HDF5 library: required by threads that read datasets, started as a thread to list a file or read pages. */
import { parentPort, workerData } from "node:worker_threads";
import { FormatError } from "../core/errors";
import { fileNameOf, type Hdf5Place } from "../core/fileRef";
import { provideHdf5Slices } from "../core/formats/hdf5/library";
import { openSource } from "../jobs/tasks/byteSource";
import type { ListAnswer, ListRequest } from "../io/hdf5Lister";
import type { ReadAnswer, ReaderStart, ReadRequest } from "../io/hdf5Reader";
import { libraryError, loadLibrary, openPlace } from "./h5wasm";
import { listFile } from "./listFile";
import { loadSlices } from "./readSlices";

export { loadSlices };

const request = workerData as Partial<ListRequest & ReaderStart> | null;
if (request?.hdf5Place) void list(request.hdf5Place).then((answer) => parentPort?.postMessage(answer));
if (request?.hdf5Reads)
  parentPort?.on("message", (asked: ReadRequest) => void read(asked).then((answer) => parentPort?.postMessage(answer)));

async function list(place: Hdf5Place): Promise<ListAnswer> {
  try {
    const file = openPlace(await loadLibrary(), place, openSource);
    return { ok: true, listing: listFile(file) };
  } catch (error) {
    return failed(
      libraryError("hdf5.cannot-list", "The HDF5 library cannot follow the file", error, { file: fileNameOf(place.source) }),
      error,
    );
  }
}

async function read({ ref, offset, bytes }: ReadRequest): Promise<ReadAnswer> {
  try {
    provideHdf5Slices(await loadSlices());
    const source = openSource(ref);
    try {
      const target = new Uint8Array(bytes);
      source.read(offset, target);
      return { ok: true, bytes: target };
    } finally {
      source.close();
    }
  } catch (error) {
    return failed(
      libraryError("hdf5.cannot-read", "The HDF5 library cannot read values of a dataset", error, { file: fileNameOf(ref) }),
      error,
    );
  }
}

/** @param otherwise what is said of an error that does not say enough itself */
function failed(otherwise: FormatError, error: unknown): { ok: false } & Pick<FormatError, "code" | "message" | "fields"> {
  const found = error instanceof FormatError ? error : otherwise;
  return { ok: false, code: found.code, message: found.message, fields: found.fields };
}
