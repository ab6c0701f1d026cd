import {
  type MeasuredText,
  type PerplexityChoice,
  type PerplexityPicture,
  perplexityProtocol,
  type PerplexityRow,
  type PerplexityRun,
  type PerplexityState,
} from "../../src/protocol/perplexity";
import { announce } from "../ui/announcer";
import type { HostConnection } from "../ui/hostConnection";
import { t } from "../ui/l10n";
import { PageStore } from "../ui/pageStore";
import type { VsCodeApi } from "../ui/vscodeApi";

/** What the user chose; kept by VS Code with the page. */
interface PageState {
  /** The checkpoint: what VS Code brings the page back with. */
  uri: string;
  /** What is measured of it, for the host. */
  choice?: PerplexityChoice;
  /** The row that the text is shown for. */
  row: string;
  /** First token of the page of the text. */
  start: number;
}

function restore(stored: unknown): PageState {
  const fields = new Map(typeof stored === "object" && stored !== null ? Object.entries(stored) : []);
  const text = (key: string): string => {
    const value: unknown = fields.get(key);
    return typeof value === "string" ? value : "";
  };
  const start: unknown = fields.get("start");
  const choice = fields.get("choice") as PerplexityChoice | undefined;
  return {
    uri: text("uri"),
    row: text("row"),
    start: typeof start === "number" && Number.isSafeInteger(start) && start >= 0 ? start : 0,
    ...(typeof choice === "object" ? { choice } : {}),
  };
}

/** Everything the Perplexity page knows. Elements read it, ask it for changes, and are told when anything changed. */
export class PerplexityStore extends PageStore<PerplexityPicture, PageState> {
  name = "";
  rows: readonly PerplexityRow[] = [];
  run: PerplexityRun = { kind: "none" };
  text: MeasuredText | undefined;

  constructor(host: HostConnection, api: VsCodeApi) {
    super(host, api, restore(api.getState()));
    host.on(perplexityProtocol.changed, (picture) => this.update(() => this.takePicture(picture)));
    host.on(perplexityProtocol.state, (state) => this.update(() => this.takeState(state)));
  }

  get original(): PerplexityRow | undefined {
    return this.rows.find(({ kind }) => kind === "original");
  }

  /** The row that is looked at: one that is there, the one most changed of those measured where none is chosen. */
  get row(): PerplexityRow | undefined {
    const chosen = this.rows.find(({ id }) => id === this.state.row);
    if (chosen) return chosen;
    const measured = this.rows.filter(({ answers }) => answers);
    return measured.find(({ label }) => label === "Q4_K_M") ?? measured[0];
  }

  /** Whether figures of a row are of a part of the text. */
  isSampled({ figures }: PerplexityRow): boolean {
    return figures !== null && this.text !== undefined && (!this.text.isWhole || figures.windows < this.text.windows);
  }

  protected override firstPicture(): Promise<PerplexityPicture> {
    return this.host.ask(perplexityProtocol.initialize);
  }

  protected override takeReady({ name, rows, run, text, uri, choice }: Extract<PerplexityPicture, { kind: "ready" }>): void {
    Object.assign(this, { name, rows, run, text });
    const { types, files } = choice;
    // A page that was brought back by VS Code keeps what it had until something is chosen.
    this.keep({ uri, ...(types.length + files.length > 0 || this.state.choice === undefined ? { choice } : {}) });
  }

  private takeState({ rows, run, text }: PerplexityState): void {
    if (run.kind === "done" && this.run.kind === "running") announce(t("All perplexities are measured."));
    this.rows = rows;
    this.run = run;
    this.text = text;
  }
}
