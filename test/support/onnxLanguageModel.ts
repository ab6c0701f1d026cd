import { normal, randomFrom } from "./distributions";
import { field, node, number, tensorProto, valueInfo, writeOnnx } from "./onnxWriter";

/** Shapes of {@link onnxLanguageModel}; no two alike. */
export const onnxTiny = { vocabulary: 40, hidden: 6, context: 32 };

const types = { float: 1, int32: 6, int64: 7, half: 10 };

function draw(seed: number, count: number): Float32Array {
  const random = randomFrom(seed);
  return Float32Array.from({ length: count }, () => normal(random));
}

const { vocabulary, hidden, context } = onnxTiny;
const weights = { embedding: draw(1, vocabulary * hidden), places: draw(2, context * hidden), head: draw(3, hidden * vocabulary) };

export interface OnnxModelShape {
  /** Of the logits. */
  half?: boolean;
  /** Of input_ids, in place of an open one. */
  length?: number;
  /** Takes int32 in place of int64. */
  short?: boolean;
  /** A number in place of a name for the tokens before. */
  past?: number;
  /** Tokens that the embedding is scaled by: makes another model of it. */
  scale?: number;
}

/**
 * A causal language model as exporters write it: every token's row of the embedding and of its position, summed over the tokens up to
 * it (which stands for attention), times an output matrix. It takes ids, mask, positions and the rows of the tokens before.
 */
export function onnxLanguageModel({ half = false, length, short = false, past, scale = 1 }: OnnxModelShape = {}): Uint8Array {
  const whole = short ? types.int32 : types.int64;
  const tokens = length ?? "sequence_length";
  const inputs = [
    valueInfo("input_ids", whole, ["batch_size", tokens]),
    valueInfo("attention_mask", whole, ["batch_size", "total_sequence_length"]),
    valueInfo("position_ids", whole, ["batch_size", tokens]),
    valueInfo("past_key_values.0.key", types.float, ["batch_size", past ?? "past_sequence_length", hidden]),
  ];
  const logits = half ? types.half : types.float;
  const outputs = [
    valueInfo("logits", logits, ["batch_size", tokens, vocabulary]),
    valueInfo("present.0.key", types.float, ["batch_size", "total_sequence_length", hidden]),
  ];
  const to = (type: number): number[] => [...field(1, "to"), ...number(3, type), ...number(20, 2)];
  const axis = [...field(1, "axis"), ...number(3, 1), ...number(20, 2)];
  const initializer = (name: string, dims: number[], values: Float32Array): number[] =>
    tensorProto({ name, dims, raw: new Uint8Array(values.buffer) });
  return writeOnnx({
    initializers: [
      initializer(
        "embedding",
        [vocabulary, hidden],
        weights.embedding.map((value) => scale * value),
      ),
      initializer("places", [context, hidden], weights.places),
      initializer("head", [hidden, vocabulary], weights.head),
      tensorProto({ name: "one", dims: [1], type: types.int64, raw: new Uint8Array(BigInt64Array.of(1n).buffer) }),
      tensorProto({ name: "last", dims: [1], type: types.int64, raw: new Uint8Array(BigInt64Array.of(2n).buffer) }),
    ],
    nodes: [
      node("Gather", { inputs: ["embedding", "input_ids"], outputs: ["rows"] }),
      node("Gather", { inputs: ["places", "position_ids"], outputs: ["turns"] }),
      node("Add", { inputs: ["rows", "turns"], outputs: ["own"] }),
      node("Concat", { inputs: ["past_key_values.0.key", "own"], outputs: ["present.0.key"], attributes: [axis] }),
      node("Cast", { inputs: ["attention_mask"], outputs: ["mask"], attributes: [to(types.float)] }),
      node("Unsqueeze", { inputs: ["mask", "last"], outputs: ["columns"] }),
      node("Mul", { inputs: ["present.0.key", "columns"], outputs: ["seen"] }),
      node("CumSum", { inputs: ["seen", "one"], outputs: ["stream"] }),
      node("MatMul", { inputs: ["stream", "head"], outputs: ["scores"] }),
      node("Cast", { inputs: ["scores"], outputs: ["logits"], attributes: [to(logits)] }),
    ],
    graph: [...inputs.flatMap((input) => field(11, input)), ...outputs.flatMap((output) => field(12, output))],
  });
}

/** The same by plain code: a row of logits for each id. */
export function plainLogits(ids: Int32Array, { scale = 1 }: Pick<OnnxModelShape, "scale"> = {}): Float64Array[] {
  const stream = new Float64Array(hidden);
  return Array.from(ids, (id, position) => {
    stream.forEach((sum, k) => (stream[k] = sum + scale * weights.embedding[id * hidden + k]! + weights.places[position * hidden + k]!));
    return Float64Array.from({ length: vocabulary }, (_, column) =>
      stream.reduce((sum, value, k) => sum + value * weights.head[k * vocabulary + column]!, 0),
    );
  });
}
