/**
 * The conversation between a checkpoint editor's webview and the extension host, spoken as JSON-RPC (vscode-jsonrpc)
 * over postMessage. Reports only: tensor bytes never cross. The webview can be destroyed and rebuilt at any moment; it
 * then asks for `initialize` again and restores its own `EditorState`.
 */
import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc";
import type { ImportanceReport } from "../core/calibrate/importanceFigures";
import type { Diagnostic } from "../core/errors";
import type { ErrorFigures, TensorStats } from "../core/measure/reports";
import type { Unavailable } from "../core/tensor/availability";
import type { PreviewReport, ValuesReport } from "../jobs/contract";
import type { DetailTab, EditorState } from "./editorState";

/** What part of a model a tensor belongs to, in the order of the composition bar. */
export type ModelPart = "embeddings" | "attention" | "mlp" | "output" | "norms" | "other";

/** One row of the tensor table before any scan. */
export interface TensorRow {
  name: string;
  dtype: string;
  shape: number[];
  parameters: number;
  bytes: number;
  /** Index into `CheckpointSnapshot.files`. */
  file: number;
  offset: number;
  part: ModelPart;
  /** False for types whose values cannot be shown. */
  decodable: boolean;
  /** Why not, where it is not the type alone. */
  unavailable?: Unavailable;
  /** How a packed weight stores its values; absent for plain tensors. */
  packed?: PackedFacts;
}

/** How a packed weight stores its values, in the terms of its library. */
export interface PackedFacts {
  /** `GPTQ`, `AWQ`, `bitsandbytes NF4` … */
  method: string;
  /** Of a code. */
  bits: number;
  /** Values that share a scale; 0 where a whole row or tensor does. */
  groupSize: number;
  /** Further facts, in a few words each. */
  notes: string[];
}

/** Everything the page shows before a scan. */
export interface CheckpointSnapshot {
  name: string;
  /** `safetensors`, `GGUF v3` … */
  formatLabel: string;
  /** Whether the file is an importance matrix: its tensors are what it says of a model's. */
  isImportance?: boolean;
  architecture?: string;
  parameters: number;
  bytes: number;
  bitsPerWeight: number;
  /** Stored types by share of weights, largest first. */
  dtypes: { dtype: string; parameters: number; bytes: number }[];
  composition: { part: ModelPart; parameters: number }[];
  files: { name: string; bytes: number; readable: boolean }[];
  tensors: TensorRow[];
  /** Of checkpoints with packed weights: true when the tensors are those that the files store, false when they are what those mean. */
  stored?: boolean;
  metadataCount: number;
  warnings: Diagnostic[];
}

/** The figures of a scanned row; the full report comes with `detail`. */
export interface TensorSummary {
  index: number;
  min: number | null;
  max: number | null;
  mean: number | null;
  std: number | null;
  absMax: number | null;
  kurtosis: number | null;
  zero: number;
  nan: number;
  inf: number;
  /** Counts of 40 equal bins over mean ± 5σ. */
  spark: number[];
}

export type ScanState =
  | { kind: "none" }
  | { kind: "running"; doneBytes: number; totalBytes: number; tensors: number; elapsedMs: number }
  | { kind: "cancelled"; tensors: number }
  | { kind: "done"; tensors: number; elapsedMs: number }
  | { kind: "failed"; message: string };

/** A choice in the scheme dropdown. Affine schemes are composed from bits, group and symmetry by the page. */
export interface SchemeChoice {
  id: string;
  label: string;
  family: "affine" | "integer" | "float" | "codebook" | "ggml" | "binary";
}

export type InitializeResult =
  | {
      kind: "ready";
      snapshot: CheckpointSnapshot;
      summaries: TensorSummary[];
      scan: ScanState;
      schemes: SchemeChoice[];
      settings: EditorSettings;
    }
  | { kind: "failed"; diagnostic: Diagnostic; settings: EditorSettings };

export interface EditorSettings {
  /** BCP 47 tag for Intl. */
  locale: string;
  /** English text → translated text, for the page's own strings. Empty in English. */
  strings: Record<string, string>;
  bins: number;
  defaultScheme: string;
  /** What another window of this document last showed; used when the webview has no state of its own. */
  state?: EditorState;
}

export interface MetadataRow {
  key: string;
  type: string;
  /** A scalar as text, or the first elements of an array, cut to 200 characters. */
  text: string;
  length?: number;
}

/** A block of a quantized tensor, taken apart: how its stored bytes become values. */
export interface BlockReport {
  dtype: string;
  row: number;
  /** Column of the block's first value. */
  column: number;
  /** Byte offset in the file. */
  offset: number;
  file: string;
  /** The byte layout in order. */
  fields: { name: string; bytes: number; detail: string }[];
  /** E.g. `x̂ = d·a·q − dmin·b`. */
  formula: string;
  /** Named numbers of the whole block: d, dmin. */
  scalars: { name: string; value: number }[];
  /** Sub-blocks with their effective scale and offset: x̂ = scale·level + offset. */
  subBlocks: { start: number; count: number; scale: number; offset: number; codes: number[] }[];
  /** Smallest and largest code, e.g. 0 and 15. */
  minCode: number;
  maxCode: number;
  /** What each code from 0 stands for before scaling, in types with a code book; elsewhere the code itself is the level. */
  levels?: number[];
  values: number[];
}

