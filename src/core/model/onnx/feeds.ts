import type { OnnxDescription, OnnxInput } from "./onnxDescription";

/** A tensor by ONNX Runtime's names of types. */
export interface Feed {
  readonly type: "int64" | "int32" | "float32" | "float16" | "bool";
  readonly data: BigInt64Array | Int32Array | Float32Array | Uint16Array | Uint8Array;
  readonly dims: readonly number[];
}

/** What a model is given to run on one sequence from its beginning: no token before it, none of it hidden. */
export function feedsOf({ inputs }: Pick<OnnxDescription, "inputs">, ids: Int32Array): Map<string, Feed> {
  return new Map(inputs.map((input) => [input.name, feedOf(input, ids)]));
}

function feedOf(input: OnnxInput, ids: Int32Array): Feed {
  switch (input.role) {
    case "ids":
      return integers(input, ids, [1, ids.length]);
    case "mask":
      return integers(input, new Int32Array(ids.length).fill(1), [1, ids.length]);
    case "positions":
      return integers(input, Int32Array.from(ids.keys()), [1, ids.length]);
    case "keptLogits":
      // 0 stands for all.
      return integers(input, Int32Array.of(0), []);
    case "usesPast":
      return { type: "bool", data: Uint8Array.of(0), dims: [1] };
    case "past":
      return input.dtype === "F16"
        ? { type: "float16", data: new Uint16Array(0), dims: input.shape }
        : { type: "float32", data: new Float32Array(0), dims: input.shape };
  }
}

function integers({ dtype }: OnnxInput, values: Int32Array, dims: readonly number[]): Feed {
  return dtype === "I64" ? { type: "int64", data: BigInt64Array.from(values, BigInt), dims } : { type: "int32", data: values, dims };
}
