import type { KeyValue } from "../formats/gguf/writer/keyValue";
import type { RecipeModel } from "../recipe/typeRules";
import type { ValueSource } from "../tensor/tensorInfo";

/** A tensor on its way into a GGUF file: its name there, and where its values come from. */
export interface SourceTensor {
  /** GGUF name. */
  readonly name: string;
  /** Row-major, outermost first. */
  readonly shape: readonly number[];
  /** Its values, in the order they are to be written. */
  readonly source: ValueSource;
  /** ggml type it gets where no recipe touches it. */
  readonly kept: string;
  /** Type shown as where it comes from. */
  readonly from: string;
  /** Its name in the checkpoint; absent for tensors made of the configuration. */
  readonly origin?: string;
}

/** A model as a GGUF file will describe it: everything but the types of its tensors. */
export interface SourceModel {
  /** Without `general.file_type` and `general.quantization_version`, which depend on the recipe. */
  readonly keyValues: readonly KeyValue[];
  readonly tensors: readonly SourceTensor[];
  /** Bytes that tensors are padded to. */
  readonly alignment: number;
  readonly recipe: RecipeModel;
  /** `llama`, `qwen2` …: `general.architecture`. */
  readonly architecture?: string;
  /** The model's chat template, in Jinja. */
  readonly chatTemplate?: string;
  /** How the model's makers sample from it. */
  readonly sampling?: { readonly temperature?: number; readonly top_k?: number; readonly top_p?: number };
  /** What the caller should tell the user: parts that the runtime will treat otherwise. */
  readonly notes: readonly string[];
}
