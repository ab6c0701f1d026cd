import * as vscode from "vscode";
import { settingDefaults } from "./settingDefaults";

/** What the user configured, read when it is needed, so that a change counts at once. */
export interface Settings {
  /** Worker threads; 0 lets the engine choose. */
  threads: number;
  /** Bars of a histogram. */
  histogramBins: number;
  /** Scheme identifier the Histogram tab starts with. */
  defaultScheme: string;
  /** The folder of the user's onnxruntime-node; empty to look for it. */
  onnxRuntime: string;
  scanOnOpen: (typeof settingDefaults.scanOnOpen.enum)[number];
}

/** Largest checkpoint, in bytes of weights, that `scanOnOpen: small` scans unasked: a fraction of a second of work. */
export const smallCheckpointBytes = 256e6;

/** Settings for a resource. Values outside their range, which VS Code only marks, are brought into it. */
export function readSettings(scope?: vscode.Uri): Settings {
  const configuration = vscode.workspace.getConfiguration("quantscope", scope);
  const scheme = configuration.get("defaultScheme");
  const scanOnOpen = configuration.get("scanOnOpen");
  const onnxRuntime = configuration.get("onnxRuntime");
  return {
    threads: within(configuration.get("threads"), settingDefaults.threads),
    histogramBins: within(configuration.get("histogramBins"), settingDefaults.histogramBins),
    defaultScheme: typeof scheme === "string" ? scheme : settingDefaults.defaultScheme.default,
    onnxRuntime: typeof onnxRuntime === "string" ? onnxRuntime : settingDefaults.onnxRuntime.default,
    scanOnOpen: settingDefaults.scanOnOpen.enum.find((choice) => choice === scanOnOpen) ?? settingDefaults.scanOnOpen.default,
  };
}

function within(value: unknown, range: { default: number; minimum: number; maximum: number }): number {
  if (typeof value !== "number" || !Number.isFinite(value)) return range.default;
  return Math.min(range.maximum, Math.max(range.minimum, Math.round(value)));
}
