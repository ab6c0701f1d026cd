import type { OnnxDescription } from "../../core/model/onnx/onnxDescription";

/** The first request: loads the user's runtime, and the model. */
export interface OnnxLoad {
  /** The folder of onnxruntime-node. */
  readonly runtime: string;
  readonly model: string;
  readonly description: OnnxDescription;
  readonly threads: number;
}

/** Runs the model on one sequence. */
export interface OnnxSequence {
  readonly ids: Int32Array;
  /** Positions of which logits are answered, ascending. */
  readonly positions: Int32Array;
}

export type OnnxRequest = OnnxLoad | OnnxSequence;

/** Logits of some of the positions, a row of the whole vocabulary for each. */
export interface OnnxRows {
  /** Index of the first among the positions. */
  readonly row: number;
  readonly logits: Float32Array;
}

/** The end of a request. `runtime`: the package cannot be loaded; `model`: it cannot load or run the model. */
export type OnnxEnd = { readonly ok: true } | { readonly ok: false; readonly what: "runtime" | "model"; readonly message: string };
