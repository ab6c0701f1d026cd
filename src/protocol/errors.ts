/**
 * The conversation between the Errors page and the extension host: what quantization types do to the weight matrices of a
 * checkpoint. The host measures and pools; the page draws. Spoken like the editor's, see `editor.ts`.
 */
import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc";
import type { Diagnostic } from "../core/errors";
import type { ErrorFigures } from "../core/measure/reports";
import type { SchemeChoice } from "./editor";

/** A weight matrix: a row of the table. */
export interface ErrorTensor {
  /** Place among the tensors of the checkpoint. */
  index: number;
  name: string;
  parameters: number;
  /** Number of its layer; absent outside of layers. */
  layer?: number;
  /** What it is in its layer, or outside: `q_proj`, `embed_tokens`. */
  kind: string;
}

/** What one type does to all matrices. Figures are null until they are known. */
export interface TypeErrors {
  type: string;
  label: string;
  /** In the order of {@link ErrorsPicture.tensors}. */
  tensors: (ErrorFigures | null)[];
  /** Pooled over all values. */
  total: ErrorFigures | null;
  /** True while figures come from a sample of the values. */
  isSampled: boolean;
  /** Why there is nothing to measure, such as a missing importance matrix. */
  reason?: string;
}

/** New figures: of some rows, and what they pool to. */
export interface FigureBatch {
  types: Pick<TypeErrors, "type" | "total" | "isSampled">[];
  /** Figures of a row by type, for the types above. `tensor` is a place in {@link ErrorsPicture.tensors}. */
  rows: { tensor: number; figures: Record<string, ErrorFigures | null> }[];
}

export type ErrorsRun =
  | { kind: "none" }
  /** `share` of the values that the first figures are from, when they are from a sample. */
  | { kind: "running"; doneBytes: number; totalBytes: number; elapsedMs: number; share?: number }
  | { kind: "cancelled" }
  | { kind: "done"; elapsedMs: number }
  | { kind: "failed"; message: string };

/** A tensor to keep in more bits, and what that gives. In the order of what it gives for its bytes. */
export interface Exclusion {
  /** Into {@link ErrorsPicture.tensors}. */
  tensor: number;
  /** Its share of all squared errors, and of all weights. */
  errorShare: number;
  weightShare: number;
  /** Bytes that keeping this one and those before it costs. */
  bytes: number;
  /** Relative RMS error of everything when this one and those before it are kept. */
  relativeRmse: number;
}

export interface Exclusions {
  type: string;
  /** The type that what is excluded gets. */
  keptAs: string;
  relativeRmse: number;
  ranking: Exclusion[];
  /** How many of the first are suggested: those that take at most five percent more bytes. */
  suggested: number;
}

export type ErrorsPicture =
  | {
      kind: "ready";
      name: string;
      /** Of the checkpoint: what a page that is brought back begins with. */
      uri: string;
      tensors: ErrorTensor[];
      types: TypeErrors[];
      /** Name of the importance matrix in use. */
      importance?: string;
      run: ErrorsRun;
      /** Every type that can be chosen. */
      schemes: SchemeChoice[];
      locale: string;
      strings: Record<string, string>;
    }
  | { kind: "failed"; diagnostic: Diagnostic; locale: string; strings: Record<string, string> };

export const errorsProtocol = {
  /** First message of the page; answered with everything, and measuring begins. */
  initialize: new RequestType0<ErrorsPicture, void>("initialize"),
  /** Lets the user choose types; answered when the list is closed. */
  chooseTypes: new RequestType0<void, void>("chooseTypes"),
  /** Lets the user choose an importance matrix, or takes it away. */
  chooseImportance: new RequestType<{ remove: boolean }, void, void>("chooseImportance"),
  measure: new RequestType0<void, void>("measure"),
  cancel: new RequestType0<void, void>("cancel"),
  /** Tensors to keep in more bits for one type. */
  exclusions: new RequestType<{ type: string }, Exclusions | null, void>("exclusions"),
  /** Saves the table through dialogs. */
  export: new RequestType0<void, void>("export"),
  copy: new RequestType<{ text: string }, void, void>("copy"),
  /** Saves through a save dialog; false when dismissed. */
  save: new RequestType<{ name: string; text?: string; dataUrl?: string }, boolean, void>("save"),
  /** Shows a tensor in the checkpoint's editor. */
  openTensor: new RequestType<{ tensor: number }, void, void>("openTensor"),
  /** Begins to write a quantized checkpoint, with one of the types chosen. */
  quantize: new RequestType<{ type?: string; keep?: number[] }, void, void>("quantize"),

  /** Host → page: everything again, since types, the importance matrix or the file changed. */
  changed: new NotificationType<ErrorsPicture>("changed"),
  /** Host → page: more is measured. Batched. */
  figures: new NotificationType<FigureBatch>("figures"),
  run: new NotificationType<ErrorsRun>("run"),
} as const;
