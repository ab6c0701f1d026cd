import type { Diagnostic } from "../../src/core/errors";
import {
  type CheckpointSnapshot,
  type EditorAction,
  type EditorSettings,
  editorProtocol,
  type InitializeResult,
  type RevealRequest,
  type ScanState,
  type SchemeChoice,
  type TensorRow,
  type TensorSummary,
} from "../../src/protocol/editor";
import type { EditorState } from "../../src/protocol/editorState";
import { announce } from "../ui/announcer";
import { delayed } from "../ui/delay";
import { setLocale } from "../ui/format";
import { type HostConnection, toDiagnostic } from "../ui/hostConnection";
import { setStrings, t } from "../ui/l10n";
import type { VsCodeApi } from "../ui/vscodeApi";
import { defaultState, restoreState } from "./state";
import { filterNames } from "./tensors/filter";
import { ancestorPaths } from "./tensors/tensorTree";

/** How the file on disk relates to what is shown. */
export type DiskState = { kind: "same" } | { kind: "changed" } | { kind: "deleted"; name: string };

/**
 * Everything the page knows: what the host told, and what the user chose. Elements read it, ask it for changes, and are
 * told when anything changed.
 */
export class EditorStore {
  snapshot: CheckpointSnapshot | undefined;
  /** By tensor; undefined for those not scanned. */
  summaries: (TensorSummary | undefined)[] = [];
  scan: ScanState = { kind: "none" };
  schemes: readonly SchemeChoice[] = [];
  bins = 128;
  /** Why the checkpoint could not be opened, or not be read again. */
  failure: Diagnostic | undefined;
  disk: DiskState = { kind: "same" };
  state: EditorState = defaultState("Q4_K");
  /** Tensors marked to be scanned alone. */
  marked: ReadonlySet<number> = new Set();
  /** Grows with every new content of the file: what was computed for another one is stale. */
  revision = 0;
  /** Grows whenever the selected tensor is to be brought into view, even if it was selected before. */
  revealed = 0;
  /** Grows whenever `summaries` changes. */
  summaryRevision = 0;

  private readonly listeners = new Set<() => void>();
  private readonly persist = delayed(() => this.host.notify(editorProtocol.saveState, this.state), 400);
  private hasState = false;
  /** What was asked for before there was anything to show. */
  private asked: RevealRequest | undefined;
  private found: number | undefined;

  constructor(
    readonly host: HostConnection,
    private readonly api: VsCodeApi,
  ) {
    host.on(editorProtocol.changed, (result) => this.changed(result));
    host.on(editorProtocol.deleted, ({ name }) => this.update(() => (this.disk = { kind: "deleted", name })));
    host.on(editorProtocol.scanState, (scan) => this.update(() => (this.scan = scan)));
    host.on(editorProtocol.summaries, (batch) => this.update(() => this.addSummaries(batch)));
    host.on(editorProtocol.reveal, (asked) => this.show(asked));
    // The page may be gone a moment after it is hidden.
    document.addEventListener("visibilitychange", () => this.persist.flush());
    window.addEventListener("pagehide", () => this.persist.flush());
  }

  /** Calls `listener` after every change. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks the host for everything and shows it. */
  async initialize(): Promise<void> {
    try {
      const result = await this.host.ask(editorProtocol.initialize);
      this.update(() => this.take(result));
      // A page with a state knows from its start that it has lived before, and asks.
      this.api.setState(this.state);
      if (this.asked) this.show(this.asked);
    } catch (error) {
      this.update(() => (this.failure = toDiagnostic(error)));
    }
  }

  /** Changes view choices and remembers them. */
  setState(patch: Partial<EditorState>): void {
    this.remember(patch);
    this.notify();
  }

  /** Remembers view choices that nothing has to be drawn again for, such as a scroll position. */
  remember(patch: Partial<EditorState>): void {
    this.state = { ...this.state, ...patch };
    this.api.setState(this.state);
    this.persist();
  }

  /** Index of the selected tensor; undefined when none is, or when the file no longer has it. */
  get selected(): number | undefined {
    const name = this.state.selected;
    const row = this.found === undefined ? undefined : this.snapshot?.tensors[this.found];
    if (row === undefined || row.name !== name) {
      const index = this.snapshot?.tensors.findIndex((tensor) => tensor.name === name) ?? -1;
      this.found = index < 0 ? undefined : index;
    }
    return this.found;
  }

  get scannedCount(): number {
    return this.summaries.reduce((sum, summary) => sum + (summary ? 1 : 0), 0);
  }

  /** Tensors whose values can be read. */
  get decodableCount(): number {
    return this.snapshot?.tensors.reduce((sum, row) => sum + (row.decodable ? 1 : 0), 0) ?? 0;
  }

  select(index: number): void {
    const name = this.snapshot?.tensors[index]?.name;
    if (name === undefined || name === this.state.selected) return;
    this.setState({ selected: name, values: { row: 0, column: 0 } });
    this.tellSelected();
  }

  toggleMark(index: number): void {
    const marked = new Set(this.marked);
    if (!marked.delete(index)) marked.add(index);
    this.update(() => (this.marked = marked));
  }

  clearMarks(): void {
    this.update(() => (this.marked = new Set()));
  }

