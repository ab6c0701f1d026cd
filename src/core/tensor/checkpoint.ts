import type { Diagnostic } from "../errors";
import type { RandomAccessFile } from "../file";
import type { TensorInfo } from "./tensorInfo";

/** Formats that are read, by content and not by the name of the file. */
export type FormatId = "safetensors" | "gguf" | "torch" | "numpy" | "onnx" | "hdf5" | "keras" | "tflite" | "imatrix";

/** One file of a checkpoint. A broken or missing shard keeps its place, with `file` undefined and a diagnostic. */
export interface CheckpointFile {
  readonly name: string;
  /** Bytes; 0 for a missing shard. */
  readonly bytes: number;
  /** Undefined when the file could not be opened or read. */
  readonly file?: RandomAccessFile;
}

export type MetadataValue = string | number | bigint | boolean;

/** One key of the header. Scalars are at hand; arrays are decoded only when a range of them is asked for. */
export interface MetadataEntry {
  readonly key: string;
  /** The format's own name of the type: `string`, `u32`, `array<string>` … */
  readonly type: string;
  /** The value of a scalar. */
  readonly value?: MetadataValue;
  /** Elements of an array. */
  readonly length?: number;
  /** Elements `[start, start + count)` of an array; fewer at the end. Nested arrays come as JSON text. */
  readonly read?: (start: number, count: number) => Promise<MetadataValue[]>;
  /** Where the value lies in a GGUF file, its type's number first: copied as it is by the writer. */
  readonly stored?: { readonly file: RandomAccessFile; readonly offset: number; readonly bytes: number };
}

/** An index of a checkpoint: headers only, no weights. */
export interface Checkpoint {
  readonly format: FormatId;
  /** The version in the header of GGUF files: 2 or 3. */
  readonly formatVersion?: number;
  /** Name shown to users: the file's; for shards the folder's, for split GGUF files what their names have in common. */
  readonly name: string;
  readonly files: readonly CheckpointFile[];
  /** In the order of the file; shards one after the other. */
  readonly tensors: readonly TensorInfo[];
  /** The tensors as the files store them, when `tensors` has packed weights as what they mean. */
  readonly stored?: readonly TensorInfo[];
  readonly metadata: readonly MetadataEntry[];
  /** `llama`, `qwen2` …: `general.architecture` of GGUF, `model_type` of a config.json beside safetensors. */
  readonly architecture?: string;
  /** The config.json beside the weights, if there is one. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly warnings: readonly Diagnostic[];
  close(): Promise<void>;
}
