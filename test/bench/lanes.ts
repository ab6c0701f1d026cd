import { once } from "node:events";
import { statSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";

/** Steps of the control: some tens of milliseconds on an idle core. */
const spinSteps = 5e7;

/** Threads for controls: what the machine gives to anyone, in the minute in which something is measured. */
export class Lanes {
  private readonly workers: Worker[];

  constructor(count: number) {
    this.workers = Array.from({ length: count }, () => new Worker(path.join(__dirname, "lane.cjs"), { execArgv: [] }));
  }

  /** Seconds that `threads` threads together need to read a file once from the page cache. */
  async read(file: string, threads: number): Promise<number> {
    const { size } = statSync(file);
    const bounds = Array.from({ length: threads + 1 }, (_, index) => Math.floor((size * index) / threads));
    return this.time(threads, (index) => ({ operation: "read", file, start: bounds[index], end: bounds[index + 1] }));
  }

  /**
   * How many cores there are for two threads right now: how much more two that touch no memory do than one. Below 2
   * where the cores share an execution unit, or others are at work.
   */
  async cores(): Promise<number> {
    const one = await this.time(1, () => ({ operation: "spin", steps: spinSteps }));
    return (2 * one) / (await this.time(2, () => ({ operation: "spin", steps: spinSteps })));
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private async time(threads: number, request: (index: number) => object): Promise<number> {
    const started = performance.now();
    await Promise.all(
      this.workers.slice(0, threads).map((worker, index) => {
        const done = once(worker, "message");
        worker.postMessage(request(index));
        return done;
      }),
    );
    return (performance.now() - started) / 1000;
  }
}
