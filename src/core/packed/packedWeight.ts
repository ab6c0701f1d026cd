import type { TensorInfo } from "../tensor/tensorInfo";

/** How a packed weight stores its values, in the terms users know. */
export interface PackedWeight {
  /** The library's name: `GPTQ`, `AWQ`, `bitsandbytes NF4` … */
  readonly method: string;
  /** Of a code. */
  readonly bits: number;
  /** Values that share a scale; 0 where a whole row or tensor does. */
  readonly groupSize: number;
  /** Facts in a few words each: `zero-points: v1`, `order: g_idx`, `double quantization`. */
  readonly notes: readonly string[];
  /** The stored tensors it is made of. */
  readonly parts: readonly TensorInfo[];
}
