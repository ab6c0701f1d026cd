import {
  type ErrorsPicture,
  errorsProtocol,
  type ErrorsRun,
  type ErrorTensor,
  type FigureBatch,
  type TypeErrors,
} from "../../src/protocol/errors";
import type { Diagnostic } from "../../src/core/errors";
import { announce } from "../ui/announcer";
import { setLocale } from "../ui/format";
import { type HostConnection, toDiagnostic } from "../ui/hostConnection";
import { setStrings, t } from "../ui/l10n";
import type { VsCodeApi } from "../ui/vscodeApi";
import { findMeasure, type Measure } from "./measures";

/** What the user chose; kept by VS Code with the page. */
interface ErrorsState {
  /** The checkpoint: what VS Code brings the page back with. */
  uri: string;
  measure: string;
  /** Type whose column sorts the rows and fills the heat map. */
  type: string;
  /** Name of the selected tensor. */
  selected?: string;
  filter: string;
  /** Whether the chart shows the selected tensor instead of all. */
  chartsSelected: boolean;
}

const emptyState: ErrorsState = { uri: "", measure: "relativeRmse", type: "Q4_K", filter: "", chartsSelected: false };

function restore(stored: unknown): ErrorsState {
  const fields = new Map(typeof stored === "object" && stored !== null ? Object.entries(stored) : []);
  const text = (key: string): string | undefined => {
    const value: unknown = fields.get(key);
    return typeof value === "string" ? value : undefined;
  };
  return {
    uri: text("uri") ?? "",
    measure: text("measure") ?? emptyState.measure,
    type: text("type") ?? emptyState.type,
    selected: text("selected"),
    filter: text("filter") ?? "",
    chartsSelected: fields.get("chartsSelected") === true,
  };
}

/** Everything the Errors page knows. Elements read it, ask it for changes, and are told when anything changed. */
export class ErrorsStore {
  name = "";
  tensors: readonly ErrorTensor[] = [];
  types: readonly TypeErrors[] = [];
  importance: string | undefined;
  run: ErrorsRun = { kind: "none" };
  failure: Diagnostic | undefined;
  isReady = false;
  typesOffered = 0;
  state: ErrorsState;
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly host: HostConnection,
    private readonly api: VsCodeApi,
  ) {
    this.state = restore(api.getState());
    host.on(errorsProtocol.changed, (picture) => this.update(() => this.take(picture)));
    host.on(errorsProtocol.figures, (batch) => this.update(() => this.takeFigures(batch)));
    host.on(errorsProtocol.run, (run) => this.update(() => this.takeRun(run)));
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async initialize(): Promise<void> {
    try {
      const picture = await this.host.ask(errorsProtocol.initialize);
      this.update(() => this.take(picture));
    } catch (error) {
      this.update(() => (this.failure = toDiagnostic(error)));
    }
  }

  get measure(): Measure {
    return findMeasure(this.state.measure, this.importance !== undefined);
  }

  /** The type that is looked at: one that is there. */
  get type(): TypeErrors | undefined {
    return this.types.find(({ type }) => type === this.state.type) ?? this.types[Math.min(3, this.types.length - 1)];
  }

  get selected(): number | undefined {
    const place = this.tensors.findIndex(({ name }) => name === this.state.selected);
    return place < 0 ? undefined : place;
  }

  set(patch: Partial<ErrorsState>): void {
    this.state = { ...this.state, ...patch };
    this.api.setState(this.state);
    this.tell();
  }

  /** Asks the host for something that has no answer to show. */
  ask(work: Promise<unknown>): void {
    work.catch((error: unknown) => announce(toDiagnostic(error).message));
  }

  private take(picture: ErrorsPicture): void {
    setLocale(picture.locale);
    setStrings(picture.strings);
    document.documentElement.lang = Object.keys(picture.strings).length > 0 ? picture.locale : "en";
    this.isReady = true;
    if (picture.kind === "failed") {
      this.failure = picture.diagnostic;
      return;
    }
    this.failure = undefined;
    this.name = picture.name;
    this.tensors = picture.tensors;
    this.types = picture.types;
    this.importance = picture.importance;
    this.run = picture.run;
    this.typesOffered = picture.schemes.length;
    this.state = { ...this.state, uri: picture.uri };
    this.api.setState(this.state);
  }

  private takeFigures({ types, rows }: FigureBatch): void {
    const news = new Map(types.map((entry) => [entry.type, entry]));
    this.types = this.types.map((entry) => {
      const told = news.get(entry.type);
      if (!told) return entry;
      const tensors = [...entry.tensors];
      for (const { tensor, figures } of rows) tensors[tensor] = figures[entry.type] ?? null;
      return { ...entry, ...told, tensors };
    });
  }

  private takeRun(run: ErrorsRun): void {
    if (run.kind === "done" && this.run.kind === "running") announce(t("All errors are measured."));
    this.run = run;
  }

  private update(change: () => void): void {
    change();
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
