import {
  type CalibratedInput,
  type CalibrationChoice,
  type CalibrationPicture,
  calibrationProtocol,
  type CalibrationRun,
  type CalibrationText,
} from "../../src/protocol/calibration";
import type { Diagnostic } from "../../src/core/errors";
import { announce } from "../ui/announcer";
import { setLocale } from "../ui/format";
import { type HostConnection, toDiagnostic } from "../ui/hostConnection";
import { setStrings, t } from "../ui/l10n";
import type { VsCodeApi } from "../ui/vscodeApi";
import { DetailLoader } from "./detailLoader";
import { findFigure, type ShownFigure } from "./figures";

/** What the user chose; kept by VS Code with the page. */
interface CalibrationState {
  /** The checkpoint: what VS Code brings the page back with. */
  uri: string;
  /** The text and the samples that the page is brought back with. */
  choice?: CalibrationChoice;
  /** Which figure of the methods the table shows. */
  figure: string;
  /** Column that sorts the rows; the order of the model when absent. */
  sort?: { column: string; descending: boolean };
  /** Name of the selected input. */
  selected?: string;
  filter: string;
  /** Whether figures are shown as tables. */
  asTable: boolean;
  /** Threshold that was dragged, by name of the input. */
  thresholds: Record<string, number>;
}

const emptyState: CalibrationState = { uri: "", figure: "sqnr", filter: "", asTable: false, thresholds: {} };

function restore(stored: unknown): CalibrationState {
  if (typeof stored !== "object" || stored === null) return emptyState;
  const fields = new Map<string, unknown>(Object.entries(stored));
  const text = (key: string): string | undefined => {
    const value = fields.get(key);
    return typeof value === "string" ? value : undefined;
  };
  const thresholds = fields.get("thresholds");
  const entries = typeof thresholds === "object" && thresholds !== null ? Object.entries(thresholds) : [];
  return {
    uri: text("uri") ?? "",
    figure: text("figure") ?? emptyState.figure,
    sort: sortOf(fields.get("sort")),
    selected: text("selected"),
    filter: text("filter") ?? "",
    asTable: fields.get("asTable") === true,
    thresholds: Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === "number" && entry[1] > 0)),
  };
}

function sortOf(stored: unknown): CalibrationState["sort"] {
  if (typeof stored !== "object" || stored === null || !("column" in stored) || typeof stored.column !== "string") return undefined;
  return { column: stored.column, descending: "descending" in stored && stored.descending === true };
}

/** Everything the Calibration page knows. Elements read it, ask it for changes, and are told when anything changed. */
export class CalibrationStore {
  name = "";
  choice: CalibrationChoice = { bits: 8 };
  text: CalibrationText = { name: "" };
  methods: readonly string[] = [];
  inputs: readonly CalibratedInput[] = [];
  run: CalibrationRun = { kind: "none" };
  failure: Diagnostic | undefined;
  isReady = false;
  state: CalibrationState;
  /** Histogram, curves and thresholds of the selected input. */
  readonly detail: DetailLoader;
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly host: HostConnection,
    private readonly api: VsCodeApi,
  ) {
    this.state = restore(api.getState());
    this.detail = new DetailLoader(host, () => this.tell());
    host.on(calibrationProtocol.changed, (picture) => this.update(() => this.take(picture)));
    host.on(calibrationProtocol.inputs, (inputs) => this.update(() => (this.inputs = [...this.inputs, ...inputs])));
    host.on(calibrationProtocol.run, ({ run, text }) => this.update(() => this.takeRun(run, text)));
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async initialize(): Promise<void> {
    try {
      const picture = await this.host.ask(calibrationProtocol.initialize);
      this.update(() => this.take(picture));
    } catch (error) {
      this.update(() => (this.failure = toDiagnostic(error)));
    }
  }

  get figure(): ShownFigure {
    return findFigure(this.state.figure);
  }

  /** Place of the input that is looked at: the one that was selected, or the one with the worst outliers. */
  get selected(): number | undefined {
    const place = this.inputs.findIndex(({ name }) => name === this.state.selected);
    if (place >= 0) return place;
    const ratios = this.inputs.map(({ outlierRatio }) => outlierRatio ?? Infinity);
    return ratios.length > 0 ? ratios.indexOf(Math.max(...ratios)) : undefined;
  }

  /** The threshold that the user dragged the selected input's to; undefined before that. */
  get dragged(): number | undefined {
    const { selected } = this;
    return selected === undefined ? undefined : this.state.thresholds[this.inputs[selected]!.name];
  }

  /** Drags the threshold of the selected input; undefined takes it away. */
  drag(threshold: number | undefined): void {
    const { selected } = this;
    if (selected === undefined) return;
    const { [this.inputs[selected]!.name]: _before, ...others } = this.state.thresholds;
    this.set({ thresholds: threshold === undefined ? others : { ...others, [this.inputs[selected]!.name]: threshold } });
  }

  set(patch: Partial<CalibrationState>): void {
    this.state = { ...this.state, ...patch };
    this.api.setState(this.state);
    this.wantDetail();
    this.tell();
  }

  /** Asks the host for something that has no answer to show. */
  ask(work: Promise<unknown>): void {
    work.catch((error: unknown) => announce(toDiagnostic(error).message));
  }

  private take(picture: CalibrationPicture): void {
    setLocale(picture.locale);
    setStrings(picture.strings);
    document.documentElement.lang = Object.keys(picture.strings).length > 0 ? picture.locale : "en";
    this.isReady = true;
    if (picture.kind === "failed") {
      this.failure = picture.diagnostic;
      return;
    }
    this.failure = undefined;
    const { name, uri, choice, text, methods, inputs, run } = picture;
    Object.assign(this, { name, choice, text, methods, inputs, run });
    this.detail.forget();
    this.state = { ...this.state, uri, choice };
    this.api.setState(this.state);
  }

  private takeRun(run: CalibrationRun, text: CalibrationText): void {
    if (run.kind === "done" && this.run.kind === "running") announce(t("The calibration is done."));
    this.run = run;
    this.text = text;
  }

  private wantDetail(): void {
    this.detail.want(this.selected, this.dragged);
  }

  private update(change: () => void): void {
    change();
    this.wantDetail();
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
