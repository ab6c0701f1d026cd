import type { Worker } from "node:worker_threads";

/** How long an answer may take. */
export interface Patience {
  readonly ms: number;
  /** What is thrown after that. */
  reason(): Error;
}

/**
 * Sends a thread one request and waits for its answer; the process lives as long.
 *
 * @param stopped what is said of a thread that ends instead
 */
export function askWorker<A>(worker: Worker, request: unknown, stopped: string, patience?: Patience): Promise<A> {
  worker.ref();
  return new Promise<A>((resolve, reject) => {
    const timer = patience && setTimeout(() => done(() => reject(patience.reason())), patience.ms);
    const onMessage = (answer: A): void => done(() => resolve(answer));
    const onError = (error: Error): void => done(() => reject(error));
    const onExit = (): void => done(() => reject(new Error(stopped)));
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      worker.unref();
      settle();
    };
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(request);
  });
}
