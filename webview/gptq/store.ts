import type { GptqSettings } from "../../src/protocol/gptq";
import {
  type GptqChoice,
  type GptqFigures,
  type GptqPicture,
  gptqProtocol,
  type GptqRun,
  type GptqText,
  type OfferedLayer,
} from "../../src/protocol/gptq";
import { announce } from "../ui/announcer";
import type { HostConnection } from "../ui/hostConnection";
import { t } from "../ui/l10n";
import { PageStore } from "../ui/pageStore";
import type { VsCodeApi } from "../ui/vscodeApi";

/** What is drawn of each column. */
export type ColumnFigure = "output" | "weight";

/** What the user chose; kept by VS Code with the page. */
interface GptqState {
  /** The checkpoint: what VS Code brings the page back with. */
  uri: string;
  /** What the page is brought back with: the host checks it. */
  choice?: GptqChoice;
  columns: ColumnFigure;
  /** Whether figures are shown as tables. */
  asTable: boolean;
}

function restore(stored: unknown): GptqState {
  const fields = new Map<string, unknown>(typeof stored === "object" && stored !== null ? Object.entries(stored) : []);
  const uri = fields.get("uri");
  return {
    uri: typeof uri === "string" ? uri : "",
    columns: fields.get("columns") === "weight" ? "weight" : "output",
    asTable: fields.get("asTable") === true,
  };
}

/** Everything the GPTQ page knows. */
export class GptqStore extends PageStore<GptqPicture, GptqState> {
  name = "";
  layers: readonly OfferedLayer[] = [];
  text: GptqText = { name: "" };
  run: GptqRun = { kind: "none" };
  figures!: GptqFigures;
  settings!: GptqSettings;
  private place = 0;

  constructor(host: HostConnection, api: VsCodeApi) {
    super(host, api, restore(api.getState()));
    host.on(gptqProtocol.changed, (picture) => this.update(() => this.takePicture(picture)));
    host.on(gptqProtocol.figures, (figures) => this.update(() => (this.figures = figures)));
    host.on(gptqProtocol.run, ({ run, text }) => this.update(() => this.takeRun(run, text)));
  }

  /** The chosen layer; undefined where the model cannot be run. */
  get layer(): OfferedLayer | undefined {
    return this.layers[this.place];
  }

  /** Whether anything is measured, or is being measured. */
  get hasFigures(): boolean {
    const { gptq, rtn } = this.figures;
    return gptq !== null || rtn !== null || (this.run.kind === "running" && this.run.phase === "settings");
  }

  choose(patch: Partial<GptqSettings>): void {
    this.ask(this.host.request(gptqProtocol.setSettings, { ...this.settings, ...patch }));
  }

  protected override firstPicture(): Promise<GptqPicture> {
    return this.host.ask(gptqProtocol.initialize);
  }

  protected override takeReady({ name, uri, choice, layers, layer, text, figures, run }: Extract<GptqPicture, { kind: "ready" }>): void {
    Object.assign(this, { name, layers, text, figures, run, settings: choice.settings });
    this.place = layer;
    this.keep({ uri, choice });
  }

  private takeRun(run: GptqRun, text: GptqText): void {
    if (run.kind === "done" && this.run.kind === "running") announce(t("All settings are measured."));
    this.run = run;
    this.text = text;
  }
}
