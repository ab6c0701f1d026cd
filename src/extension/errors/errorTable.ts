import { CancelledError } from "../../core/errors";
import type { ErrorFigures } from "../../core/measure/reports";
import { findScheme, requiresImportance } from "../../core/quant/registry";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { ErrorsReport } from "../../jobs/contract";
import type { Engine } from "../../jobs/engine";
import { type ImportanceMatrix, importanceOf } from "../../jobs/importanceMatrix";
import type { ErrorsRun, ErrorTensor, Exclusions, FigureBatch, TypeErrors } from "../../protocol/errors";
import { type Disposable, Emitter } from "../emitter";
import type { JobList } from "../jobs/jobList";
import { errorTensors } from "./errorTensors";
import { exclusionsOf, keptAs, staysUnquantized } from "./exclusions";

/** What measuring errors needs from the extension around it. */
export interface ErrorTableHost {
  engine(): Promise<Pick<Engine, "errors">>;
  readonly jobs: JobList;
  readonly uri: string;
  /** Localized texts. */
  readonly text: { measure: string; measured(types: number, elapsedMs: number): string; needsImportance(type: string): string };
  reportFailure(error: unknown): void;
}

/** Types that a new table has: the steps that people choose between. */
export const usualTypes = ["Q8_0", "Q6_K", "Q5_K", "Q4_K", "IQ4_XS", "Q3_K", "Q2_K", "int8", "int4-g128"];

interface Column {
  readonly type: string;
  rows: (ErrorFigures | null)[];
  total: ErrorFigures | null;
  isSampled: boolean;
  isDone: boolean;
}

/** Milliseconds between two batches of figures. */
const batchInterval = 200;

/** The errors of some types over all weight matrices of one content of a checkpoint, as far as they are measured. */
export class ErrorTable implements Disposable {
  readonly tensors: readonly ErrorTensor[];
  private columns: Column[] = [];
  private matrix: ImportanceMatrix | undefined;
  private state: ErrorsRun = { kind: "none" };
  private controller: AbortController | undefined;
  private readonly life = new AbortController();
  private readonly places: ReadonlyMap<string, number>;
  /** Columns and places of rows with figures that were not told. */
  private readonly touched = { columns: new Set<Column>(), rows: new Set<number>() };
  private timer: NodeJS.Timeout | undefined;
  private readonly figuresEmitter = new Emitter<FigureBatch>();
  private readonly runEmitter = new Emitter<ErrorsRun>();
  private readonly changeEmitter = new Emitter<void>();

  /** New figures. At most five times a second. */
  readonly onDidMeasure = this.figuresEmitter.event;
  readonly onDidChangeRun = this.runEmitter.event;
  /** Types or the importance matrix are others. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(
    private readonly checkpoint: Checkpoint,
    private readonly host: ErrorTableHost,
    types: readonly string[] = usualTypes,
  ) {
    this.tensors = errorTensors(checkpoint);
    this.places = new Map(this.tensors.map(({ name }, place) => [name, place]));
    this.columns = types.map((type) => this.newColumn(type));
  }

  get run(): ErrorsRun {
    return this.state;
  }

  get importance(): ImportanceMatrix | undefined {
    return this.matrix;
  }

  get types(): TypeErrors[] {
    return this.columns.map((column) => this.typeErrors(column));
  }

  setTypes(types: readonly string[]): void {
    const known = new Map(this.columns.map((column) => [column.type, column]));
    this.columns = types.map((type) => known.get(findScheme(type).id) ?? this.newColumn(findScheme(type).id));
    this.restart();
  }

  setImportance(matrix: ImportanceMatrix | undefined): void {
    this.matrix = matrix;
    this.columns = this.columns.map(({ type }) => this.newColumn(type));
    this.restart();
  }

  /** Measures what is missing. Results and failures arrive as events. */
  measure(): void {
    if (this.controller || this.life.signal.aborted || this.tensors.length === 0) return;
    const missing = this.columns.filter((column) => !column.isDone && this.reasonOf(column.type) === undefined);
    if (missing.length === 0) return;
    const controller = new AbortController();
    this.controller = controller;
    void this.runJob(missing, controller).catch((error: unknown) => this.host.reportFailure(error));
  }

  cancel(): void {
    this.controller?.abort();
  }

  /** Which tensors to keep in more bits; undefined until the types this takes are measured on all of them. */
  exclusions(type: string): Exclusions | undefined {
    const column = this.columns.find((candidate) => candidate.type === type);
    const kept = this.columns.find((candidate) => candidate.type === keptAs);
    const isKnown = staysUnquantized(type) || kept?.isDone;
    if (!column?.isDone || !isKnown || !column.total || column === kept) return undefined;
    return exclusionsOf({ type, rows: column.rows, total: column.total }, kept?.rows, this.tensors, this.checkpoint);
  }

  /** The table as the command line prints it, of what is measured. */
  report(): Pick<ErrorsReport, "tensors" | "total"> {
    const done = this.columns.filter(({ isDone }) => isDone);
    const tensors = this.tensors.map(({ name, index }, place) => {
      const types = done.map(({ type, rows }) => [type, rows[place]!] as const);
      return { name, shape: [...this.checkpoint.tensors[index]!.shape], types: Object.fromEntries(types) };
    });
    return { tensors, total: Object.fromEntries(done.map(({ type, total }) => [type, total!] as const)) };
  }

