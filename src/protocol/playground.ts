/**
 * The conversation between the Playground and the extension host. The page holds no figures of its own: it sends what is chosen,
 * the host measures it and answers. Spoken like the editor's, see `editor.ts`.
 */
import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc";
import type { Diagnostic } from "../core/errors";
import type { SizeAtBits } from "../core/estimate/sizeAtBits";
import type { GptqBits } from "../core/gptq/options";
import type { ErrorFigures } from "../core/measure/reports";
import type { ShapedData } from "../core/shaped/shapedValues";
import type { PreviewReport } from "../jobs/contract";
import type { SchemeChoice } from "./editor";

/** Rounding to nearest needs nothing but the values; the others need what enters the layer that the values are the weights of. */
export const playgroundMethods = ["rtn", "gptq", "awq"] as const;
export type PlaygroundMethod = (typeof playgroundMethods)[number];

/** Bits of a code that the methods other than rounding have. */
export const layerBits: readonly GptqBits[] = [2, 3, 4, 8];

/** What curves can show: the last is about the outputs of a layer. */
export const playgroundMeasures = ["sqnr", "within5", "output"] as const;

/** Everything that is chosen: what a link holds. */
export interface PlaygroundState {
  data: "tensor" | "shaped";
  /** Name of the tensor; the first one offered where there is none of that name. */
  tensor: string;
  shaped: ShapedData;
  /** Identifier of a quantization scheme. */
  scheme: string;
  /** How values are brought into the scheme's form. */
  method: PlaygroundMethod;
  /** Weights of the model whose size is estimated, such as `7B`; empty for the checkpoint's own. */
  model: string;
  /** What the curves show. */
  measure: (typeof playgroundMeasures)[number];
  logScale: boolean;
}

/** For a text that VS Code shows; or for anything else, from where VS Code asks before it follows. */
export const playgroundLinkKinds = ["command", "web"] as const;
export type PlaygroundLinkKind = (typeof playgroundLinkKinds)[number];

/** A tensor whose values can be played with. */
export interface PlaygroundTensor {
  name: string;
  dtype: string;
  shape: number[];
  parameters: number;
  /** Whether it is the weight of a linear layer that the model can be run as far as. */
  isLinear: boolean;
}

export type PlaygroundPicture =
  | {
      kind: "ready";
      name: string;
      /** Of the checkpoint: what a page that is brought back begins with. */
      uri: string;
      /** Largest first. */
      tensors: PlaygroundTensor[];
      /** Why the model cannot be run; null where it can. */
      notRun: string | null;
      perplexity: KnownPerplexity | null;
      /** Weights of the checkpoint. */
      parameters: number;
      schemes: SchemeChoice[];
      state: PlaygroundState;
      /** What *Reset* goes back to. */
      usual: PlaygroundState;
      locale: string;
      strings: Record<string, string>;
    }
  | { kind: "failed"; diagnostic: Diagnostic; locale: string; strings: Record<string, string> };

/** What one scheme makes of the values, and of a model. */
export interface PlaygroundReport {
  preview: PreviewReport;
  /** The scheme that stores the values, in words. */
  label: string;
  /** Of the values. */
  shape: number[];
  /** Fourth standardized moment of the values before; null where it is not known, or there is none. */
  kurtosis: number | null;
  /** Of affine schemes: how many scales there are, and what codes there are. */
  affine?: { ranges: number; minCode: number; maxCode: number };
  /** How many times fewer bytes than float32 the tensor takes. */
  times: number;
  /** Of methods that need what enters the layer: the relative squared error of its outputs, and that of rounding to nearest. */
  output?: { method: Exclude<PlaygroundMethod, "rtn">; error: number; rounding: number };
  /** What tables of perplexities have the scheme as: an identifier, and what is said of it. */
  measuredAs: { type: string; label: string };
  /** The estimated model; null where {@link PlaygroundState.model} is not a size. */
  size: SizeAtBits | null;
}

/** An affine method at several widths, or a type of one. */
export interface QualityPoint {
  /** Identifier of the scheme. */
  scheme: string;
  /** Bits of a code; absent for types that have no choice of them. */
  bits?: number;
  label: string;
  figures: ErrorFigures;
}

