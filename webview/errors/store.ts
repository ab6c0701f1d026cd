import {
  type ErrorsPicture,
  errorsProtocol,
  type ErrorsRun,
  type ErrorTensor,
  type FigureBatch,
  type TypeErrors,
} from "../../src/protocol/errors";
import type { SchemeChoice } from "../../src/protocol/editor";
import { announce } from "../ui/announcer";
import type { HostConnection } from "../ui/hostConnection";
import { t } from "../ui/l10n";
import { PageStore } from "../ui/pageStore";
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
export class ErrorsStore extends PageStore<ErrorsPicture, ErrorsState> {
  name = "";
  tensors: readonly ErrorTensor[] = [];
  types: readonly TypeErrors[] = [];
  importance: string | undefined;
  run: ErrorsRun = { kind: "none" };
  /** Every type that can be chosen. */
  schemes: readonly SchemeChoice[] = [];

  constructor(host: HostConnection, api: VsCodeApi) {
    super(host, api, restore(api.getState()));
    host.on(errorsProtocol.changed, (picture) => this.update(() => this.takePicture(picture)));
    host.on(errorsProtocol.figures, (batch) => this.update(() => this.takeFigures(batch)));
    host.on(errorsProtocol.run, (run) => this.update(() => this.takeRun(run)));
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

  protected override firstPicture(): Promise<ErrorsPicture> {
    return this.host.ask(errorsProtocol.initialize);
  }

  protected override takeReady({ name, uri, tensors, types, importance, run, schemes }: Extract<ErrorsPicture, { kind: "ready" }>): void {
    Object.assign(this, { name, tensors, types, importance, run, schemes });
    this.keep({ uri });
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
}
