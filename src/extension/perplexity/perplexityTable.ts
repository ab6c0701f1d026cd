import { CancelledError } from "../../core/errors";
import { firstScored } from "../../core/model/perplexity";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { JobContext } from "../../jobs/contract";
import { checkVariant, type PerplexityReport, type TextLikelihood, type VariantReport } from "../../jobs/perplexityJob";
import { type PerplexityModel, quantizedModel, storedModel } from "../../jobs/perplexityModel";
import type { TextSamples } from "../../jobs/textSamples";
import type {
  MeasuredText,
  PerplexityChoice,
  PerplexityRow,
  PerplexityRun,
  PerplexityState,
  TokenPage,
  WorstToken,
} from "../../protocol/perplexity";
import { type Disposable, Emitter } from "../emitter";
import { notificationText } from "../errorText";
import { answersOf, figuresOf } from "./perplexityFigures";
import type { PerplexityHost } from "./perplexityHost";
import { type ScoredText, tokenPage, worstTokens } from "./tokenViews";

interface Entry {
  readonly id: string;
  readonly kind: PerplexityRow["kind"];
  /** A type, or a URI. */
  readonly what: string;
  model?: PerplexityModel;
  reason?: string;
  report?: TextLikelihood | VariantReport;
}

/** Milliseconds between two states that are told while it runs. */
const stateInterval = 200;

/** How well one content of a checkpoint foresees a text, as it is and in types, as far as that is measured. */
export class PerplexityTable implements Disposable {
  private readonly original: Entry = { id: "original", kind: "original", what: "" };
  private entries: Entry[] = [];
  private state: PerplexityRun = { kind: "none" };
  private samples: TextSamples | undefined;
  private base: PerplexityReport | undefined;
  private controller: AbortController | undefined;
  private toldAt = 0;
  private readonly life = new AbortController();
  private readonly opened = new Map<string, Promise<Checkpoint>>();
  private readonly stateEmitter = new Emitter<PerplexityState>();
  private readonly choiceEmitter = new Emitter<void>();
  private current: PerplexityChoice;

  /** More is measured. */
  readonly onDidMeasure = this.stateEmitter.event;
  /** Another text, or other models. */
  readonly onDidChoose = this.choiceEmitter.event;

  constructor(
    readonly checkpoint: Checkpoint,
    private readonly host: PerplexityHost,
    choice: PerplexityChoice,
  ) {
    this.current = choice;
    this.entries = this.entriesOf(choice);
  }

  get choice(): PerplexityChoice {
    return this.current;
  }

  get now(): PerplexityState {
    const rows = [this.original, ...this.entries].map((entry) => this.rowOf(entry));
    return { rows, run: this.state, ...(this.samples ? { text: this.textOf(this.samples) } : {}) };
  }

  /** Measures another text, or other models; what is known of the same text is kept. */
  choose(choice: PerplexityChoice): void {
    const { text, field, samples, length } = this.current;
    const isSameText = text === choice.text && field === choice.field && samples === choice.samples && length === choice.length;
    this.stop();
    this.current = choice;
    if (!isSameText) {
      this.samples = this.base = undefined;
      this.original.report = undefined;
    }
    const known = new Map(isSameText ? this.entries.map((entry) => [entry.id, entry]) : []);
    this.entries = this.entriesOf(choice).map((entry) => known.get(entry.id) ?? entry);
    this.choiceEmitter.fire();
    this.measure();
  }

  /** Measures what is missing. Results and failures arrive as events. */
  measure(): void {
    if (this.controller || this.life.signal.aborted) return;
    if (this.isDone(this.original) && this.entries.every((entry) => this.isDone(entry) || entry.reason !== undefined)) return;
    const controller = new AbortController();
    this.controller = controller;
    void this.runJob(controller).catch((error: unknown) => this.host.reportFailure(error));
  }

  cancel(): void {
    this.controller?.abort();
  }

  /** Some tokens with what a row makes of them; null while nothing is known. */
  async tokens(row: string, start: number, count: number): Promise<TokenPage | null> {
    const scored = this.scoredOf(row);
    return scored ? tokenPage(scored, await this.host.tokenizer(), start, count) : null;
  }

  /** Those of which the likelihood fell most. */
  async worst(row: string): Promise<WorstToken[]> {
    const scored = this.scoredOf(row);
    return scored ? worstTokens(scored, await this.host.tokenizer()) : [];
  }

  dispose(): void {
    this.life.abort();
    this.stateEmitter.dispose();
    this.choiceEmitter.dispose();
    for (const checkpoint of this.opened.values()) checkpoint.then((open) => open.close()).catch(() => undefined);
  }

  private entriesOf({ types, files }: PerplexityChoice): Entry[] {
    return [
      ...types.map((what): Entry => ({ id: `type:${what}`, kind: "type", what })),
      ...files.map((what): Entry => ({ id: `file:${what}`, kind: "file", what })),
    ];
  }

  /** Of all windows, not of the first of them. */
  private isDone({ report }: Entry): boolean {
    return report !== undefined && report.windows === this.samples?.samples.length;
  }

  private rowOf(entry: Entry): PerplexityRow {
    const { id, kind, model, report, reason } = entry;
    return {
      id,
      kind,
      ...this.nameOf(entry),
      bytes: model?.bytes ?? null,
      bitsPerWeight: model?.bitsPerWeight ?? null,
      figures: report ? figuresOf(report) : null,
      answers: report && "sameTop" in report && this.base ? answersOf(report, this.base) : null,
      ...(reason === undefined ? {} : { reason }),
    };
  }