  /** Whether a scan would find nothing new. */
  get isScanned(): boolean {
    return this.scannedCount >= this.decodableCount;
  }

  /** Scans the marked tensors, or all. */
  startScan(): void {
    if (this.isScanned) return announce(t("Every tensor that can be decoded is scanned."));
    const tensors = this.marked.size > 0 ? [...this.marked].sort((a, b) => a - b) : undefined;
    this.run(this.host.request(editorProtocol.scan, { tensors }));
  }

  cancelScan(): void {
    this.run(this.host.ask(editorProtocol.cancelScan));
  }

  act(name: EditorAction): void {
    this.run(this.host.request(editorProtocol.action, { name }));
  }

  /** The row of the selected tensor. */
  get selectedRow(): TensorRow | undefined {
    return this.selected === undefined ? undefined : this.snapshot?.tensors[this.selected];
  }

  copy(text: string): void {
    this.run(this.host.request(editorProtocol.copy, { text }).then(() => announce(t("Copied."))));
  }

  /** Saves through a dialog of the host. */
  saveAs(name: string, content: { text: string } | { dataUrl: string }): void {
    this.run(this.host.request(editorProtocol.save, { name, ...content }).then((saved) => saved && announce(t("Saved."))));
  }

  /** Asks the host for something that has no answer to show. Failures are said, since the button did nothing. */
  run(work: Promise<unknown>): void {
    work.catch((error: unknown) => announce(toDiagnostic(error).message));
  }

  dismissDisk(): void {
    this.update(() => (this.disk = { kind: "same" }));
  }

  /** Selects a tensor that the user asked for elsewhere: opens the groups above it and drops a filter that hides it. */
  reveal(index: number): void {
    const name = this.snapshot?.tensors[index]?.name;
    if (name === undefined) return;
    const above = ancestorPaths(name);
    const { filter, collapsed } = this.state;
    this.revealed += 1;
    this.setState({
      filter: filterNames([name], filter)?.[0] === false ? "" : filter,
      collapsed: collapsed.filter((path) => !above.includes(path)),
    });
    this.select(index);
  }

  /** Shows packed weights as the tensors that the files store, or as what they mean. */
  showStored(stored: boolean): void {
    this.run(this.host.request(editorProtocol.showStored, { stored }));
  }

  private show(asked: RevealRequest): void {
    this.asked = this.snapshot ? undefined : asked;
    if (!this.snapshot) return;
    const { tensor, ...choices } = asked;
    this.setState(choices);
    if (tensor !== undefined) this.reveal(tensor);
  }

  private changed(result: InitializeResult): void {
    if (result.kind === "ready" && result.snapshot.stored !== this.snapshot?.stored) {
      this.update(() => this.take(result));
      return announce(result.snapshot.stored ? t("Packed weights are shown as stored.") : t("Packed weights are shown as what they mean."));
    }
    this.update(() => {
      this.take(result);
      this.disk = result.kind === "ready" ? { kind: "changed" } : { kind: "same" };
    });
    announce(result.kind === "ready" ? t("The file changed on disk and was read again.") : result.diagnostic.message);
  }

  private take(result: InitializeResult): void {
    this.useSettings(result.settings);
    this.revision += 1;
    if (result.kind === "failed") {
      this.failure = result.diagnostic;
      return;
    }
    this.failure = undefined;
    this.snapshot = result.snapshot;
    this.schemes = result.schemes;
    this.scan = result.scan;
    this.marked = new Set();
    this.summaries = new Array<TensorSummary | undefined>(result.snapshot.tensors.length).fill(undefined);
    this.addSummaries(result.summaries);
    if (this.selected === undefined) {
      const tab = result.snapshot.isImportance ? "importance" : this.state.tab;
      this.state = { ...this.state, selected: firstOfInterest(result.snapshot), tab };
    }
    this.tellSelected();
    document.title = result.snapshot.name;
  }

  private tellSelected(): void {
    const { selected } = this.state;
    if (selected !== undefined) this.host.notify(editorProtocol.selected, { tensor: selected });
  }

  private useSettings(settings: EditorSettings): void {
    setLocale(settings.locale);
    setStrings(settings.strings);
    document.documentElement.lang = Object.keys(settings.strings).length > 0 ? settings.locale : "en";
    this.bins = settings.bins;
    if (this.hasState) return;
    this.hasState = true;
    this.state = restoreState(this.api.getState() ?? settings.state, settings.defaultScheme);
  }

  private addSummaries(batch: readonly TensorSummary[]): void {
    for (const summary of batch) if (summary.index < this.summaries.length) this.summaries[summary.index] = summary;
    this.summaryRevision += 1;
  }

  private update(change: () => void): void {
    change();
    this.notify();
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}

/** The tensor an untouched editor shows: the largest matrix of a layer, since that is what gets quantized. */
function firstOfInterest(snapshot: CheckpointSnapshot): string | undefined {
  const { tensors } = snapshot;
  const inLayers = tensors.filter((row) => row.decodable && row.shape.length >= 2 && (row.part === "mlp" || row.part === "attention"));
  const candidates = inLayers.length > 0 ? inLayers : tensors.filter((row) => row.decodable);
  const [first, ...others] = candidates.length > 0 ? candidates : tensors;
  return first && others.reduce((best, row) => (row.parameters > best.parameters ? row : best), first).name;
}
