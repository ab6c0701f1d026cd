import { CancelledError } from "../../core/errors";
import type { TensorStats } from "../../core/measure/reports";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { summarize } from "../../jobs/summary";
import type { ScanState, TensorSummary } from "../../protocol/editor";
import { type Disposable, Emitter } from "../emitter";
import type { JobList } from "../jobs/jobList";
import type { MeasuringEngine } from "./measuringEngine";
import type { StatsCache, StatsKey } from "./statsCache";

/** What measuring needs from the extension around it. */
export interface MeasurementHost {
  engine(): Promise<MeasuringEngine>;
  readonly jobs: JobList;
  readonly cache: StatsCache;
  /** Localized texts of the job. */
  readonly text: { scan: string; scanned(tensors: number, elapsedMs: number): string };
  /** Told of a failure that no caller is waiting for. */
  reportFailure(error: unknown): void;
}

/** Milliseconds between two batches of results: with one batch of rows and one of progress, ten notifications a second. */
const batchInterval = 200;

/** The figures of one content of a checkpoint: those measured so far, and the scan that adds to them. */
export class Measurements implements Disposable {
  private readonly measured = new Map<number, TensorStats>();
  private readonly summaryOf = new Map<number, TensorSummary>();
  private readonly measureEmitter = new Emitter<TensorSummary[]>();
  private readonly scanEmitter = new Emitter<ScanState>();
  private readonly life = new AbortController();
  private scanController: AbortController | undefined;
  private state: ScanState = { kind: "none" };
  private pending = new Map<number, TensorSummary>();
  private timer: NodeJS.Timeout | undefined;
  private stateIsPending = false;

  /** More tensors have figures. At most five times a second. */
  readonly onDidMeasure = this.measureEmitter.event;
  /** The scan began, went on or ended. At most five times a second while it runs. */
  readonly onDidChangeScan = this.scanEmitter.event;

  constructor(
    private readonly checkpoint: Checkpoint,
    private readonly decodable: ReadonlySet<number>,
    private readonly key: StatsKey,
    private readonly host: MeasurementHost,
  ) {}

  get scanState(): ScanState {
    return this.state;
  }

  get summaries(): TensorSummary[] {
    return [...this.summaryOf.values()].sort((a, b) => a.index - b.index);
  }

  /** Figures of a tensor, if it was measured. */
  find(index: number): TensorStats | undefined {
    return this.measured.get(index);
  }

  /** Takes over what an earlier session measured of the same content. */
  async restore(): Promise<void> {
    const earlier = await this.host.cache.load(this.key);
    if (!earlier || this.life.signal.aborted) return;
    for (const [index, stats] of earlier) {
      if (this.decodable.has(index) && this.checkpoint.tensors[index]?.name === stats.name) this.keep(index, stats);
    }
    // Of a scan that was cut short, the figures are shown, but nothing of it is still going on.
    if (this.measured.size > 0 && this.missing([...this.decodable]).length === 0) {
      this.state = { kind: "done", tensors: this.measured.size, elapsedMs: 0 };
    }
  }

  /**
   * Figures of one tensor, measured now unless they are known.
   * @throws CancelledError, FormatError
   */
  async detail(index: number, signal: AbortSignal): Promise<TensorStats> {
    const known = this.measured.get(index);
    if (known) return known;
    const engine = await this.host.engine();
    const report = await engine.stats(
      { checkpoint: this.checkpoint, tensors: [index], bins: this.key.bins },
      { signal: AbortSignal.any([signal, this.life.signal]), progress: () => undefined },
    );
    const stats = report.tensors[0];
    if (!stats) throw new Error(report.skipped[0]?.reason ?? "The tensor could not be measured.");
    this.add(index, stats);
    return stats;
  }

  /**
   * Starts measuring what is not measured yet, of the given tensors or of all. Does nothing while a scan runs.
   * Results and failures arrive as events.
   */
  scan(tensors?: readonly number[]): void {
    if (this.scanController || this.life.signal.aborted) return;
    const wanted = this.missing(tensors ?? [...this.decodable]);
    const controller = new AbortController();
    this.scanController = controller;
    void this.runScan(wanted, controller).catch((error: unknown) => this.host.reportFailure(error));
  }

  cancelScan(): void {
    this.scanController?.abort();
  }

  dispose(): void {
    this.life.abort();
    clearTimeout(this.timer);
    this.measureEmitter.dispose();
    this.scanEmitter.dispose();
  }

  private async runScan(wanted: readonly number[], controller: AbortController): Promise<void> {
    const startedAt = Date.now();
    const elapsed = () => Date.now() - startedAt;
    const running = (doneBytes: number, totalBytes: number) =>
      this.setScanState({ kind: "running", doneBytes, totalBytes, tensors: this.measured.size, elapsedMs: elapsed() });
    try {
      if (wanted.length > 0) {
        running(
          0,
          wanted.reduce((sum, index) => sum + (this.checkpoint.tensors[index]?.bytes ?? 0), 0),
        );
        await this.host.jobs.run({
          title: this.host.text.scan,
          target: this.checkpoint.name,
          uri: this.key.uri,
          signal: AbortSignal.any([controller.signal, this.life.signal]),
          work: async (context) => {
            const engine = await this.host.engine();
            return engine.stats(
              { checkpoint: this.checkpoint, tensors: wanted, bins: this.key.bins, onTensor: (index, stats) => this.add(index, stats) },
              {
                signal: context.signal,
                progress: (done, total) => {
                  context.progress(done, total);
                  running(done, total);
                },
              },
            );
          },
          describe: (report) => this.host.text.scanned(report.tensors.length, report.elapsedMs),
        });
      }
      this.endScan({ kind: "done", tensors: this.measured.size, elapsedMs: elapsed() });
    } catch (error) {
      if (error instanceof CancelledError) {
        this.endScan({ kind: "cancelled", tensors: this.measured.size });
      } else {
        this.endScan({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
        throw error;
      }
    } finally {
      this.scanController = undefined;
      // Also what a cancelled scan measured is worth keeping.
      if (this.measured.size > 0) await this.host.cache.save(this.key, new Map(this.measured));
    }
  }

  private missing(tensors: readonly number[]): number[] {
    return tensors.filter((index) => this.decodable.has(index) && !this.measured.has(index));
  }

  private keep(index: number, stats: TensorStats): TensorSummary {
    const summary = summarize(index, stats);
    this.measured.set(index, stats);
    this.summaryOf.set(index, summary);
    return summary;
  }

  private add(index: number, stats: TensorStats): void {
    if (this.life.signal.aborted) return;
    this.pending.set(index, this.keep(index, stats));
    this.schedule();
  }

  private setScanState(state: ScanState): void {
    if (this.life.signal.aborted) return;
    this.state = state;
    this.stateIsPending = true;
    this.schedule();
  }

  /** The end is told at once, after the rows that belong to it. */
  private endScan(state: ScanState): void {
    this.setScanState(state);
    this.flush();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => this.flush(), batchInterval);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = [...this.pending.values()];
    this.pending = new Map();
    if (batch.length > 0) this.measureEmitter.fire(batch);
    if (!this.stateIsPending) return;
    this.stateIsPending = false;
    this.scanEmitter.fire(this.state);
  }
}