/** One curve: the same method at several widths. */
export interface QualityCurve {
  granularity: "tensor" | "channel" | "group";
  symmetric: boolean;
  /** Values that share a scale, in groups. */
  group: number;
  points: QualityPoint[];
}

/** A method at one width, on a layer of which it is known what enters it. */
export interface LayerPoint extends QualityPoint {
  bits: number;
  /** Σ(x·w − x·ŵ)² over inputs that were held out, by Σ(x·w)². */
  outputError: number;
}

export interface LayerCurve extends Omit<QualityCurve, "points"> {
  method: PlaygroundMethod;
  points: LayerPoint[];
}

export type LayerRun =
  | { kind: "none" }
  /** Runs the model as far as the layer, or quantizes that. */
  | { kind: "running"; phase: "model" | "settings"; doneBytes: number; totalBytes: number; elapsedMs: number }
  | { kind: "failed"; message: string };

/** What is known of a layer by methods that need what enters it. */
export interface LayerReport {
  /** Name of its weight. */
  tensor: string;
  /** Those of which anything is known. */
  curves: LayerCurve[];
  /** Of the text that the model was run on last: that layers were quantized with, and judged on. */
  tokens: { calibration: number; heldOut: number } | null;
}

/** How well the whole model foresees a text in some types, as far as that was measured. */
export interface KnownPerplexity {
  /** Name of the text, and how much of it: windows of so many tokens. */
  text: string;
  windows: number;
  length: number;
  /** Of the checkpoint as it is. */
  original: number;
  rows: {
    /** Identifier of a scheme, which holds for the linear layers only, or name of a file type. */
    type: string;
    /** Of a scheme; null of a file type, whose name says it. */
    schemeLabel: string | null;
    /** Of the model. */
    bitsPerWeight: number;
    perplexity: number;
  }[];
}

/** What all methods do to the values, at all widths. */
export interface QualityReport {
  curves: QualityCurve[];
  /** Types of fixed width. */
  types: QualityPoint[];
  /** Share of the values that was measured, 0 to 1; 1 is exact. */
  share: number;
}

export const playgroundProtocol = {
  /** First message of the page; answered with what can be chosen, and what is. */
  initialize: new RequestType0<PlaygroundPicture, void>("initialize"),
  /** Before and after. Cancellable. When the exact figures take long, a sampled report comes first and `refined` follows. */
  measure: new RequestType<{ state: PlaygroundState; token: number }, PlaygroundReport, void>("measure"),
  /** All methods on the same values. Cancellable. When that takes long, `qualitySampled` comes first. */
  quality: new RequestType<{ state: PlaygroundState; token: number }, QualityReport, void>("quality"),
  /** Puts a link that opens the playground as it is on the clipboard. */
  copyLink: new RequestType<{ state: PlaygroundState; kind: PlaygroundLinkKind }, void, void>("copyLink"),
  /** Opens the page that measures perplexity, with a scheme and its neighbours. */
  measurePerplexity: new RequestType<{ scheme: string }, void, void>("measurePerplexity"),
  /** Saves through a save dialog; false when dismissed. */
  save: new RequestType<{ name: string; text?: string; dataUrl?: string }, boolean, void>("save"),
  /** Shows the tensor in the checkpoint's editor. */
  openTensor: new RequestType<{ tensor: string }, void, void>("openTensor"),
  /** What is chosen now, for a page that is made again. */
  saveState: new NotificationType<PlaygroundState>("saveState"),

  /** Host → page: everything again, since the file changed or a link was opened. */
  changed: new NotificationType<PlaygroundPicture>("changed"),
  refined: new NotificationType<{ token: number; report: PlaygroundReport }>("refined"),
  /** More is known of the layer that is chosen, or another one is. */
  layer: new NotificationType<LayerReport>("layer"),
  perplexity: new NotificationType<KnownPerplexity>("perplexity"),
  layerRun: new NotificationType<LayerRun>("layerRun"),
  qualitySampled: new NotificationType<{ token: number; report: QualityReport }>("qualitySampled"),
} as const;
