import type { Diagnostic } from "../../src/core/errors";
import type { SchemeChoice } from "../../src/protocol/editor";
import {
  type KnownPerplexity,
  type LayerReport,
  type LayerRun,
  type PlaygroundPicture,
  playgroundProtocol,
  type PlaygroundReport,
  type PlaygroundState,
  type PlaygroundTensor,
  type QualityReport,
} from "../../src/protocol/playground";
import { announce } from "../ui/announcer";
import { setLocale } from "../ui/format";
import { type HostConnection, toDiagnostic } from "../ui/hostConnection";
import { setStrings, t } from "../ui/l10n";
import { NewestRequest } from "../ui/newestRequest";
import type { VsCodeApi } from "../ui/vscodeApi";
import { affineId, parseAffine } from "../editor/histogram/affineChoice";
import { calibratedChoice, type CalibratedMethod } from "./calibrated";

/** Everything the Playground knows. Elements read it, ask it for changes, and are told when anything changed. */
export class PlaygroundStore {
  name = "";
  uri = "";
  tensors: readonly PlaygroundTensor[] = [];
  parameters = 0;
  /** Why the model cannot be run. */
  notRun: string | undefined;
  schemes: readonly SchemeChoice[] = [];
  failure: Diagnostic | undefined;
  isReady = false;
  readonly report: NewestRequest<PlaygroundState, PlaygroundReport>;
  readonly quality: NewestRequest<PlaygroundState, QualityReport>;
  perplexity: KnownPerplexity | undefined;
  /** What is done to find out more of the layer. */
  run: LayerRun = { kind: "none" };
  private layerReport: LayerReport | undefined;
  private current: PlaygroundState | undefined;
  private usual: PlaygroundState | undefined;
  private measured = { report: "", quality: "" };
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly host: HostConnection,
    private readonly api: VsCodeApi,
  ) {
    const tell = (): void => this.tell();
    const p = playgroundProtocol;
    this.report = new NewestRequest((state, token, signal) => host.request(p.measure, { state, token }, signal), tell);
    this.quality = new NewestRequest((state, token, signal) => host.request(p.quality, { state, token }, signal), tell);
    host.on(p.changed, (picture) => this.take(picture));
    host.on(p.layer, (report) => {
      this.layerReport = report;
      this.tell();
    });
    host.on(p.layerRun, (run) => {
      this.run = run;
      this.tell();
    });
    host.on(p.perplexity, (known) => {
      this.perplexity = known;
      this.tell();
    });
    host.on(p.refined, ({ token, report }) => this.report.take(token, report));
    host.on(p.qualitySampled, ({ token, report }) => this.quality.take(token, report));
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async initialize(): Promise<void> {
    try {
      this.take(await this.host.ask(playgroundProtocol.initialize));
    } catch (error) {
      this.failure = toDiagnostic(error);
      this.tell();
    }
  }

  /** What is chosen; read only when the page is ready. */
  get state(): PlaygroundState {
    return this.current!;
  }

  /** The tensor that is played with; undefined while its values are shaped. */
  get tensor(): PlaygroundTensor | undefined {
    return this.tensorOf(this.state);
  }

  tensorOf({ data, tensor }: PlaygroundState): PlaygroundTensor | undefined {
    if (data === "shaped") return undefined;
    return this.tensors.find(({ name }) => name === tensor) ?? this.tensors[0];
  }

  /** Values of a row of the tensor that is played with. */
  get columns(): number {
    return this.tensor?.shape.at(-1) ?? 1;
  }

  /** The chosen method, of those that need what enters a layer. */
  get calibrated(): CalibratedMethod | undefined {
    const { method } = this.state;
    return method !== "rtn" && this.tensor?.isLinear ? method : undefined;
  }

  /** What is known of the layer whose weight is played with. */
  get layer(): LayerReport | undefined {
    return this.tensor && this.layerReport?.tensor === this.tensor.name ? this.layerReport : undefined;
  }

  set(patch: Partial<PlaygroundState>): void {
    this.current = this.possible({ ...this.state, ...patch });
    this.api.setState({ ...this.current, uri: this.uri });
    this.host.notify(playgroundProtocol.saveState, this.current);
    this.measure();
    this.tell();
  }

  setShaped(patch: Partial<PlaygroundState["shaped"]>): void {
    this.set({ shaped: { ...this.state.shaped, ...patch } });
  }

  /** Everything as it was at first, on the same data. */
  reset(): void {
    if (this.usual) this.set({ ...this.usual, data: this.state.data, tensor: this.state.tensor });
  }

  /** Asks the host for something that has no answer to show. */
  askFor(work: Promise<unknown>, done?: string): void {
    work.then(
      (answer) => done !== undefined && answer !== false && announce(done),
      (error: unknown) => announce(toDiagnostic(error).message),
    );
  }

  /** Saves what the page made. */
  save(name: string, content: { text: string } | { dataUrl: string | undefined }): void {
    if ("dataUrl" in content && content.dataUrl === undefined) return announce(t("The table is shown; there is no figure to save."));
    const params = "text" in content ? { name, text: content.text } : { name, dataUrl: content.dataUrl! };
    this.askFor(this.host.request(playgroundProtocol.save, params), t("Saved."));
  }

  /** A method that is not at hand any more gives way to rounding, and a group that it cannot make to whole rows. */
  private possible(state: PlaygroundState): PlaygroundState {
    if (state.method === "rtn") return state;
    const tensor = this.tensorOf(state);
    if (!tensor?.isLinear) return { ...state, method: "rtn" };
    return { ...state, scheme: affineId(calibratedChoice(state.scheme, state.method, tensor.shape.at(-1) ?? 1)) };
  }

  private take(picture: PlaygroundPicture): void {
    setLocale(picture.locale);
    setStrings(picture.strings);
    document.documentElement.lang = Object.keys(picture.strings).length > 0 ? picture.locale : "en";
    this.isReady = true;
    this.failure = picture.kind === "failed" ? picture.diagnostic : undefined;
    if (picture.kind === "ready") {
      this.name = picture.name;
      this.uri = picture.uri;
      this.tensors = picture.tensors;
      this.parameters = picture.parameters;
      this.schemes = picture.schemes;
      this.usual = picture.usual;
      this.notRun = picture.notRun ?? undefined;
      this.perplexity = picture.perplexity ?? undefined;
      this.layerReport = undefined;
      this.run = { kind: "none" };
      this.current = this.possible(picture.state);
      this.api.setState({ ...this.current, uri: picture.uri });
      this.host.notify(playgroundProtocol.saveState, this.current);
      // The content may be another under the same name.
      this.measured = { report: "", quality: "" };
      this.measure();
    }
    this.tell();
  }

  /** Asks for what is chosen, unless that was asked for last. */
  private measure(): void {
    const { state } = this;
    const values = state.data === "shaped" ? state.shaped : { tensor: this.tensor?.name };
    const report = JSON.stringify([values, state.scheme, state.method, state.model]);
    if (report !== this.measured.report) this.report.want(state);
    const group = parseAffine(state.scheme)?.group;
    const quality = JSON.stringify([values, typeof group === "number" ? group : undefined]);
    if (quality !== this.measured.quality) this.quality.want(state);
    this.measured = { report, quality };
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
