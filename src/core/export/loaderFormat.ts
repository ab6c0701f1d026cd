import { findDType } from "../tensor/dtype";
import type { SplitScheme } from "../quant/split/splitScheme";
import type { LoaderLimit } from "./loaderWarnings";

/** Which modules of a model were stored in several tensors, and which matrices stay as they are. */
export interface ModuleNames {
  /** Names of layers, without `.weight`. */
  readonly quantized: readonly string[];
  /**
   * Linear layers that a loader would take for quantized ones if it were not told; without the output matrix, which loaders leave
   * out by themselves, and without those in `keptWhole`. By every name that a loader may give them.
   */
  readonly kept: readonly string[];
  /** Modules with such layers and no quantized one: a tower for pictures, the experts of a layer. By every name, too. */
  readonly keptWhole: readonly string[];
}

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

/** For loaders that take the name of a module for all that lies in it. */
export function allKept({ kept, keptWhole }: Pick<ModuleNames, "kept" | "keptWhole">): readonly string[] {
  return [...kept, ...keptWhole];
}

/** A regular expression that is nothing but this name. */
export function literally(name: string): string {
  return name.replaceAll(".", "\\.");
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
