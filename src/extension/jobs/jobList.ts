import { CancelledError } from "../../core/errors";
import type { JobContext } from "../../jobs/contract";
import { type Disposable, Emitter } from "../emitter";

export type JobState =
  | { readonly kind: "running"; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly kind: "done"; readonly result: string }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "cancelled" };

/** A piece of work the user can see, cancel and look back on. */
export interface JobEntry {
  readonly id: number;
  /** Its verb, localized: `Scan`. */
  readonly title: string;
  /** What it works on: a checkpoint's name. */
  readonly target: string;
  /** Where that is, as URI text. */
  readonly uri: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly state: JobState;
}

export interface JobRequest<T> {
  title: string;
  target: string;
  uri: string;
  /** Cancels the job besides the user's own cancel button. */
  signal: AbortSignal;
  work(context: JobContext): Promise<T>;
  /** One line about the result, localized. */
  describe(result: T): string;
}

/** Finished jobs that are kept for looking back. */
const keptJobs = 20;

/** All jobs of this window, newest first. */
export class JobList implements Disposable {
  private readonly changes = new Emitter<void>();
  private readonly controllers = new Map<number, AbortController>();
  private jobs: JobEntry[] = [];
  private nextId = 1;

  /** Something in {@link entries} is different. Fired at most as often as the jobs report progress. */
  readonly onDidChange = this.changes.event;

  get entries(): readonly JobEntry[] {
    return this.jobs;
  }

  get running(): readonly JobEntry[] {
    return this.jobs.filter((job) => job.state.kind === "running");
  }

  /**
   * Runs a job and keeps the list up to date about it.
   * @throws whatever `work` throws; CancelledError when it was cancelled
   */
  async run<T>(request: JobRequest<T>): Promise<T> {
    const id = this.nextId++;
    const controller = new AbortController();
    this.controllers.set(id, controller);
    const { title, target, uri } = request;
    this.jobs = [{ id, title, target, uri, startedAt: Date.now(), state: { kind: "running", doneBytes: 0, totalBytes: 0 } }, ...this.jobs];
    this.changes.fire();
    try {
      const result = await request.work({
        signal: AbortSignal.any([controller.signal, request.signal]),
        progress: (doneBytes, totalBytes) => this.set(id, { kind: "running", doneBytes, totalBytes }),
      });
      this.controllers.delete(id);
      this.set(id, { kind: "done", result: request.describe(result) });
      return result;
    } catch (error) {
      this.controllers.delete(id);
      const message = error instanceof Error ? error.message : String(error);
      this.set(id, error instanceof CancelledError ? { kind: "cancelled" } : { kind: "failed", message });
      throw error;
    }
  }

  cancel(id: number): void {
    this.controllers.get(id)?.abort();
  }

  clearFinished(): void {
    this.jobs = this.jobs.filter((job) => job.state.kind === "running");
    this.changes.fire();
  }

  dispose(): void {
    for (const controller of this.controllers.values()) controller.abort();
    this.changes.dispose();
  }

  private set(id: number, state: JobState): void {
    // A progress report may arrive after the end: the engine's threads are not in step with it.
    if (state.kind === "running" && !this.controllers.has(id)) return;
    this.jobs = this.jobs.map((job) => (job.id === id ? { ...job, state } : job));
    const finished = this.jobs.filter((job) => job.state.kind !== "running");
    const dropped = new Set(finished.slice(keptJobs));
    if (dropped.size > 0) this.jobs = this.jobs.filter((job) => !dropped.has(job));
    this.changes.fire();
  }
}
