import { limits } from "../../core/limits";
import { matrixShape } from "../../core/tensor/tensorInfo";
import type { ErrorsInput, PreviewInput, PreviewReport } from "../../jobs/contract";
import {
  type EditorAction,
  editorActions,
  type EditorSettings,
  editorProtocol,
  type InitializeResult,
  type RevealRequest,
  type SchemeChoice,
  type TypesReport,
} from "../../protocol/editor";
import type { EditorState } from "../../protocol/editorState";
import type { CheckpointDocument, ReadyContent } from "../document/checkpointDocument";
import type { MeasuringEngine } from "../document/measuringEngine";
import { DisposableStore } from "../emitter";
import type { WalkthroughStep } from "../identifiers";
import { SeenPreviews } from "../walkthrough/seenPreviews";
import { comparedTypes } from "./comparedTypes";
import { isEditorState } from "./editorStateCheck";
import { metadataElements, metadataPage } from "./metadataRows";
import { invalid, type PageHost, PageSession } from "./pageSession";
import { copyWith, saveWith } from "./savedContent";
import { integer, oneOf, optionalIndices, text } from "./params";

/** What a page can ask of the editor around it. */
export interface SessionHost extends PageHost {
  engine(): Promise<MeasuringEngine>;
  settings(): EditorSettings;
  schemes(): SchemeChoice[];
  copy(text: string): Promise<void>;
  /** Saves what the page made, through a dialog; false when it was dismissed. */
  save(name: string, content: Uint8Array): Promise<boolean>;
  act(action: EditorAction): Promise<void>;
  saveState(state: EditorState): void;
  /** A tensor of this name is selected now. */
  selected(tensor: string): void;
  /** The page was given its first picture. */
  initialized(result: InitializeResult): void;
  /** The user has done this of the walkthrough. */
  did(step: WalkthroughStep): void;
}

/** Cells of a heat map's longer side: more than a screen has pixels for it. */
const heatmapCells = 1024;
const metadataPageRows = 1_000;

/** How much is told of each entry of an importance matrix. */
const importanceDetail = { largest: 8, blocks: 64 };

/**
 * One page's conversation with its document, from its `initialize` to its end. Every parameter is checked here, every
 * failure is answered, and all work stops with the page, with the content it was about, or when the page withdraws it.
 */
export class EditorSession extends PageSession {
  private contentLife = new AbortController();
  private readonly contentEvents = new DisposableStore();
  private previewLife = new AbortController();
  private readonly seen = new SeenPreviews((step) => this.host.did(step));
  /** What types do, of the tensors that were asked for: kept while the content is the same. */
  private readonly measuredTypes = new Map<number, TypesReport>();

  constructor(
    private readonly document: CheckpointDocument,
    private readonly host: SessionHost,
  ) {
    super(host);
    this.register();
    this.store.add(document.onDidChange(() => this.contentChanged()));
    this.store.add(document.onDidDelete((name) => this.notify(() => this.connection.sendNotification(editorProtocol.deleted, { name }))));
    this.connection.listen();
  }

  /** Asks the page to show a tensor, a tab, a type. */
  reveal(view: RevealRequest): void {
    if (view.tab === "histogram") this.seen.asked(view.scheme);
    this.notify(() => this.connection.sendNotification(editorProtocol.reveal, view));
  }

  override dispose(): void {
    this.contentLife.abort();
    this.contentEvents.dispose();
    super.dispose();
  }

  protected override get subjectSignal(): AbortSignal {
    return this.contentLife.signal;
  }