  private nameOf({ kind, what }: Entry): Pick<PerplexityRow, "label" | "schemeLabel" | "detail"> {
    const { text, isFileType, schemeLabel, nameOf } = this.host;
    if (kind === "original") return { label: text.original };
    if (kind === "file") return nameOf(what);
    return isFileType(what) ? { label: what } : { label: what, schemeLabel: schemeLabel(what), detail: text.linearOnly };
  }

  private textOf({ samples, dataset }: TextSamples): MeasuredText {
    const length = samples[0]!.length;
    const { samples: wanted, text } = this.current;
    return {
      name: text === undefined ? this.host.text.sample : dataset,
      windows: samples.length,
      length,
      scored: length - 1 - firstScored(length, "llama-perplexity"),
      isWhole: wanted === undefined || samples.length < wanted,
    };
  }

  private scoredOf(row: string): ScoredText | undefined {
    const entry = [this.original, ...this.entries].find(({ id }) => id === row);
    if (!entry?.report || !this.base || !this.samples) return undefined;
    const before = this.base.scored.nll;
    const other = "scored" in entry.report ? entry.report.scored : { nll: before, divergence: new Float64Array(before.length) };
    return { windows: this.samples.samples, before, after: other.nll, divergence: other.divergence };
  }

  private stop(): void {
    this.controller?.abort();
    this.controller = undefined;
    this.state = { kind: "none" };
  }

  private async runJob(controller: AbortController): Promise<void> {
    const startedAt = Date.now();
    const isCurrent = (): boolean => this.controller === controller && !this.life.signal.aborted;
    const running = (doneBytes: number, totalBytes: number): void => {
      if (isCurrent()) this.tell({ kind: "running", doneBytes, totalBytes, elapsedMs: Date.now() - startedAt });
    };
    running(0, 1);
    try {
      await this.host.jobs.run({
        title: this.host.text.measure,
        target: this.checkpoint.name,
        uri: this.host.uri,
        signal: AbortSignal.any([controller.signal, this.life.signal]),
        work: (context) =>
          this.run(
            {
              signal: context.signal,
              progress: (done, total) => {
                context.progress(done, total);
                running(done, total);
              },
            },
            isCurrent,
          ),
        describe: (models) => this.host.text.measured(models, Date.now() - startedAt),
      });
      if (isCurrent()) this.end({ kind: "done", elapsedMs: Date.now() - startedAt });
    } catch (error) {
      if (!isCurrent()) return;
      if (error instanceof CancelledError) this.end({ kind: "cancelled" });
      else {
        this.host.reportFailure(error);
        this.end({ kind: "failed", message: notificationText(error) });
      }
    }
  }

  /** @returns how many models were measured */
  private async run(context: JobContext, isCurrent: () => boolean): Promise<number> {
    const original = (this.original.model ??= await storedModel(this.checkpoint));
    const samples = (this.samples ??= await this.host.samples(this.current, context.signal));
    const missing = this.entries.filter((entry) => !this.isDone(entry));
    for (const entry of missing) await this.prepare(entry, original);
    if (!isCurrent()) throw new CancelledError();
    const entries = missing.filter(({ model, reason }) => model && reason === undefined);
    const take = (report: PerplexityReport): void => {
      if (!isCurrent()) return;
      // What the original says of more windows is not forgotten for a report that has just begun.
      if (report.windows >= (this.base?.windows ?? 0)) {
        this.base = report;
        this.original.report = figuresOf(report);
      }
      entries.forEach((entry, i) => (entry.report = report.variants[i] ?? entry.report));
      this.tell(this.state);
    };
    this.tell(this.state);
    const engine = await this.host.engine();
    const variants = entries.map(({ model }) => model!);
    take(await engine.perplexity({ original, windows: samples.samples, variants, onMeasured: take }, context));
    return 1 + entries.length;
  }

  /** Makes the model of a row, or says why there is none: the others are measured all the same. */
  private async prepare(entry: Entry, original: PerplexityModel): Promise<void> {
    if (entry.model) return;
    entry.reason = undefined;
    try {
      const model = entry.kind === "type" ? await this.inType(entry.what, original) : await storedModel(await this.openOther(entry.what));
      checkVariant(original, model);
      entry.model = model;
    } catch (error) {
      entry.reason = notificationText(error);
    }
  }

  private async inType(type: string, original: PerplexityModel): Promise<PerplexityModel> {
    return quantizedModel(original, this.host.isFileType(type) ? await this.host.sourceModel() : undefined, type);
  }

  private openOther(uri: string): Promise<Checkpoint> {
    const known = this.opened.get(uri);
    if (known) return known;
    const opening = this.host.open(uri);
    this.opened.set(uri, opening);
    opening.catch(() => this.opened.delete(uri));
    return opening;
  }

  private end(run: PerplexityRun): void {
    this.controller = undefined;
    this.toldAt = 0;
    this.tell(run);
  }

  /** Figures are told at once, progress alone a few times a second. */
  private tell(run: PerplexityRun): void {
    const isProgress = run !== this.state && run.kind === "running" && this.state.kind === "running";
    this.state = run;
    if (isProgress && Date.now() - this.toldAt < stateInterval) return;
    this.toldAt = Date.now();
    this.stateEmitter.fire(this.now);
  }
}
