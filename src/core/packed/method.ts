import type { DiagnosticList } from "../formats/diagnosticList";
import type { TensorInfo } from "../tensor/tensorInfo";
import type { PackedLayout } from "./layout";

/** A packed weight that a method found among the tensors of a checkpoint. */
export interface FoundWeight {
  /** Name of the weight: its layer's, with `.weight`. */
  readonly name: string;
  /** How its type is spelled in lists: `GPTQ-int4`. */
  readonly dtype: string;
  /** Of the weight it stands for; the layout sees it as `layout.rows` × `layout.columns`. */
  readonly shape: readonly number[];
  readonly method: string;
  readonly bits: number;
  /** Values that share a scale; 0 where a whole row or tensor does. */
  readonly groupSize: number;
  readonly notes: readonly string[];
  readonly layout: PackedLayout;
  /** The parts that the layout counts. */
  readonly parts: readonly TensorInfo[];
  /** Further tensors that belong to it and are needed for nothing else. */
  readonly others?: readonly TensorInfo[];
}

/** What a method looks at. */
export interface PackingContext {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** `quantization_config` of config.json, or the file that the library writes beside the weights. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly diagnostics: DiagnosticList;
  /** Bytes `[start, start + count)` of a stored tensor; undefined when the file does not have them. */
  bytes(tensor: TensorInfo, start: number, count: number): Promise<Uint8Array | undefined>;
  /** Text that the checkpoint's metadata has for a key. */
  text(key: string): string | undefined;
  /** A number that the checkpoint stores for a key, in its metadata or as a tensor of one element. */
  scalar(key: string): Promise<number | undefined>;
}

/** A way to pack weights: finds those of a checkpoint that it made. */
export interface PackingMethod {
  /** Whether a tensor of this name may be a part of one; cheap, since every name of every checkpoint is asked. */
  readonly marks: RegExp;
  /** @param marked the tensors whose names fit `marks` */
  find(marked: readonly TensorInfo[], context: PackingContext): Promise<FoundWeight[]>;
}

/** `rows` and `columns` of a stored matrix; undefined for anything else. */
export function matrixOf({ shape }: TensorInfo): { rows: number; columns: number } | undefined {
  return shape.length === 2 ? { rows: shape[0]!, columns: shape[1]! } : undefined;
}

/** A whole number of the config, or undefined. */
export function configInteger(config: Readonly<Record<string, unknown>>, ...keys: string[]): number | undefined {
  for (const key of keys) if (Number.isSafeInteger(config[key])) return config[key] as number;
  return undefined;
}
