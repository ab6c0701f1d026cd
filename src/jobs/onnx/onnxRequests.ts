import type { OnnxDescription } from "../../core/model/onnx/onnxDescription";

/** What the thread that runs an ONNX model is started with. */
export interface OnnxStart {
  /** The folder of onnxruntime-node. */
  readonly runtime: string;
  readonly model: string;
  readonly description: OnnxDescription;
  readonly threads: number;
}

/** Loads the model, or runs it on one sequence and keeps logits of it. */
export type OnnxRequest = "load" | OnnxSequence;

export interface OnnxSequence {
  readonly ids: Int32Array;
  /** Positions of which logits are kept, in the order in which they are written. */
  readonly positions: Int32Array;
  /** Float32, a row for each token of all sequences. */
  readonly logits: SharedArrayBuffer;
  /** The first row to write. */
  readonly row: number;
}

/** `runtime`: the package cannot be loaded; `model`: it cannot load or run the model. */
export type OnnxAnswer = { readonly ok: true } | { readonly ok: false; readonly what: "runtime" | "model"; readonly message: string };
