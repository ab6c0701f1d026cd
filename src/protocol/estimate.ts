/**
 * The conversation between the Size Estimator and the extension host: what a model needs in every type, and on which devices that
 * fits. The host computes everything; the page draws. Spoken like the editor's, see `editor.ts`.
 */
import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc";
import type { MemoryReport } from "../core/estimate/estimateMemory";
import type { EstimateKind } from "../core/estimate/estimateSize";
import type { WeightParts } from "../core/estimate/weightParts";

/** Where the model's shapes come from. */
export type EstimateSource = "size" | "checkpoint" | "config";

/** What the user asks; kept with the page, so that it comes back with it. */
export interface EstimateChoice {
  source: EstimateSource;
  /** A model size with types and a context, as in `70b q4_k_m 8k`. */
  line: string;
  /** URI of the chosen checkpoint, and of the chosen config.json. */
  checkpoint?: string;
  config?: string;
  /** Name of the published model whose shape a size is taken to have; the nearest in size when absent. */
  shape?: string;
  /** Tokens. */
  context: number;
  /** Contexts that are kept at once. */
  sequences: number;
  kvType: string;
  /** Identifiers. */
  devices: string[];
  /** GiB that can be used of a device of the user's own. */
  customGib?: number;
}

export interface EstimateDevice {
  id: string;
  /** Empty for the user's own. */
  name: string;
  kind: "gpu" | "mac" | "phone" | "custom";
  /** As sold, and as far as a model can have them. */
  gib: number;
  usableGib: number;
}

/** What a type needs. */
export interface EstimateLine {
  type: string;
  name: string;
  explanation: string;
  kind: EstimateKind;
  bitsPerWeight: number;
  /** Of the weights. */
  bytes: number;
  parts: WeightParts;
  /** Weights, cache and working memory, as far as they are known. */
  neededBytes: number;
  note?: string;
  /** In the order of the answer's devices. Contexts in tokens; null where the cache is not known. */
  devices: { fits: boolean; context: number | null }[];
}

export type EstimateAnswer =
  | {
      kind: "ready";
      parameters: number;
      /** The checkpoint, or the published model whose shape is assumed. */
      shapesOf: string;
      isAssumed: boolean;
      /** Parts of the model that are not counted, as its config.json calls them. */
      uncounted: string[];
      /** Words of the line that say which model is meant, in small letters. */
      modelWords: string[];
      context: number;
      sequences: number;
      /** Undefined where it is not known what the model caches. */
      cache?: MemoryReport["cache"];
      /** Why it is not known, where that can be said. */
      cacheUnknown?: MemoryReport["cacheUnknown"];
      /** An approximation. */
      working?: MemoryReport["working"];
      trainedContext?: number;
      devices: EstimateDevice[];
      rows: EstimateLine[];
    }
  /** Not a question yet, or not one that can be answered. */
  | { kind: "hint"; message: string };

export interface EstimatePicture {
  choice: EstimateChoice;
  answer: EstimateAnswer;
  /** Names of the chosen files. */
  names: { checkpoint?: string; config?: string };
  /** All that can be chosen. */
  devices: EstimateDevice[];
  kvTypes: string[];
  shapes: string[];
  locale: string;
  strings: Record<string, string>;
}

export const estimateProtocol = {
  /** First message of the page; answered with everything. */
  initialize: new RequestType0<EstimatePicture, void>("initialize"),
  /** Answers a question. `typed`: the line was edited, and its context is meant. */
  estimate: new RequestType<{ choice: EstimateChoice; typed: boolean }, { choice: EstimateChoice; answer: EstimateAnswer }, void>(
    "estimate",
  ),
  /** Lets the user choose a checkpoint or a config.json; what is chosen comes as `changed`. */
  choose: new RequestType<{ source: EstimateSource }, void, void>("choose"),
  /** The table on the clipboard, as Markdown. `types`: rows in their order. */
  copyMarkdown: new RequestType<{ types: string[] }, void, void>("copyMarkdown"),
  /** Saves the table through dialogs, as CSV or Markdown. */
  export: new RequestType<{ types: string[] }, void, void>("export"),
  /** Saves the chart through a dialog. */
  save: new RequestType<{ name: string; dataUrl: string }, void, void>("save"),
  copy: new RequestType<{ text: string }, void, void>("copy"),

  /** Host → page: everything again, since another model was chosen. */
  changed: new NotificationType<EstimatePicture>("changed"),
} as const;