  private register(): void {
    const p = editorProtocol;
    this.answer(p.initialize, () => this.initialize());
    this.answer(p.detail, (params, signal) => {
      const { content, tensor } = this.tensor(params);
      return content.measurements.detail(tensor, signal);
    });
    this.answer(p.preview, (params, signal) => this.preview(params, signal));
    this.answer(p.types, async (params, signal) => {
      const report = await this.types(params, signal);
      this.host.did("types");
      return report;
    });
    this.answer(p.values, (params, signal) => this.values(params, signal));
    this.answer(p.block, (params, signal) => this.block(params, signal));
    this.answer(p.heatmap, (params, signal) => this.heatmap(params, signal));
    this.answer(p.importance, async (_, signal) => {
      const engine = await this.host.engine();
      return engine.importance({ checkpoint: this.ready().checkpoint, ...importanceDetail }, { signal, progress: () => undefined });
    });
    this.answer(p.metadata, (params) => {
      const start = integer(params, "start", 0, Number.MAX_SAFE_INTEGER);
      const count = integer(params, "count", 0, metadataPageRows);
      return metadataPage(this.ready().checkpoint.metadata, text(params, "query", 1000), start, count);
    });
    this.answer(p.metadataArray, async (params) => {
      const key = text(params, "key", limits.nameLength);
      const start = integer(params, "start", 0, Number.MAX_SAFE_INTEGER);
      const page = await metadataElements(this.ready().checkpoint.metadata, key, start, integer(params, "count", 0, metadataPageRows));
      return page ?? invalid(`no metadata is called ${key}`);
    });
    this.answer(p.scan, (params) => {
      const { measurements, checkpoint } = this.ready();
      measurements.scan(optionalIndices(params, "tensors", checkpoint.tensors.length));
    });
    this.answer(p.cancelScan, () => this.ready().measurements.cancelScan());
    this.answer(p.showStored, (params) => this.document.showStored(params["stored"] === true));
    this.answer(p.copy, copyWith(this.host));
    this.answer(p.save, saveWith(this.host));
    this.answer(p.action, (params) => this.host.act(oneOf(params, "name", editorActions)));
    this.connection.onNotification(p.saveState, (state: unknown) => {
      if (isEditorState(state)) this.host.saveState(state);
    });
    this.connection.onNotification(p.selected, (said: unknown) => {
      const tensor = typeof said === "object" && said !== null && "tensor" in said ? said.tensor : undefined;
      if (typeof tensor === "string" && tensor.length <= limits.nameLength) this.host.selected(tensor);
    });
  }

  private async initialize(): Promise<InitializeResult> {
    await this.document.whenRead();
    const result = this.picture();
    this.host.initialized(result);
    return result;
  }

  /** Everything the page needs to draw itself, as of now; from here on it is told of what changes. */
  private picture(): InitializeResult {
    const content = this.document.content;
    this.contentLife.abort();
    this.contentEvents.clear();
    this.contentLife = new AbortController();
    this.measuredTypes.clear();
    const settings = this.host.settings();
    if (!content) throw new Error("The document is closed.");
    if (content.kind === "failed") return { kind: "failed", diagnostic: content.diagnostic, settings };
    const { measurements, snapshot } = content;
    this.contentEvents.add(
      measurements.onDidMeasure((batch) => this.notify(() => this.connection.sendNotification(editorProtocol.summaries, batch))),
    );
    this.contentEvents.add(
      measurements.onDidChangeScan((state) => this.notify(() => this.connection.sendNotification(editorProtocol.scanState, state))),
    );
    return {
      kind: "ready",
      snapshot,
      summaries: measurements.summaries,
      scan: measurements.scanState,
      schemes: this.host.schemes(),
      settings,
    };
  }

  private contentChanged(): void {
    const picture = this.picture();
    this.notify(() => this.connection.sendNotification(editorProtocol.changed, picture));
  }

