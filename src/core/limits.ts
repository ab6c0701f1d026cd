/**
 * Upper bounds on everything a file can ask us to do. Each is checked before anything is allocated or looped over,
 * so that a hostile or damaged file costs an error message, not memory.
 */
export const limits = {
  /** Bytes of a safetensors JSON header: the format's own limit. */
  safetensorsHeaderBytes: 100_000_000,
  /** Nesting depth of any JSON we parse ourselves; tensor entries need 3. */
  jsonDepth: 16,
  /** Tensors in one checkpoint; the largest real ones (mixture-of-experts, unfused) have about 100,000. */
  tensors: 2_000_000,
  /** Dimensions of one tensor; NumPy's own limit. */
  rank: 64,
  /** One dimension; beyond 2^48 no file of real size can hold it. */
  dimension: 2 ** 48,
  /** Characters of a tensor name or metadata key; real ones stay below 200. */
  nameLength: 65_535,
  /** Bytes of one GGUF string; ggml allows 1 GiB, real ones (chat templates, merges) stay below 1 MiB. */
  ggufStringBytes: 64 * 2 ** 20,
  /** Elements of one GGUF array; ggml's own limit is 2^30. They are decoded lazily. */
  ggufArrayElements: 2 ** 30,
  /** Nesting of GGUF arrays; ggml has none, Hugging Face's parser allows 4. */
  ggufArrayDepth: 4,
  /** Arrays inside arrays in one GGUF header; real files have none. Each has to be walked to find its end. */
  ggufNestedArrays: 100_000,
  /** Key-value pairs in a GGUF header; real files have below 100. */
  ggufKeyValues: 100_000,
  /** GGUF tensor name; ggml's GGML_MAX_NAME is 64 bytes with the terminator. */
  ggufNameBytes: 63,
  /** GGUF dimensions; ggml's GGML_MAX_DIMS. */
  ggufRank: 4,
  /** Bytes of all the GGUF header that is read for parsing (strings of arrays are skipped, not kept). */
  ggufHeaderBytes: 2 ** 30,
  /** Shards of one checkpoint; the largest published ones have below 200. */
  shards: 10_000,
  /** Bytes of an index.json or config.json that is read whole. */
  sidecarJsonBytes: 64 * 2 ** 20,
  /** Whole-file reads through vscode.workspace.fs, which cannot read ranges. */
  virtualFileBytes: 256 * 2 ** 20,
  /** Values of a row that is quantized whole; the longest real ones (vocabularies) have below 300,000. */
  rowValues: 2 ** 20,
  /** Diagnostics kept for one checkpoint; the rest are counted, not listed. */
  diagnostics: 1_000,
  /** Histogram bins a caller can ask for. */
  histogramBins: 4_096,
  /** Values in one page of a tensor sent to a view or printed. */
  pageValues: 65_536,
} as const;
