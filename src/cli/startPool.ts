import { join } from "node:path";
import { WorkerPool } from "../jobs/workerPool";

/** Starts the threads of a command. The built worker and kernels lie beside the running script. */
export function startPool(threads: number | undefined): WorkerPool {
  const built = (name: string): string => join(__dirname, name);
  return new WorkerPool({ workerFile: built("tasks.js"), kernelsFile: built("kernels.wasm"), threads, eager: true });
}
