import type * as vscode from "vscode";
import type { InitializeResult, ScanState } from "../protocol/editor";
import type { CalibratedInput, CalibrationRun } from "../protocol/calibration";
import type { ErrorsRun, TypeErrors } from "../protocol/errors";
import type { GptqFigures, GptqRun, OfferedLayer } from "../protocol/gptq";
import type { PerplexityState } from "../protocol/perplexity";
import type { JobEntry } from "./jobs/jobList";
import type { PlaygroundState } from "../protocol/playground";
import type { CheckpointNode } from "./views/checkpointsView";

/** What `activate` returns: what the integration tests look at. Not an API for other extensions; it changes without notice. */
export interface QuantscopeApi {
  /** Milliseconds that evaluating the bundle and `activate` took. */
  readonly activationMs: number;
  /** A page was given its first picture, in a window or again after it was hidden. */
  readonly onDidInitializeEditor: (listener: (event: { uri: vscode.Uri; result: InitializeResult }) => unknown) => vscode.Disposable;
  /** What the document of a URI holds; undefined while it is not open or not read. */
  documentState(uri: vscode.Uri): DocumentSummary | undefined;
  /** Editors that show a URI. */
  editorCount(uri: vscode.Uri): number;
  /** The document of a URI was read again. */
  readonly onDidReadDocument: (uri: vscode.Uri, listener: () => unknown) => vscode.Disposable;
  /** The document of a URI found its file gone. */
  readonly onDidDeleteFile: (uri: vscode.Uri, listener: (name: string) => unknown) => vscode.Disposable;
  jobs(): readonly JobEntry[];
  statusText(): string | undefined;
  /** The rows of the Checkpoints view, described. */
  checkpointItems(parent?: CheckpointNode): Promise<{ node: CheckpointNode; item: vscode.TreeItem }[]>;
  jobItems(): vscode.TreeItem[];
  /** What the Errors page of a checkpoint holds; undefined while there is none. */
  errorTable(uri: vscode.Uri): Promise<ErrorsSummary | undefined>;
  /** What the Calibration page of a checkpoint holds; undefined while there is none. */
  calibration(uri: vscode.Uri): Promise<CalibrationSummary | undefined>;
  /** What the GPTQ page of a checkpoint holds; undefined while there is none. */
  gptqExplorer(uri: vscode.Uri): Promise<GptqSummary | undefined>;
  /** What the Perplexity page of a checkpoint shows; undefined while there is none. */
  perplexityTable(uri: vscode.Uri): Promise<PerplexityState | undefined>;
  /** Name of the tensor that is selected in the editor of a checkpoint; undefined where there is none. */
  selectedTensor(uri: vscode.Uri): string | undefined;
  /** URI of the checkpoint that the lesson is about, and the tensor that is wanted of it; undefined while it is not open. */
  lessonSubject(): Promise<{ uri: string; tensor: string | undefined } | undefined>;
  /** What is chosen in the playground of a checkpoint; undefined while there is none. */
  playground(uri: vscode.Uri): Promise<PlaygroundState | undefined>;
}

/** An Errors page as the tests see it. */
export interface ErrorsSummary {
  tensors: number;
  types: Pick<TypeErrors, "type" | "total" | "isSampled">[];
  run: ErrorsRun;
}

/** A Calibration page as the tests see it. */
export interface CalibrationSummary {
  inputs: CalibratedInput[];
  run: CalibrationRun;
}

/** A GPTQ page as the tests see it. */
export interface GptqSummary {
  layer: OfferedLayer | undefined;
  figures: GptqFigures;
  run: GptqRun;
}

/** A document as the tests see it. */
export type DocumentSummary =
  { kind: "ready"; tensors: number; openMs: number; scan: ScanState; measured: number } | { kind: "failed"; code: string; message: string };
