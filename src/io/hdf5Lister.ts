import { Worker } from "node:worker_threads";
import { FormatError, type DiagnosticFields } from "../core/errors";
import type { Hdf5Place } from "../core/fileRef";
import { hdf5Patience } from "../core/formats/hdf5/endless";
import type { Hdf5Lister, Hdf5Listing } from "../core/formats/hdf5/library";

/** What the thread that lists a file is started with: not what any other thread that loads the library has. */
export interface ListRequest {
  readonly hdf5Place: Hdf5Place;
}

export type ListAnswer =
  | { readonly ok: true; readonly listing: Hdf5Listing }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly fields: DiagnosticFields };

/**
 * Lists HDF5 files in a thread of their own, which ends with the list: it neither blocks this one nor leaves the library's
 * memory behind.
 * @param file the built bundle with the library
 */
export function hdf5ListerOf(file: string): Hdf5Lister {
  return { list: (place) => list(file, place) };
}

function list(file: string, hdf5Place: Hdf5Place): Promise<Hdf5Listing> {
  const worker = new Worker(file, { workerData: { hdf5Place } satisfies ListRequest });
  let timer: NodeJS.Timeout | undefined;
  const answered = new Promise<Hdf5Listing>((resolve, reject) => {
    timer = setTimeout(() => reject(failed("hdf5.endless", `no end after ${hdf5Patience / 1000} seconds`)), hdf5Patience);
    worker.once("message", (answer: ListAnswer) => {
      if (answer.ok) resolve(answer.listing);
      else reject(new FormatError(answer.code, answer.message, answer.fields));
    });
    worker.once("error", (error) => reject(failed("hdf5.cannot-list", error.message.slice(0, 200))));
    worker.once("exit", () => reject(failed("hdf5.cannot-list", "the end of the thread that reads it")));
  });
  return answered.finally(() => {
    clearTimeout(timer);
    void worker.terminate();
  });
}

function failed(code: string, found: string): FormatError {
  return new FormatError(code, "The HDF5 library cannot follow the file", {
    expected: "a list of its groups and datasets",
    found,
    hint: "The file is damaged. Download or save it again.",
  });
}
