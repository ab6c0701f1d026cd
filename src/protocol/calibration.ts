/**
 * The conversation between the Calibration page and the extension host: what enters the linear layers of a model on a text, and which
 * ranges static quantization would give it. The host measures and judges; the page draws. Spoken like the editor's, see `editor.ts`.
 */
import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc";
import type { ChannelMax } from "../core/calibrate/outlierChannels";
import type { ThresholdFigures } from "../core/calibrate/thresholds";
import type { Diagnostic } from "../core/errors";

/** How one method would quantize an input, one range for all tokens. */
export interface MethodFigures {
  low: number;
  high: number;
  /** A code stands for scale · (code − zeroPoint). */
  scale: number;
  zeroPoint: number;
  /** Mean squared error over all samples, and signal by noise in decibels: null without noise. */
  mse: number;
  sqnrDb: number | null;
}

/** What enters one or several linear layers: a row of the table. */
export interface CalibratedInput {
  /** Of the first weight that it meets. */
  name: string;
  /** Of all of them. */
  weights: string[];
  /** Number of its layer; absent outside of layers. */
  layer?: number;
  /** What the weights are: `q_proj, k_proj, v_proj`. */
  kind: string;
  columns: number;
  /** Finite values that were seen. */
  values: number;
  min: number;
  max: number;
  absMax: number;
  /** Greatest magnitude of any channel by that of the median channel; null where that is 0. */
  outlierRatio: number | null;
  medianChannel: number;
  /** Greatest magnitude of runs of channels, by that of the median channel; null where that is 0. */
  blocks: (number | null)[];
  worst: ChannelMax[];
  /** By identifier of the method. */
  methods: Record<string, MethodFigures>;
  /** With a range of its own for each token. */
  dynamic: { mse: number; sqnrDb: number | null };
  /** What ranges chosen from the first samples do to all of them. */
  sweep: { samples: number; mse: Record<string, number> }[];
}

/** The text that a model is run on, as chosen. */
export interface CalibrationChoice {
  /** Path of a file or a folder; the shipped sample text when absent. */
  text?: string;
  /** The field of JSONL records that has the text. */
  field?: string;
  /** All that the text has when absent. */
  samples?: number;
  /** Tokens of a sample; what the model takes, up to 512, when absent. */
  length?: number;
  /** Of the quantized activations. */
  bits: number;
}

/** What the text is called, and how much of it was run, once that is known. */
export interface CalibrationText {
  name: string;
  samples?: number;
  tokens?: number;
}

export type CalibrationRun =
  | { kind: "none" }
  | { kind: "running"; doneBytes: number; totalBytes: number; elapsedMs: number }
  | { kind: "cancelled" }
  | { kind: "done"; elapsedMs: number }
  | { kind: "failed"; message: string };

export type CalibrationPicture =
  | {
      kind: "ready";
      name: string;
      /** Of the checkpoint: what a page that is brought back begins with. */
      uri: string;
      choice: CalibrationChoice;
      text: CalibrationText;
      /** Identifiers of the methods that are compared. */
      methods: string[];
      inputs: CalibratedInput[];
      run: CalibrationRun;
      locale: string;
      strings: Record<string, string>;
    }
  | { kind: "failed"; diagnostic: Diagnostic; locale: string; strings: Record<string, string> };

/** What thresholds do to one input. */
export interface InputDetail {
  /** Counts of |x| by equal bins from 0 to `max`. */
  histogram: { max: number; counts: number[] };
  /** Evenly over the histogram, rising. */
  curve: ThresholdFigures[];
  /** What each method's threshold does, as far as a histogram tells. */
  marks: Record<string, ThresholdFigures>;
}

export const calibrationProtocol = {
  /** First message of the page; answered with everything. */
  initialize: new RequestType0<CalibrationPicture, void>("initialize"),
  /** Runs the model with what was chosen, if that was not done. */
  start: new RequestType0<void, void>("start"),
  cancel: new RequestType0<void, void>("cancel"),
  /** Lets the user choose another text or other samples; answered when the questions are over. */
  chooseText: new RequestType0<void, void>("chooseText"),
  setBits: new RequestType<{ bits: number }, void, void>("setBits"),
  /** Histogram and curves of an input, a place in {@link CalibrationPicture.inputs}. */
  detail: new RequestType<{ input: number }, InputDetail, void>("detail"),
  /** What ONNX Runtime's entropy search chooses for an input: it takes seconds. */
  onnxEntropy: new RequestType<{ input: number }, ThresholdFigures, void>("onnxEntropy"),
  /** What one threshold does to an input. */
  threshold: new RequestType<{ input: number; threshold: number }, ThresholdFigures, void>("threshold"),
  /** Writes an importance matrix of the same text through a dialog. */
  collectImatrix: new RequestType0<void, void>("collectImatrix"),
  /** Saves the table through dialogs. */
  export: new RequestType0<void, void>("export"),
  copy: new RequestType<{ text: string }, void, void>("copy"),
  /** Saves through a save dialog; false when dismissed. */
  save: new RequestType<{ name: string; text?: string; dataUrl?: string }, boolean, void>("save"),
  /** Shows a weight in the checkpoint's editor. */
  openTensor: new RequestType<{ name: string }, void, void>("openTensor"),

  /** Host → page: everything again, since the choice or the file changed. */
  changed: new NotificationType<CalibrationPicture>("changed"),
  /** Host → page: more inputs, to be put after those there are. */
  inputs: new NotificationType<CalibratedInput[]>("inputs"),
  run: new NotificationType<{ run: CalibrationRun; text: CalibrationText }>("run"),
} as const;
