import { findDType } from "../tensor/dtype";
import type { SplitScheme } from "../quant/split/splitScheme";
import type { LoaderLimit } from "./loaderWarnings";
import type { ModuleNames } from "./moduleNames";

/** What a checkpoint is stored in: one float type throughout, or linear layers by a scheme and the rest in a float type. */
export interface StorageTarget {
  /** As the user is told it: `int4-sym-g128`. */
  readonly name: string;
  /** The type that every float tensor gets. */
  readonly plain?: string;
  readonly scheme?: SplitScheme;
  /** `quantization_config` of config.json: how loaders know what is stored. */
  readonly config?: (modules: ModuleNames) => Record<string, unknown>;
  /** Whether that also goes to a quantize_config.json of its own, which older loaders read. */
  readonly hasOwnFile?: boolean;
  /** What loaders are known not to do with it. */
  readonly limits?: readonly LoaderLimit[];
}

/** A format of checkpoint folders, by the library that loads them. */
export interface LoaderFormat {
  /** On the command line. */
  readonly id: string;
  /** Shown to users. */
  readonly label: string;
  /** Who loads it. */
  readonly loaders: string;
  /** Offered in lists, the usual one first. */
  readonly types: readonly string[];
  /**
   * @param type one of `types` or another that the format knows
   * @throws UsageError `unknown-type`, `not-in-format` with the reason
   */
  target(type: string): StorageTarget;
  /** The float type that tensors of a type get which are not quantized, if nobody asks for another. */
  keptType(dtype: string): string;
}

/** Most loaders take what the model was trained in; what is packed in blocks becomes float16. */
export function sameFloat(dtype: string): string {
  return findDType(dtype)?.family === "block" ? "F16" : dtype;
}

/** Float16 unless it is bfloat16: for kernels of half precision. */
export function halfFloat(dtype: string): string {
  return dtype === "BF16" ? dtype : "F16";
}
