/** Defaults and ranges of the settings, as the manifest announces them. A test compares both. */
export const settingDefaults = {
  threads: { default: 0, minimum: 0, maximum: 64 },
  histogramBins: { default: 128, minimum: 16, maximum: 512 },
  defaultScheme: { default: "Q4_K" },
  onnxRuntime: { default: "" },
  scanOnOpen: { default: "small", enum: ["never", "small", "always"] },
} as const;
