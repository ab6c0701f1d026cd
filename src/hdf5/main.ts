/** Entry of the bundle with the HDF5 library: required by threads that read datasets, started as a thread to list a file or read pages. */
import { parentPort, workerData } from "node:worker_threads";
import { FormatError } from "../core/errors";
import type { Hdf5Place } from "../core/fileRef";
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
    return failed(error, "hdf5.cannot-list", "The HDF5 library cannot follow the file");
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
    return failed(error, "hdf5.cannot-read", "The HDF5 library cannot read values of a dataset");
  }
}

function failed(error: unknown, code: string, message: string): { ok: false } & Pick<FormatError, "code" | "message" | "fields"> {
  const found = error instanceof FormatError ? error : libraryError(code, message, error);
  return { ok: false, code: found.code, message: found.message, fields: found.fields };
}
