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
  /** Entries of an importance matrix: one for each matrix of a model. */
  imatrixEntries: 100_000,
  /** Bytes of all weights of an importance matrix that are held at once; those of the largest models have below 1 GB. */
  imatrixBytes: 2 * 2 ** 30,
  /** Shards of one checkpoint; the largest published ones have below 200. */
  shards: 10_000,
  /** Bytes of an index.json or config.json that is read whole. */
  sidecarJsonBytes: 64 * 2 ** 20,
  /** Whole-file reads through vscode.workspace.fs, which cannot read ranges. */
  virtualFileBytes: 256 * 2 ** 20,
  /** Values of a row that is quantized whole; the longest real ones (vocabularies) have below 300,000. */
  rowValues: 2 ** 20,
  /** Entries of a zip archive; a PyTorch checkpoint has one for each storage. */
  zipEntries: 200_000,
  /** Bytes of the central directory of a zip archive; an entry takes about 100. */
  zipDirectoryBytes: 64 * 2 ** 20,
  /** How many bytes one byte of a deflate stream can become; the format itself allows no more than 1032. */
  deflateRatio: 1032,
  /** Bytes of the header of a NumPy array; NumPy itself reads at most 10,000 without being asked to. */
  npyHeaderBytes: 2 ** 20,
  /** Bytes of a pickle; that of a checkpoint of 100,000 tensors has below 20 MiB. */
  pickleBytes: 128 * 2 ** 20,
  /** Opcodes of a pickle; a tensor takes about 60. */
  pickleOpcodes: 50_000_000,
  /** Containers, globals and calls in a pickle; a tensor takes about 8. */
  pickleObjects: 4_000_000,
  /** Values on the stack of a pickle; Python's own pickler puts at most some thousand there. */
  pickleStack: 2_000_000,
  /** Dictionaries in dictionaries of a checkpoint; real ones have below 20. */
  stateDepth: 64,
  /** Values that are visited in a checkpoint, those that are in several places each time. */
  stateVisits: 2_000_000,
  /** Characters of all names of a PyTorch checkpoint: paths can repeat what the file has once. */
  stateNameCharacters: 2 ** 27,
  /** Numbers and texts of a PyTorch checkpoint that are listed as metadata; quantized ones have some ten for each layer. */
  stateScalars: 100_000,
  /** Values of a tensor that repeats what is stored (`expand`, fill values of HDF5); beyond, it is listed without its values. */
  expandedValues: 2 ** 32,
  /** Channels of a quantized tensor, each with a scale and a zero point. */
  quantizedChannels: 65_536,
  /** Groups and datasets of an HDF5 file; real models have below 10,000. */
  hdf5Objects: 200_000,
  /** Groups in groups of an HDF5 file: links can lead in circles. */
  hdf5Depth: 32,
  /** Bytes of one chunk of an HDF5 dataset, which is read whole; the library itself recommends 1 MiB. */
  hdf5ChunkBytes: 64 * 2 ** 20,
  /** Bytes of a text attribute of an HDF5 file that is kept: the configuration of a large Keras model has below 1 MB. */
  hdf5TextBytes: 4 * 2 ** 20,
  /** Bytes of the weights of a compressed .keras archive, which are unpacked into memory. */
  kerasInflatedBytes: 512 * 2 ** 20,
  /** Characters of all names of an ONNX or HDF5 file: paths repeat what the file has once. */
  nameCharacters: 2 ** 27,
  /** Bytes of a text in an ONNX model that is kept: names, descriptions, metadata. */
  onnxTextBytes: 2 ** 20,
  /** Graphs in nodes of graphs of an ONNX model; real ones have below 5. */
  onnxDepth: 16,
  /** Bytes of all values that an ONNX model has as varints and in pieces, which are decoded when it is opened; others are read by range. */
  onnxDecodedBytes: 64 * 2 ** 20,
  /** Pieces in which one tensor of an ONNX model lies: ONNX itself writes one. */
  onnxPieces: 65_536,
  /** Key-value pairs and operator sets of an ONNX model. */
  onnxMetadata: 10_000,
  /** Bytes of all names of a TFLite file: tensors can share one. */
  tfliteNameBytes: 2 ** 27,
  /** Diagnostics kept for one checkpoint; the rest are counted, not listed. */
  diagnostics: 1_000,
  /** Tokens of a vocabulary that is written; the largest real ones have below 300,000. */
  vocabulary: 4_000_000,
  /** Text files of a folder that are read as one text. */
  textFiles: 10_000,
  /** Tokens of all samples that a model is run on; calibration uses some 100,000. */
  sampleTokens: 2 ** 24,
  /** Rows of an attention head that config.json can ask for; real ones have at most 576. */
  headDimension: 65_536,
  /** Bytes of memory that running a model may take, if the machine has as much: one layer of the largest real ones takes 13 GB. */
  forwardBytes: 128 * 2 ** 30,
  /** Bytes of a thread's own memory for that: WebAssembly addresses have 32 bits. */
  kernelBytes: 2 ** 32 - 2 ** 16,
  /** Layers of a model that is run; the deepest real ones have below 130. */
  modelLayers: 10_000,
  /** Histogram bins a caller can ask for. */
  histogramBins: 4_096,
  /** Values in one page of a tensor sent to a view or printed. */
  pageValues: 65_536,
} as const;