/** What each type does to one tensor. */
export interface TypesReport {
  /** By identifier of the scheme, widest first within a family. */
  types: Record<string, ErrorFigures>;
  /** Share of the values that was measured, 0 to 1; 1 is exact. */
  share: number;
}

/** A picture of a whole matrix: each cell holds the value of largest magnitude of the values it covers. */
export interface HeatmapReport {
  rows: number;
  columns: number;
  /** Cells of the picture. */
  width: number;
  height: number;
  /** Row-major, `height * width`; null where every value is not finite. */
  cells: (number | null)[];
  /** Symmetric colour limit: the 99.9th percentile of |x|. */
  limit: number;
  /** Share of the values that was looked at, when only evenly spread rows of a very large tensor were. */
  share?: number;
}

/** What to show; what is absent stays as it is. */
export interface RevealRequest {
  tensor?: number;
  tab?: DetailTab;
  scheme?: string;
}

/** Buttons of the page that the host carries out. */
export const editorActions = ["compareTypes", "estimate", "quantize", "exportReport", "openAsText", "showLog", "reload"] as const;
export type EditorAction = (typeof editorActions)[number];

export const editorProtocol = {
  /** First message of the page; answered with a complete snapshot. */
  initialize: new RequestType0<InitializeResult, void>("initialize"),
  /** Full statistics of one tensor, computed now if it was not scanned. Cancellable. */
  detail: new RequestType<{ tensor: number }, TensorStats, void>("detail"),
  /**
   * Before and after one scheme. Cancellable. When the exact figures take long, a sampled report is returned first and the exact
   * one follows as `previewRefined`.
   */
  preview: new RequestType<{ tensor: number; scheme: string; bins: number; token: number }, PreviewReport, void>("preview"),
  /** Every listed type on one tensor, exact. Cancellable. When that takes long, `typesSampled` comes first. */
  types: new RequestType<{ tensor: number }, TypesReport, void>("types"),
  values: new RequestType<{ tensor: number; row: number; rows: number; column: number; columns: number }, ValuesReport, void>("values"),
  block: new RequestType<{ tensor: number; row: number; column: number }, BlockReport | null, void>("block"),
  /** What an importance matrix covers. */
  importance: new RequestType0<ImportanceReport, void>("importance"),
  heatmap: new RequestType<{ tensor: number; width: number; height: number }, HeatmapReport, void>("heatmap"),
  /** `query` filters by key and scalar text, case-insensitively. */
  metadata: new RequestType<{ query: string; start: number; count: number }, { total: number; rows: MetadataRow[] }, void>("metadata"),
  metadataArray: new RequestType<{ key: string; start: number; count: number }, { total: number; values: string[] }, void>("metadataArray"),
  /** Starts a scan of all tensors, or of the given ones; returns at once, results arrive as notifications. */
  scan: new RequestType<{ tensors?: number[] }, void, void>("scan"),
  cancelScan: new RequestType0<void, void>("cancelScan"),
  /** Shows packed weights as the tensors that the files store, or as what they mean; `changed` follows. */
  showStored: new RequestType<{ stored: boolean }, void, void>("showStored"),
  /** Puts text on the clipboard. */
  copy: new RequestType<{ text: string }, void, void>("copy"),
  /** Saves through a save dialog; false when dismissed. `dataUrl` for pictures. */
  save: new RequestType<{ name: string; text?: string; dataUrl?: string }, boolean, void>("save"),
  /** Runs one of the actions of the header. */
  action: new RequestType<{ name: EditorAction }, void, void>("action"),
  /** The page's state, so that another window or a later session can start from it. */
  saveState: new NotificationType<EditorState>("saveState"),
  /** The tensor that is selected now, by name. Told at once, unlike the state: commands begin with it. */
  selected: new NotificationType<{ tensor: string }>("selected"),

  /** Host → page: the file changed on disk and was read again. Results of the old content are gone. */
  changed: new NotificationType<InitializeResult>("changed"),
  /** Host → page: the file is gone. What was shown stays. */
  deleted: new NotificationType<{ name: string }>("deleted"),
  scanState: new NotificationType<ScanState>("scanState"),
  /** Host → page: more rows have figures. Batched. */
  summaries: new NotificationType<TensorSummary[]>("summaries"),
  previewRefined: new NotificationType<{ token: number; report: PreviewReport }>("previewRefined"),
  typesSampled: new NotificationType<{ tensor: number; report: TypesReport }>("typesSampled"),
  /** Host → page: show what the user asked for elsewhere. May come before the answer to `initialize`. */
  reveal: new NotificationType<RevealRequest>("reveal"),
} as const;
