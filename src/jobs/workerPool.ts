import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { Piscina } from "piscina";
import { CancelledError, FormatError, UsageError } from "../core/errors";
import type { FileRef } from "../core/fileRef";
import { hasRelaxedSimd } from "../kernels/relaxedSimd";
import { PulseWatch } from "./pulseWatch";
import type { SharedControl } from "./tasks/control";
import type { ResultOf, Task, TaskAnswer, TaskFailure, TaskRequest, WorkerStart } from "./tasks/task";

/** Where the built parts of the engine lie, and how many threads it may use. */
export interface PoolOptions {
  /** The built `src/jobs/worker.ts`. */
  workerFile: string;
  /** The built kernels. Those that multiply and add in one step lie beside it as `…-relaxed.wasm`, and are taken where the machine can. */
  kernelsFile: string;
  /** Worker threads; {@link defaultThreads} when absent. */
  threads?: number;
  /** Start the threads at once: for whoever will need them, and has something else to do first. */
  eager?: boolean;
  /** Milliseconds that a call of the HDF5 library may take; a minute when absent. */
  hdf5Patience?: number;
}

/** Milliseconds after which an idle worker is stopped and its memory given back. */
const idleMs = 120_000;

/** Each takes some 30 MB; no disk feeds more. */
const mostThreads = 64;

/** One core is left to the user; two are used where there are only two. More than four share one disk and memory bus. */
export function defaultThreads(cores: number = availableParallelism()): number {
  return cores <= 2 ? cores : Math.min(cores - 1, 4);
}

/**
 * Worker threads, started when the first task comes. When a thread dies, all tasks under way fail with the reason and
 * the next one starts fresh threads.
 */
export class WorkerPool {
  readonly threads: number;
  private piscina: Piscina | undefined;
  private readonly waiting = new Set<(reason: Error) => void>();

  constructor(private readonly options: PoolOptions) {
    this.threads = Math.min(mostThreads, Math.max(1, Math.floor(options.threads ?? defaultThreads())));
    if (options.eager) this.piscina = this.start();
  }

  /** @throws CancelledError, FormatError (`hdf5.endless` among them, which ends the threads), or Error when the thread died */
  async run<T extends Task>(task: T, file: FileRef, control: SharedControl): Promise<ResultOf<T>> {
    const answer = await this.post({ task, file, control });
    if (!answer.ok) throw errorOf(answer.failure);
    return answer.result as ResultOf<T>;
  }

  async dispose(): Promise<void> {
    const { piscina } = this;
    this.piscina = undefined;
    this.failAll(new CancelledError());
    await piscina?.destroy();
  }

  private post(request: TaskRequest): Promise<TaskAnswer> {
    const piscina = (this.piscina ??= this.start());
    return new Promise<TaskAnswer>((resolve, reject) => {
      this.waiting.add(reject);
      const isEndless = (error: Error): void => {
        this.waiting.delete(reject);
        reject(error);
        this.died(piscina, error);
      };
      const watch = PulseWatch.of(request.file, isEndless, this.options.hdf5Patience);
      piscina
        .run(watch ? { ...request, pulse: watch.pulse } : request)
        .then(
          (answer: TaskAnswer) => {
            this.waiting.delete(reject);
            resolve(answer);
          },
          // Tasks answer failures of their own, so this is the thread's.
          (error: unknown) => this.died(piscina, error),
        )
        .finally(() => watch?.stop());
    });
  }

  private start(): Piscina {
    const { workerFile, eager } = this.options;
    const kernelsFile = kernelsFor(this.options.kernelsFile);
    for (const file of [workerFile, kernelsFile]) {
      if (!existsSync(file)) throw new Error(`${basename(file)} is missing: the installation is incomplete`);
    }
    const workerData: WorkerStart = { kernels: new WebAssembly.Module(readFileSync(kernelsFile)) };
    const piscina = new Piscina({
      filename: workerFile,
      name: "runTask",
      minThreads: eager ? this.threads : 0,
      maxThreads: this.threads,
      idleTimeout: idleMs,
      workerData,
      recordTiming: false,
    });
    piscina.on("error", (error) => this.died(piscina, error));
    // A thread that ends before it has taken a task is no error to the library.
    piscina.on("workerDestroy", () =>
      setImmediate(() => {
        if (piscina.threads.length === 0 && this.waiting.size > 0) this.died(piscina, "it ended before it began");
      }),
    );
    return piscina;
  }

  /** Tasks that no thread has taken yet would wait forever for the one that died: all fail. */
  private died(piscina: Piscina, error: unknown): void {
    if (this.piscina !== piscina) return;
    this.piscina = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    this.failAll(new Error(`A worker thread stopped: ${reason}`, { cause: error }));
    void piscina.destroy();
  }

  private failAll(reason: Error): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const reject of waiting) reject(reason);
  }
}

function kernelsFor(file: string): string {
  return hasRelaxedSimd() ? file.replace(/\.wasm$/, "-relaxed.wasm") : file;
}

function errorOf({ kind, code, message, fields, stack }: TaskFailure): Error {
  if (kind === "format") return new FormatError(code, message, fields);
  if (kind === "usage") return new UsageError(code, message, fields);
  if (kind === "cancelled") return new CancelledError();
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
