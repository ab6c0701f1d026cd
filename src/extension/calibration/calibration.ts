import { usualMethods } from "../../core/calibrate/calibrationMethods";
import type { ThresholdFigures } from "../../core/calibrate/thresholds";
import { CancelledError } from "../../core/errors";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { CalibratedTensor } from "../../jobs/calibrateJob";
import type { Engine } from "../../jobs/engine";
import type { TextSamples } from "../../jobs/textSamples";
import type { CalibratedInput, CalibrationChoice, CalibrationRun, CalibrationText, InputDetail } from "../../protocol/calibration";
import { type Disposable, Emitter } from "../emitter";
import type { JobList } from "../jobs/jobList";
import { binnedMagnitudes, curveThresholds, InputGatherer, type SeenInput, thresholdOf } from "./seenInputs";

/** What calibrating needs from the extension around it. */
export interface CalibrationHost {
  engine(): Promise<Pick<Engine, "calibrate" | "ranges" | "thresholds">>;
  readonly jobs: JobList;
  readonly uri: string;
  /** Localized texts. */
  readonly text: { calibrate: string; calibrated(inputs: number, elapsedMs: number): string; sample: string };
  /** The samples of a text, as the model reads them. */
  samples(checkpoint: Checkpoint, choice: CalibrationChoice, signal: AbortSignal): Promise<TextSamples>;
  reportFailure(error: unknown): void;
}

/** Samples unless it is said otherwise: more seldom change the ranges, as the sweep shows. */
export const usualChoice: CalibrationChoice = { samples: 32, bits: 8 };

/** ONNX Runtime's search, which is asked for one input at a time. */
const slowMethod = "onnx-entropy";

/** What was found with one number of bits. */
interface Result {
  text: CalibrationText;
  seen: SeenInput[];
  run: CalibrationRun;
}

/** What enters the linear layers of one content of a checkpoint on a text, and the ranges that calibration methods choose for it. */
export class Calibration implements Disposable {
  readonly methods = usualMethods;
  private results = new Map<number, Result>();
  private controller: AbortController | undefined;
  private readonly life = new AbortController();
  private readonly slowRanges = new WeakMap<SeenInput, Promise<ThresholdFigures>>();
  private readonly inputsEmitter = new Emitter<CalibratedInput[]>();
  private readonly runEmitter = new Emitter<{ run: CalibrationRun; text: CalibrationText }>();
  private readonly changeEmitter = new Emitter<void>();

  /** More inputs, in the order of the model. */
  readonly onDidSee = this.inputsEmitter.event;
  readonly onDidChangeRun = this.runEmitter.event;
  /** The choice is another. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(
    readonly checkpoint: Checkpoint,
    private readonly host: CalibrationHost,
    private chosen: CalibrationChoice = usualChoice,
  ) {}

  get choice(): CalibrationChoice {
    return this.chosen;
  }

  get run(): CalibrationRun {
    return this.result.run;
  }

  get text(): CalibrationText {
    return this.result.text;
  }

  get inputs(): CalibratedInput[] {
    return this.result.seen.map(({ row }) => row);
  }

  /** Another text, or other samples of it: what was found is forgotten. Begins to run the model. */
  choose(choice: CalibrationChoice): void {
    this.cancel();
    this.chosen = choice;
    this.results = new Map();
    this.changeEmitter.fire();
    this.start();
  }

  /** Other bits: what was found with these before is there at once. */
  setBits(bits: number): void {
    if (bits === this.chosen.bits) return;
    this.cancel();
    this.chosen = { ...this.chosen, bits };
    this.changeEmitter.fire();
    this.start();
  }

  /** Runs the model, if that was not done. Results and failures arrive as events. */
  start(): void {
    if (this.controller || this.life.signal.aborted || this.run.kind === "done") return;
    const controller = new AbortController();
    this.controller = controller;
    void this.runJob(controller).catch((error: unknown) => this.host.reportFailure(error));
  }

  cancel(): void {
    this.controller?.abort();
    this.controller = undefined;
  }

  /** Histogram and curves of an input. @param input place in {@link inputs} */
  async detail(input: number, signal: AbortSignal): Promise<InputDetail> {
    const { row, observed } = this.seenInput(input);
    const histogram = binnedMagnitudes(observed);
    const marks = Object.entries(row.methods).map(([id, range]) => [id, thresholdOf(range)] as const);
    const curve = curveThresholds(histogram.max);
    const figures = await this.judge(observed, [...curve, ...marks.map(([, threshold]) => threshold)], signal);
    return {
      histogram,
      curve: figures.slice(0, curve.length),
      marks: Object.fromEntries(marks.map(([id], i) => [id, figures[curve.length + i]!])),
    };
  }

