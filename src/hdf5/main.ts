/** Entry of the bundle with the HDF5 library: required by threads that read datasets, started as a thread to list a file. */
import { parentPort, workerData } from "node:worker_threads";
import { FormatError } from "../core/errors";
import type { Hdf5Place } from "../core/fileRef";
import { openSource } from "../jobs/tasks/byteSource";
import type { ListAnswer, ListRequest } from "../io/hdf5Lister";
import { libraryError, loadLibrary, openPlace } from "./h5wasm";
import { listFile } from "./listFile";
import { loadSlices } from "./readSlices";

export { loadSlices };

const request = workerData as Partial<ListRequest> | null;
if (request?.hdf5Place) void list(request.hdf5Place).then((answer) => parentPort?.postMessage(answer));

async function list(place: Hdf5Place): Promise<ListAnswer> {
  try {
    const file = openPlace(await loadLibrary(), place, openSource);
    return { ok: true, listing: listFile(file) };
  } catch (error) {
    const { code, message, fields } =
      error instanceof FormatError ? error : libraryError("hdf5.cannot-list", "The HDF5 library cannot follow the file", error);
    return { ok: false, code, message, fields };
  }
}
