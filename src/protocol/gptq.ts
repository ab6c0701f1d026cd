/**
 * The conversation between the GPTQ page and the extension host: what GPTQ does to the outputs of one linear layer, by its settings,
 * beside rounding to nearest. The host quantizes and measures; the page draws. Spoken like the editor's, see `editor.ts`.
 */
import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc";
import type { Diagnostic } from "../core/errors";
import type { GptqOptions } from "../core/gptq/options";
import type { SettingErrors } from "../core/gptq/comparedSetting";

/** A linear layer that can be explored. */
export interface OfferedLayer {
  /** Name of its weight. */
  tensor: string;
  /** Number of its block. */
  block: number;
  rows: number;
  columns: number;
}

/** How the layer is quantized. */
export type GptqSettings = Pick<GptqOptions, "bits" | "groupSize" | "damping" | "symmetric" | "order">;

/** Dampings that can be chosen, and that are compared. */
export const offeredDampings: readonly number[] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
/** Columns of a group that can be chosen; −1 is a whole row. */
export const offeredGroups: readonly number[] = [32, 64, 128, -1];

/** What is explored: kept with the page, so that it comes back with it. */
export interface GptqChoice {
  /** Path of a file or a folder; the shipped sample text when absent. */
  text?: string;
  /** The field of JSONL records that has the text. */
  field?: string;
  /** All that the text has when absent. */
  samples?: number;
  /** Tokens of a sample; what the model takes, up to 512, when absent. */
  length?: number;
  /** The weight of the layer; one in the middle of the model when absent. */
  tensor?: string;
  settings: GptqSettings;
}

/** What the text is called, and how many tokens of it enter the layer, once that is known. */
export interface GptqText {
  name: string;
  tokens?: { calibration: number; heldOut: number };
}

export type GptqRun =
  | { kind: "none" }
  | { kind: "running"; phase: "model" | "settings"; doneBytes: number; totalBytes: number; elapsedMs: number }
  | { kind: "cancelled" }
  | { kind: "done"; elapsedMs: number }
  | { kind: "failed"; message: string };

/** Both methods at one value of a setting, the others being as chosen: relative output errors, null where not measured yet. */
export interface SweepPoint {
  value: number;
  gptq: number | null;
  rtn: number | null;
}

/** Settings of which each is compared by itself. */
export const sweptSettings = ["damping", "groupSize", "bits"] as const;
export type SweptSetting = (typeof sweptSettings)[number];

/** What is measured so far with the chosen layer and settings. */
export interface GptqFigures {
  sweeps: Record<SweptSetting, SweepPoint[]>;
  /** With the chosen settings; null where not measured yet. */
  gptq: SettingErrors | null;
  rtn: SettingErrors | null;
}

export type GptqPicture =
  | {
      kind: "ready";
      name: string;
      /** Of the checkpoint: what a page that is brought back begins with. */
      uri: string;
      choice: GptqChoice;
      /** Empty where the model cannot be run. */
      layers: OfferedLayer[];
      /** Place of the chosen one in `layers`. */
      layer: number;
      text: GptqText;
      figures: GptqFigures;
      run: GptqRun;
      locale: string;
      strings: Record<string, string>;
    }
  | { kind: "failed"; diagnostic: Diagnostic; locale: string; strings: Record<string, string> };

export const gptqProtocol = {
  /** First message of the page; answered with everything. */
  initialize: new RequestType0<GptqPicture, void>("initialize"),
  /** Measures what was chosen, as far as that was not done. */
  start: new RequestType0<void, void>("start"),
  cancel: new RequestType0<void, void>("cancel"),
  /** Lets the user choose another text or other samples. */
  chooseText: new RequestType0<void, void>("chooseText"),
  /** Another layer: a place in the list of layers. */
  setLayer: new RequestType<{ layer: number }, void, void>("setLayer"),
  setSettings: new RequestType<GptqSettings, void, void>("setSettings"),
  /** Shows the weight in the checkpoint's editor. */
  openTensor: new RequestType0<void, void>("openTensor"),
  /** Saves through a save dialog; false when dismissed. */
  save: new RequestType<{ name: string; dataUrl: string }, boolean, void>("save"),

  /** Host → page: everything again, since the choice or the file changed. */
  changed: new NotificationType<GptqPicture>("changed"),
  /** Host → page: more is measured. */
  figures: new NotificationType<GptqFigures>("figures"),
  run: new NotificationType<{ run: GptqRun; text: GptqText }>("run"),
} as const;