  /** A newer preview takes the place of an older one, which may still be on its way from sampled to exact. */
  private async preview(params: Record<string, unknown>, signal: AbortSignal): Promise<PreviewReport> {
    const { content, tensor } = this.tensor(params);
    const scheme = text(params, "scheme", 64);
    const bins = integer(params, "bins", 1, limits.histogramBins);
    const token = integer(params, "token", 0, Number.MAX_SAFE_INTEGER);
    this.previewLife.abort();
    this.previewLife = new AbortController();
    const wanted = AbortSignal.any([signal, this.previewLife.signal]);
    const engine = await this.host.engine();
    const input: PreviewInput = {
      checkpoint: content.checkpoint,
      tensor,
      scheme,
      bins,
      stats: content.measurements.find(tensor),
      onRefined: (report) => {
        if (!wanted.aborted) this.notify(() => this.connection.sendNotification(editorProtocol.previewRefined, { token, report }));
      },
    };
    const report = await engine.preview(input, { signal: wanted, progress: () => undefined });
    this.seen.shown({ tensor, scheme });
    return report;
  }

  private async types(params: Record<string, unknown>, signal: AbortSignal): Promise<TypesReport> {
    const { content, tensor } = this.tensor(params);
    const known = this.measuredTypes.get(tensor);
    if (known) return known;
    const types = comparedTypes(content.checkpoint.tensors[tensor]!.shape);
    if (types.length === 0) return { types: {}, share: 1 };
    const engine = await this.host.engine();
    const input: ErrorsInput = {
      checkpoint: content.checkpoint,
      tensors: [tensor],
      types,
      onSampled: ({ tensors: [row], share }) => {
        if (row && !signal.aborted)
          this.notify(() => this.connection.sendNotification(editorProtocol.typesSampled, { tensor, report: { types: row.types, share } }));
      },
    };
    const { tensors, skipped } = await engine.errors(input, { signal, progress: () => undefined });
    const report = { types: tensors[0]?.types ?? invalid(skipped[0]?.reason ?? "the tensor cannot be read"), share: 1 };
    if (!signal.aborted) this.measuredTypes.set(tensor, report);
    return report;
  }

  private async values(params: Record<string, unknown>, signal: AbortSignal) {
    const { content, tensor } = this.tensor(params);
    const matrix = this.matrix(content, tensor);
    const row = integer(params, "row", 0, Math.max(0, matrix.rows - 1));
    const column = integer(params, "column", 0, Math.max(0, matrix.columns - 1));
    const rows = integer(params, "rows", 0, limits.pageValues);
    const columns = integer(params, "columns", 0, limits.pageValues);
    if (rows * columns > limits.pageValues) invalid(`a page holds at most ${limits.pageValues} values`);
    const page = { row, rows: Math.min(rows, matrix.rows - row), column, columns: Math.min(columns, matrix.columns - column) };
    const engine = await this.host.engine();
    return engine.values({ checkpoint: content.checkpoint, tensor, ...page }, { signal, progress: () => undefined });
  }

  private async block(params: Record<string, unknown>, signal: AbortSignal) {
    const { content, tensor } = this.tensor(params);
    const matrix = this.matrix(content, tensor);
    const row = integer(params, "row", 0, Math.max(0, matrix.rows - 1));
    const column = integer(params, "column", 0, Math.max(0, matrix.columns - 1));
    const engine = await this.host.engine();
    return engine.block({ checkpoint: content.checkpoint, tensor, row, column }, { signal, progress: () => undefined });
  }

  private async heatmap(params: Record<string, unknown>, signal: AbortSignal) {
    const { content, tensor } = this.tensor(params);
    const width = integer(params, "width", 1, heatmapCells);
    const height = integer(params, "height", 1, heatmapCells);
    const engine = await this.host.engine();
    return engine.heatmap({ checkpoint: content.checkpoint, tensor, width, height }, { signal, progress: () => undefined });
  }

  private ready(): ReadyContent {
    const content = this.document.content;
    return content?.kind === "ready" ? content : invalid("the checkpoint could not be read");
  }

  private tensor(params: Record<string, unknown>): { content: ReadyContent; tensor: number } {
    const content = this.ready();
    return { content, tensor: integer(params, "tensor", 0, content.checkpoint.tensors.length - 1) };
  }

  private matrix(content: ReadyContent, tensor: number): { rows: number; columns: number } {
    return matrixShape(content.checkpoint.tensors[tensor]?.shape ?? []);
  }
}