  dispose(): void {
    this.life.abort();
    clearTimeout(this.timer);
    this.figuresEmitter.dispose();
    this.runEmitter.dispose();
    this.changeEmitter.dispose();
  }

  private newColumn(type: string): Column {
    return { type, rows: this.tensors.map(() => null), total: null, isSampled: false, isDone: false };
  }

  /** What runs is about other types, or another matrix. */
  private restart(): void {
    this.controller?.abort();
    this.controller = undefined;
    this.changeEmitter.fire();
    this.measure();
  }

  private reasonOf(type: string): string | undefined {
    const needs = requiresImportance(findScheme(type)) && this.matrix === undefined;
    return needs ? this.host.text.needsImportance(type) : undefined;
  }

  private typeErrors({ type, rows, total, isSampled }: Column): TypeErrors {
    const reason = this.reasonOf(type);
    return { type, label: labelOf(type), tensors: [...rows], total, isSampled, ...(reason === undefined ? {} : { reason }) };
  }

  private async runJob(columns: readonly Column[], controller: AbortController): Promise<void> {
    const startedAt = Date.now();
    let share: number | undefined;
    const measured = new Set<string>();
    const isCurrent = (): boolean => this.controller === controller && !this.life.signal.aborted;
    const running = (doneBytes: number, totalBytes: number): void => {
      if (isCurrent())
        this.setRun({
          kind: "running",
          doneBytes,
          totalBytes,
          elapsedMs: Date.now() - startedAt,
          ...(share === undefined ? {} : { share }),
        });
    };
    running(0, 1);
    try {
      const report = await this.host.jobs.run({
        title: this.host.text.measure,
        target: this.checkpoint.name,
        uri: this.host.uri,
        signal: AbortSignal.any([controller.signal, this.life.signal]),
        work: async (context) => {
          const engine = await this.host.engine();
          const input = {
            checkpoint: this.checkpoint,
            tensors: this.tensors.map(({ index }) => index),
            types: columns.map(({ type }) => type),
            ...(this.matrix ? { importance: importanceOf(this.matrix, this.checkpoint) } : {}),
            onSampled: (sampled: Pick<ErrorsReport, "tensors" | "total"> & { share: number }) => {
              share = sampled.share;
              if (isCurrent()) this.take(columns, sampled, true, sampled.tensors);
            },
            onTensor: (row: ErrorsReport["tensors"][number]) => {
              if (!isCurrent()) return;
              this.takeRow(columns, row);
              measured.add(row.name);
            },
          };
          return engine.errors(input, {
            signal: context.signal,
            progress: (done, total) => {
              context.progress(done, total);
              running(done, total);
            },
          });
        },
        describe: (done) => this.host.text.measured(columns.length, done.elapsedMs),
      });
      if (!isCurrent()) return;
      // Nothing is told twice: a large table takes megabytes.
      const rest = report.tensors.filter(({ name }) => !measured.has(name));
      this.take(columns, report, false, rest);
      this.end({ kind: "done", elapsedMs: report.elapsedMs });
    } catch (error) {
      if (!isCurrent()) return;
      if (!(error instanceof CancelledError)) {
        this.end({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
        throw error;
      }
      this.end({ kind: "cancelled" });
    } finally {
      if (this.controller === controller) this.controller = undefined;
    }
  }

  private take(
    columns: readonly Column[],
    { total }: Pick<ErrorsReport, "total">,
    isSampled: boolean,
    rows: ErrorsReport["tensors"],
  ): void {
    for (const column of columns) {
      column.total = total[column.type] ?? null;
      column.isSampled = isSampled;
      column.isDone = !isSampled;
      this.touched.columns.add(column);
    }
    for (const row of rows) this.takeRow(columns, row);
    this.timer ??= setTimeout(() => this.flush(), batchInterval);
  }

  private takeRow(columns: readonly Column[], { name, types }: ErrorsReport["tensors"][number]): void {
    const place = this.places.get(name);
    if (place === undefined) return;
    for (const column of columns) {
      column.rows[place] = types[column.type] ?? null;
      this.touched.columns.add(column);
    }
    this.touched.rows.add(place);
    this.timer ??= setTimeout(() => this.flush(), batchInterval);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const columns = [...this.touched.columns].filter((column) => this.columns.includes(column));
    const rows = [...this.touched.rows].map((tensor) => ({
      tensor,
      figures: Object.fromEntries(columns.map(({ type, rows: figures }) => [type, figures[tensor] ?? null] as const)),
    }));
    this.touched.columns.clear();
    this.touched.rows.clear();
    if (columns.length === 0 || this.life.signal.aborted) return;
    this.figuresEmitter.fire({ types: columns.map(({ type, total, isSampled }) => ({ type, total, isSampled })), rows });
  }

  private end(run: ErrorsRun): void {
    this.flush();
    this.setRun(run);
  }

  private setRun(run: ErrorsRun): void {
    this.state = run;
    this.runEmitter.fire(run);
  }
}

/** The name of a type without its explanation. */
function labelOf(type: string): string {
  return findScheme(type).label.split(" · ")[0]!;
}
