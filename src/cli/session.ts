import { CancelledError } from "../core/errors";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { openPath } from "../io/openPath";
import type { JobContext } from "../jobs/contract";
import { Engine } from "../jobs/engine";
import type { WorkerPool } from "../jobs/workerPool";
import { ProgressLine } from "./progressLine";

/** Options of every command. */
export interface CommandOptions {
  json?: boolean;
  verbose?: boolean;
}

/** Options of commands that read tensors. */
export interface TensorOptions extends CommandOptions {
  /** Packed weights as the tensors that the files store, not as what they mean. */
  stored?: boolean;
}

/** Options of commands that compute. */
export interface JobOptions extends TensorOptions {
  threads?: number;
  /** Was started before the command was loaded. */
  pool: WorkerPool;
}

/** Calls `work` with the checkpoint at a path, and closes it. */
export async function withCheckpoint<R>(path: string, { stored }: TensorOptions, work: (checkpoint: Checkpoint) => Promise<R>): Promise<R> {
  const checkpoint = await openPath(path);
  try {
    return await work(stored && checkpoint.stored ? { ...checkpoint, tensors: checkpoint.stored } : checkpoint);
  } finally {
    await checkpoint.close();
  }
}

/** Calls `work` with an engine, and stops it. */
export async function withEngine<R>({ pool }: JobOptions, work: (engine: Engine, context: JobContext) => Promise<R>): Promise<R> {
  const engine = new Engine(pool);
  try {
    return await interruptible((context) => work(engine, context));
  } finally {
    // The process ends with the command: stopping the threads one by one would only take time.
    void engine.dispose();
  }
}

/** Calls `work` with a signal that Ctrl+C aborts, and a progress line on a terminal. */
export async function interruptible<R>(work: (context: JobContext) => Promise<R>): Promise<R> {
  const controller = new AbortController();
  const line = new ProgressLine(process.stderr);
  const interrupt = (): void => {
    controller.abort(new CancelledError());
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    return await work({ signal: controller.signal, progress: (done, total) => line.show(done, total) });
  } finally {
    line.clear();
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
