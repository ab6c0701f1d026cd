import { Worker } from "node:worker_threads";
import { FormatError } from "../core/errors";
import type { FileRef } from "../core/fileRef";
import { endlessDataset, hdf5Patience } from "../core/formats/hdf5/endless";
import type { Hdf5Reader } from "../core/formats/hdf5/library";
import type { DiagnosticFields } from "../core/errors";

/** What the thread is started with: not what any other thread that loads the library has. */
export interface ReaderStart {
  readonly hdf5Reads: true;
}

export interface ReadRequest {
  readonly ref: FileRef;
  readonly offset: number;
  readonly bytes: number;
}

export type ReadAnswer =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly fields: DiagnosticFields };

/** Milliseconds after which an idle thread ends and gives its memory back. */
const idleMs = 10_000;

/**
 * Reads ranges of datasets in a thread of its own, one after the other. It neither blocks this one, nor waits for ever: with a
 * dataset that has no end, the thread ends instead, and the next range starts another.
 *
 * @param file the built bundle with the library
 * @param patience milliseconds for one range
 */
export function hdf5ReaderOf(file: string, patience = hdf5Patience): Hdf5Reader {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const end = (): void => {
    clearTimeout(idle);
    void worker?.terminate();
    worker = undefined;
  };
  const read = async (request: ReadRequest): Promise<Uint8Array> => {
    clearTimeout(idle);
    worker ??= new Worker(file, { workerData: { hdf5Reads: true } satisfies ReaderStart });
    try {
      const answer = await answerOf(worker, request, patience);
      if (!answer.ok) throw new FormatError(answer.code, answer.message, answer.fields);
      return answer.bytes;
    } catch (error) {
      // The library may not be in order behind a failure.
      end();
      throw error;
    } finally {
      idle = setTimeout(end, idleMs);
      idle.unref();
      worker?.unref();
    }
  };
  return {
    read(ref, offset, bytes) {
      const result = last.then(() => read({ ref, offset, bytes }));
      last = result.catch(() => undefined);
      return result;
    },
  };
}

function answerOf(worker: Worker, request: ReadRequest, patience: number): Promise<ReadAnswer> {
  worker.ref();
  return new Promise<ReadAnswer>((resolve, reject) => {
    const timer = setTimeout(() => done(() => reject(endlessDataset(request.ref, patience))), patience);
    const onMessage = (answer: ReadAnswer): void => done(() => resolve(answer));
    const onError = (error: Error): void => done(() => reject(error));
    const onExit = (): void => done(() => reject(new Error("The thread that reads HDF5 files stopped")));
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      settle();
    };
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(request);
  });
}
