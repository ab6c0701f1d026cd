import { join } from "node:path";
import { type PoolOptions, WorkerPool } from "../jobs/workerPool";

/** Of the threads of a command. The built worker and kernels lie beside the running script. */
export function poolOptions(threads: number | undefined): PoolOptions {
  const built = (name: string): string => join(__dirname, name);
  return { workerFile: built("tasks.js"), kernelsFile: built("kernels.wasm"), threads, eager: true };
}

/** Starts the threads of a command. */
export function startPool(threads: number | undefined): WorkerPool {
  return new WorkerPool(poolOptions(threads));
}
