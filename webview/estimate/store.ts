import { ResponseError } from "vscode-jsonrpc";
import {
  type EstimateAnswer,
  type EstimateChoice,
  type EstimateDevice,
  type EstimateLine,
  estimateProtocol,
  type EstimatePicture,
  type EstimateSource,
} from "../../src/protocol/estimate";
import { announce } from "../ui/announcer";
import { delayed } from "../ui/delay";
import { setLocale } from "../ui/format";
import { type HostConnection, toDiagnostic, Withdrawn } from "../ui/hostConnection";
import { setStrings, t } from "../ui/l10n";
import type { VsCodeApi } from "../ui/vscodeApi";
import { isSortKey, type Sorting, shownRows } from "./rows";

export type ReadyAnswer = Extract<EstimateAnswer, { kind: "ready" }>;

/** What the user chose; kept by VS Code with the page. */
interface PageState {
  /** For the host. */
  choice?: EstimateChoice;
  sorting: Sorting;
  filter: string;
  /** The row whose figures are shown in large. */
  type: string;
}

function restore(stored: unknown): PageState {
  const fields = new Map<string, unknown>(typeof stored === "object" && stored !== null ? Object.entries(stored) : []);
  const text = (key: string, otherwise: string): string => {
    const value = fields.get(key);
    return typeof value === "string" ? value : otherwise;
  };
  const sorting = fields.get("sorting") as Partial<Sorting> | undefined;
  const key = isSortKey(sorting?.key) ? sorting.key : "listed";
  return {
    sorting: { key, descending: sorting?.descending === true },
    filter: text("filter", ""),
    type: text("type", "Q4_K_M"),
  };
}

/** `RequestCancelled` of the language server protocol. */
const requestCancelled = -32800;
/** Milliseconds after the last change until the host is asked. */
const typingPause = 60;

/** Everything the Size Estimator knows. Elements read it, ask it for changes, and are told when anything changed. */
export class EstimateStore {
  choice: EstimateChoice | undefined;
  /** Of the question before while a new one is on its way. */
  answer: EstimateAnswer | undefined;
  names: EstimatePicture["names"] = {};
  devices: readonly EstimateDevice[] = [];
  kvTypes: readonly string[] = [];
  shapes: readonly string[] = [];
  failure: string | undefined;
  /** What was asked for last and could not be done. */
  problem: string | undefined;
  state: PageState;
  private typed = false;
  private asked = new AbortController();
  private readonly listeners = new Set<() => void>();
  private readonly askSoon = delayed(() => void this.question(), typingPause);

  constructor(
    readonly host: HostConnection,
    private readonly api: VsCodeApi,
  ) {
    this.state = restore(api.getState());
    host.on(estimateProtocol.changed, (picture) => this.take(picture));
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async initialize(): Promise<void> {
    try {
      this.take(await this.host.ask(estimateProtocol.initialize));
    } catch (error) {
      this.failure = toDiagnostic(error).message;
      this.tell();
    }
  }

  get ready(): ReadyAnswer | undefined {
    return this.answer?.kind === "ready" ? this.answer : undefined;
  }

  /** Rows that pass the filter, in the order of the table. */
  get rows(): readonly EstimateLine[] {
    return this.ready ? shownRows(this.ready.rows, this.state.filter, this.state.sorting) : [];
  }

  /** The row that is looked at: the chosen one, or the first where that is not shown. */
  get row(): EstimateLine | undefined {
    const { rows } = this;
    return rows.find(({ type }) => type === this.state.type) ?? rows[0];
  }

  set(patch: Partial<PageState>): void {
    this.state = { ...this.state, ...patch };
    this.keep();
    this.tell();
  }

  /** Changes the question. @param typed the line was edited */
  change(patch: Partial<EstimateChoice>, typed = false): void {
    if (!this.choice) return;
    this.choice = { ...this.choice, ...patch };
    this.problem = undefined;
    this.typed = typed;
    this.keep();
    this.askSoon();
    this.tell();
  }

  /** Turns to a source, and has a model chosen where there is none of it yet, or another is wanted. */
  turnTo(source: EstimateSource, another = false): void {
    const known = source === "size" || this.choice?.[source] !== undefined;
    if (known && !another) this.change({ source });
    else this.ask(this.host.request(estimateProtocol.choose, { source }));
  }

  /** Asks the host for something that has no answer to show. What is called off in a dialog is no problem. */
  ask(work: Promise<unknown>, done?: string): void {
    this.problem = undefined;
    work.then(
      () => done !== undefined && announce(done),
      (error: unknown) => {
        if (error instanceof ResponseError && error.code === requestCancelled) return;
        this.problem = toDiagnostic(error).message;
        this.tell();
      },
    );
  }

  private async question(): Promise<void> {
    const { choice, typed } = this;
    if (!choice) return;
    this.asked.abort();
    this.asked = new AbortController();
    try {
      const answered = await this.host.request(estimateProtocol.estimate, { choice, typed }, this.asked.signal);
      // Something may have changed since, of which the host is told soon.
      if (this.choice === choice) this.choice = answered.choice;
      this.answer = answered.answer;
      this.keep();
    } catch (error) {
      if (error instanceof Withdrawn) return;
      this.answer = { kind: "hint", message: toDiagnostic(error).message };
    }
    this.tell();
  }

  private take(picture: EstimatePicture): void {
    setLocale(picture.locale);
    setStrings(picture.strings);
    document.documentElement.lang = Object.keys(picture.strings).length > 0 ? picture.locale : "en";
    this.asked.abort();
    this.askSoon.cancel();
    const { choice, answer, names, devices, kvTypes, shapes } = picture;
    if (this.choice && answer.kind === "ready") announce(t("{0} is estimated.", answer.shapesOf));
    this.problem = undefined;
    Object.assign(this, { choice, answer, names, devices, kvTypes, shapes });
    this.keep();
    this.tell();
  }

  private keep(): void {
    this.api.setState({ ...this.state, ...(this.choice ? { choice: this.choice } : {}) });
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