  /** What one threshold does to an input, as far as its histogram tells. */
  async threshold(input: number, threshold: number, signal: AbortSignal): Promise<ThresholdFigures> {
    const [figures] = await this.judge(this.seenInput(input).observed, [threshold], signal);
    return figures!;
  }

  /** What ONNX Runtime's entropy search chooses for an input. It takes seconds, and is kept. */
  onnxEntropy(input: number): Promise<ThresholdFigures> {
    const seen = this.seenInput(input);
    const known = this.slowRanges.get(seen);
    if (known) return known;
    const found = this.searchSlowly(seen);
    this.slowRanges.set(seen, found);
    // A search that failed may be asked for again.
    found.catch(() => this.slowRanges.delete(seen));
    return found;
  }

  dispose(): void {
    this.life.abort();
    this.inputsEmitter.dispose();
    this.runEmitter.dispose();
    this.changeEmitter.dispose();
  }

  private get result(): Result {
    const { bits, text } = this.chosen;
    const known = this.results.get(bits);
    if (known) return known;
    const name = text === undefined ? this.host.text.sample : text.slice(Math.max(text.lastIndexOf("/"), text.lastIndexOf("\\")) + 1);
    const made: Result = { text: { name }, seen: [], run: { kind: "none" } };
    this.results.set(bits, made);
    return made;
  }

  private seenInput(input: number): SeenInput {
    const seen = this.result.seen[input];
    // The page asks about rows that it got.
    if (!seen) throw new CancelledError();
    return seen;
  }

  private async judge(observed: SeenInput["observed"], thresholds: number[], signal: AbortSignal): Promise<ThresholdFigures[]> {
    const { bits } = this.chosen;
    const usable = thresholds.map((threshold) => (threshold > 0 ? threshold : Number.MIN_VALUE));
    const engine = await this.host.engine();
    return engine.thresholds({ observed, bits, thresholds: usable }, { signal, progress: () => undefined });
  }

  private async searchSlowly({ observed }: SeenInput): Promise<ThresholdFigures> {
    const { bits } = this.chosen;
    const { signal } = this.life;
    const engine = await this.host.engine();
    const [range] = await engine.ranges({ observed, bits, methods: [slowMethod] }, { signal, progress: () => undefined });
    const [figures] = await this.judge(observed, [thresholdOf(range!)], signal);
    return figures!;
  }

  private async runJob(controller: AbortController): Promise<void> {
    const startedAt = Date.now();
    const { choice, result, methods } = this;
    const isCurrent = (): boolean => this.controller === controller && !this.life.signal.aborted;
    const gatherer = new InputGatherer((seen) => {
      if (!isCurrent()) return;
      result.seen.push(seen);
      this.inputsEmitter.fire([seen.row]);
    });
    const running = (doneBytes: number, totalBytes: number): void => {
      if (isCurrent()) this.setRun(result, { kind: "running", doneBytes, totalBytes, elapsedMs: Date.now() - startedAt });
    };
    if (result.seen.length > 0) {
      result.seen = [];
      this.changeEmitter.fire();
    }
    running(0, 1);
    try {
      const elapsedMs = await this.host.jobs.run({
        title: this.host.text.calibrate,
        target: this.checkpoint.name,
        uri: this.host.uri,
        signal: AbortSignal.any([controller.signal, this.life.signal]),
        work: async (context) => {
          const { samples, dataset } = await this.host.samples(this.checkpoint, choice, context.signal);
          const tokens = samples.reduce((sum, ids) => sum + ids.length, 0);
          result.text = { name: dataset, samples: samples.length, tokens };
          const engine = await this.host.engine();
          const input = {
            checkpoint: this.checkpoint,
            samples,
            methods,
            bits: choice.bits,
            onTensor: (tensor: CalibratedTensor) => gatherer.add(tensor),
          };
          const report = await engine.calibrate(input, {
            signal: context.signal,
            progress: (done, total) => {
              context.progress(done, total);
              running(done, total);
            },
          });
          gatherer.finish();
          return report.elapsedMs;
        },
        describe: (elapsed) => this.host.text.calibrated(result.seen.length, elapsed),
      });
      if (isCurrent()) this.setRun(result, { kind: "done", elapsedMs });
    } catch (error) {
      const cancelled = error instanceof CancelledError;
      // Whoever calls it off has taken the controller away.
      if (cancelled || isCurrent()) {
        const message = error instanceof Error ? error.message : String(error);
        this.setRun(result, cancelled ? { kind: "cancelled" } : { kind: "failed", message });
      }
      if (!cancelled) throw error;
    } finally {
      if (this.controller === controller) this.controller = undefined;
    }
  }

  private setRun(result: Result, run: CalibrationRun): void {
    result.run = run;
    // What was called off may be about other bits than those that are shown.
    if (this.result === result && !this.life.signal.aborted) this.runEmitter.fire({ run, text: result.text });
  }
}
