import {
  type CalibratedInput,
  type CalibrationChoice,
  type CalibrationPicture,
  calibrationProtocol,
  type CalibrationRun,
  type CalibrationText,
} from "../../src/protocol/calibration";
import { announce } from "../ui/announcer";
import type { HostConnection } from "../ui/hostConnection";
import { t } from "../ui/l10n";
import { PageStore } from "../ui/pageStore";
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
export class CalibrationStore extends PageStore<CalibrationPicture, CalibrationState> {
  name = "";
  choice: CalibrationChoice = { bits: 8 };
  text: CalibrationText = { name: "" };
  methods: readonly string[] = [];
  inputs: readonly CalibratedInput[] = [];
  run: CalibrationRun = { kind: "none" };
  /** Histogram, curves and thresholds of the selected input. */
  readonly detail: DetailLoader;

  constructor(host: HostConnection, api: VsCodeApi) {
    super(host, api, restore(api.getState()));
    this.detail = new DetailLoader(host, () => this.tell());
    host.on(calibrationProtocol.changed, (picture) => this.update(() => this.takePicture(picture)));
    host.on(calibrationProtocol.inputs, (inputs) => this.update(() => (this.inputs = [...this.inputs, ...inputs])));
    host.on(calibrationProtocol.run, ({ run, text }) => this.update(() => this.takeRun(run, text)));
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

  protected override firstPicture(): Promise<CalibrationPicture> {
    return this.host.ask(calibrationProtocol.initialize);
  }

  protected override takeReady(picture: Extract<CalibrationPicture, { kind: "ready" }>): void {
    const { name, uri, choice, text, methods, inputs, run } = picture;
    Object.assign(this, { name, choice, text, methods, inputs, run });
    this.detail.forget();
    this.keep({ uri, choice });
  }

  private takeRun(run: CalibrationRun, text: CalibrationText): void {
    if (run.kind === "done" && this.run.kind === "running") announce(t("The calibration is done."));
    this.run = run;
    this.text = text;
  }

  /** Whatever is looked at now, its details are wanted. */
  protected override update(change: () => void): void {
    super.update(() => {
      change();
      this.detail.want(this.selected, this.dragged);
    });
  }
}
