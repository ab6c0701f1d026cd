import { CancelledError, throwIfAborted } from "../core/errors";
import type { FileRef } from "../core/fileRef";
import type { JobContext } from "./contract";
import { bytesDone, createControl, requestStop, TaskControl } from "./tasks/control";
import type { ResultOf, Task } from "./tasks/task";
import type { WorkerPool } from "./workerPool";

const progressMs = 100;

/** What carries tasks out. */
export type TaskRunner = Pick<WorkerPool, "run" | "threads">;

/** How much there is to do: bytes to read, and how long one takes compared with plain statistics. */
export interface JobSize {
  bytes: number;
  effort: number;
}

/**
 * One job on the pool. It gives the pool only as many tasks as there are threads, so that a short job started during a
 * long one takes its turn; the rest waits here. Cancelling, or the first failure, stops the others.
 */
export class JobRun {
  private readonly control = createControl();
  private readonly queue: (() => void)[] = [];
  /** What goes before it, in the order in which it came: pieces that follow each other are cheap to unpack only in their order. */
  private readonly first: (() => void)[] = [];
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort = (): void => this.stop(new CancelledError());
  private readonly stopped: Promise<never>;
  private tellStopped: (error: unknown) => void = () => undefined;
  private running = 0;
  private reported = -1;
  private failure: unknown;

  /**
   * @param totalBytes tensor data the job goes through, for progress
   * @param width tasks at a time
   */
  private constructor(
    private readonly pool: TaskRunner,
    private readonly context: JobContext,
    private readonly totalBytes: number,
    private readonly width: number,
  ) {
    context.signal.addEventListener("abort", this.onAbort);
    this.timer = setInterval(() => this.report(), progressMs);
    this.stopped = new Promise<never>((_, reject) => (this.tellStopped = reject));
  }

  /**
   * Runs a job from beginning to end.
   *
   * @param size tensor data the job goes through
   * @throws CancelledError once the signal is aborted; the first failure of a task
   */
  static async run<R>(pool: TaskRunner, context: JobContext, size: JobSize, work: (run: JobRun) => Promise<R>): Promise<R> {
    throwIfAborted(context.signal);
    const run = new JobRun(pool, context, size.bytes, widthFor(pool.threads, size));
    try {
      // A cancelled job ends at once; its tasks notice at their next chunk.
      const result = await Promise.race([work(run), run.stopped]);
      run.report(size.bytes);
      return result;
    } catch (error) {
      run.stop(error);
      throw run.failure;
    } finally {
      clearInterval(run.timer);
      context.signal.removeEventListener("abort", run.onAbort);
    }
  }

  /** Has a worker do a task, after those that wait already. */
  task<T extends Task>(task: T, file: FileRef): Promise<ResultOf<T>> {
    return this.enqueue(task, file, this.queue);
  }

  /** Counts tensor data that something else than a task went through. @throws what stopped the job */
  count(bytes: number): void {
    if (this.failure !== undefined) throw this.failure;
    new TaskControl(this.control).advance(bytes, 1);
  }

  /** Has a worker do a task before those that wait: the end of something that was begun. */
  nextTask<T extends Task>(task: T, file: FileRef): Promise<ResultOf<T>> {
    return this.enqueue(task, file, this.first);
  }

  /**
   * Works on many pieces, a few at a time, and hands on what came of them in the order of the pieces, so that sums have the
   * same digits every time. Pieces are made as they are needed: a job on a file of any size takes little memory.
   */
  async inOrder<P, R>(pieces: Iterable<P>, work: (piece: P) => Promise<R>, done: (piece: P, result: R) => void): Promise<void> {
    const iterator = pieces[Symbol.iterator]();
    const early = new Map<number, [P, R]>();
    let given = 0;
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let step = iterator.next(); step.done !== true; step = iterator.next()) {
        const place = given++;
        early.set(place, [step.value, await work(step.value)]);
        for (let found = early.get(next); found; found = early.get(++next)) {
          early.delete(next);
          done(...found);
        }
      }
    };
    // More than can run, so that what a piece needs beforehand is done while others run.
    await Promise.all(Array.from({ length: 2 * this.width }, lane));
  }

  private enqueue<T extends Task>(task: T, file: FileRef, queue: (() => void)[]): Promise<ResultOf<T>> {
    return new Promise<ResultOf<T>>((resolve, reject) => {
      queue.push(() => {
        if (this.failure !== undefined) return reject(this.failure);
        this.running++;
        this.pool
          .run(task, file, this.control)
          .then(resolve, (error: unknown) => {
            this.stop(error);
            reject(error);
          })
          .finally(() => {
            this.running--;
            this.advance();
          });
      });
      this.advance();
    });
  }

  private advance(): void {
    // What is left after a failure is refused, all at once: taking a long queue apart from its head takes seconds.
    if (this.failure !== undefined) for (const refuse of [...this.first.splice(0), ...this.queue.splice(0)]) refuse();
    while (this.running < this.width) {
      const start = this.first.shift() ?? this.queue.shift();
      if (!start) return;
      start();
    }
  }

  private stop(error: unknown): void {
    this.failure ??= error;
    requestStop(this.control);
    this.tellStopped(this.failure);
    this.advance();
  }

  private report(done = Math.min(bytesDone(this.control), this.totalBytes)): void {
    if (done === this.reported || this.failure !== undefined) return;
    this.reported = done;
    this.context.progress(done, this.totalBytes);
  }
}

function widthFor(threads: number, { bytes, effort }: JobSize): number {
  return Math.min(threads, Math.max(1, Math.ceil((bytes * effort) / bytesPerThread)));
}

/** Bytes of statistics below which starting another thread takes longer than the work it would take over. */
const bytesPerThread = 16 * 2 ** 20;
