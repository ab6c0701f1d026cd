import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Checkpoint } from "../../src/core/tensor/checkpoint";
import { type Bytes, externalData, field, node, number, tensorProto, valueInfo, writeOnnx } from "./onnxWriter";
import { valueBytes } from "./tensorValues";

const [float, int64] = [1, 7];

/** Builds a graph operation by operation; float32 weights go to a file beside it, as exporters of models over 2 GB write them. */
class GraphBuilder {
  readonly nodes: Bytes[] = [];
  readonly initializers: Bytes[] = [];
  private readonly data: Uint8Array[] = [];
  private bytes = 0;
  private count = 0;

  constructor(private readonly dataFile: string) {}

  op(operator: string, inputs: string[], attributes: Bytes[] = [], outputs = [`v${this.count++}`]): string {
    this.nodes.push(node(operator, { inputs, outputs, attributes }));
    return outputs[0]!;
  }

  /** A weight. */
  floats(name: string, dims: number[], values: Float32Array): string {
    const entries = { location: this.dataFile, offset: String(this.bytes), length: String(values.byteLength) };
    this.initializers.push(tensorProto({ name, dims, type: float, rest: externalData(entries) }));
    this.data.push(new Uint8Array(values.buffer));
    this.bytes += values.byteLength;
    return name;
  }

  number(value: number): string {
    const name = `c${this.count++}`;
    this.initializers.push(tensorProto({ name, dims: [], type: float, raw: new Uint8Array(Float32Array.of(value).buffer) }));
    return name;
  }

  integers(...values: number[]): string {
    const name = `i${this.count++}`;
    const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.initializers.push(tensorProto({ name, dims: [values.length], type: int64, raw }));
    return name;
  }

  get external(): Uint8Array {
    return Buffer.concat(this.data);
  }
}

const whole = (name: string, value: number): Bytes => [...field(1, name), ...number(3, value), ...number(20, 2)];
const wholes = (name: string, values: readonly number[]): Bytes => [
  ...field(1, name),
  ...values.flatMap((value) => number(8, value)),
  ...number(20, 7),
];

export interface LlamaShape {
  layers: number;
  heads: number;
  keyValueHeads: number;
  headDim: number;
  vocabulary: number;
  context: number;
}

/**
 * Writes a Llama of bfloat16 weights as `model.onnx`, with inputs and outputs as optimum gives them: keys and values of earlier tokens
 * come in as `past_key_values.*`. It is written from the paper's formulas: nothing here is of the forward pass it is compared with.
 */
export function writeOnnxLlama(checkpoint: Checkpoint, shape: LlamaShape, folder: string): void {
  const { layers, heads, keyValueHeads, headDim, vocabulary, context } = shape;
  const graph = new GraphBuilder("model.onnx_data");
  const tensorOf = (name: string) => checkpoint.tensors.find((tensor) => tensor.name === name)!;
  const valuesOf = (name: string): Float32Array => {
    const halves = new Uint16Array(valueBytes(checkpoint, tensorOf(name)).buffer);
    return new Float32Array(Uint32Array.from(halves, (bits) => bits << 16).buffer);
  };
  const weight = (name: string): string => graph.floats(name, [...tensorOf(name).shape], valuesOf(name));
  /** Exporters store matrices transposed. */
  const linear = (input: string, name: string): string => {
    const [rows = 1, columns = 1] = tensorOf(name).shape;
    const values = valuesOf(name);
    const transposed = Float32Array.from({ length: values.length }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
    return graph.op("MatMul", [input, graph.floats(name, [columns, rows], transposed)]);
  };
  const norm = (input: string, name: string): string => {
    const mean = graph.op("ReduceMean", [graph.op("Mul", [input, input]), graph.integers(-1)]);
    const root = graph.op("Sqrt", [graph.op("Add", [mean, graph.number(1e-5)])]);
    return graph.op("Mul", [graph.op("Div", [input, root]), weight(name)]);
  };
  const angles = Array.from({ length: context }, (_, position) =>
    Array.from({ length: headDim }, (_, i) => position * 10_000 ** ((-2 * (i % (headDim / 2))) / headDim)),
  ).flat();
  const table = (name: string, of: (angle: number) => number): string => {
    const rows = graph.op("Gather", [graph.floats(name, [context, headDim], Float32Array.from(angles, of)), "position_ids"]);
    return graph.op("Unsqueeze", [rows, graph.integers(1)]);
  };
  const [cosines, sines] = [table("cosines", Math.cos), table("sines", Math.sin)];
  const inHeads = (input: string, count: number): string =>
    graph.op("Transpose", [graph.op("Reshape", [input, graph.integers(0, 0, count, headDim)])], [wholes("perm", [0, 2, 1, 3])]);
  const turned = (input: string): string => {
    const half = (from: number, to: number) => graph.op("Slice", [input, graph.integers(from), graph.integers(to), graph.integers(-1)]);
    const other = graph.op("Concat", [graph.op("Neg", [half(headDim / 2, headDim)]), half(0, headDim / 2)], [whole("axis", -1)]);
    return graph.op("Add", [graph.op("Mul", [input, cosines]), graph.op("Mul", [other, sines])]);
  };
  const keyPlaces = graph.op("Sub", [graph.op("CumSum", ["attention_mask", graph.integers(1)]), graph.integers(1)]);
  const isBefore = graph.op("LessOrEqual", [
    graph.op("Unsqueeze", [keyPlaces, graph.integers(1, 2)]),
    graph.op("Unsqueeze", ["position_ids", graph.integers(1, 3)]),
  ]);
  const groups = graph.integers(...Array.from({ length: heads }, (_, head) => Math.floor((head * keyValueHeads) / heads)));

  let stream = graph.op("Gather", [weight("model.embed_tokens.weight"), "input_ids"]);
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`;
    const normed = norm(stream, `${at}.input_layernorm.weight`);
    const queries = turned(inHeads(linear(normed, `${at}.self_attn.q_proj.weight`), heads));
    const joined = (part: string, own: string): string => {
      const all = graph.op("Concat", [`past_key_values.${layer}.${part}`, own], [whole("axis", 2)], [`present.${layer}.${part}`]);
      return graph.op("Gather", [all, groups], [whole("axis", 1)]);
    };
    const keys = joined("key", turned(inHeads(linear(normed, `${at}.self_attn.k_proj.weight`), keyValueHeads)));
    const values = joined("value", inHeads(linear(normed, `${at}.self_attn.v_proj.weight`), keyValueHeads));
    const products = graph.op("MatMul", [queries, graph.op("Transpose", [keys], [wholes("perm", [0, 1, 3, 2])])]);
    const scores = graph.op("Mul", [products, graph.number(headDim ** -0.5)]);
    const seen = graph.op("Softmax", [graph.op("Where", [isBefore, scores, graph.number(-1e9)])], [whole("axis", -1)]);
    const mixed = graph.op("Transpose", [graph.op("MatMul", [seen, values])], [wholes("perm", [0, 2, 1, 3])]);
    const attended = linear(graph.op("Reshape", [mixed, graph.integers(0, 0, heads * headDim)]), `${at}.self_attn.o_proj.weight`);
    stream = graph.op("Add", [stream, attended]);
    const second = norm(stream, `${at}.post_attention_layernorm.weight`);
    const gate = linear(second, `${at}.mlp.gate_proj.weight`);
    const active = graph.op("Mul", [graph.op("Mul", [gate, graph.op("Sigmoid", [gate])]), linear(second, `${at}.mlp.up_proj.weight`)]);
    stream = graph.op("Add", [stream, linear(active, `${at}.mlp.down_proj.weight`)]);
  }
  graph.op("Identity", [linear(norm(stream, "model.norm.weight"), "lm_head.weight")], [], ["logits"]);

  const pasts = Array.from({ length: layers }, (_, layer) => [`${layer}.key`, `${layer}.value`]).flat();
  const inputs = [
    valueInfo("input_ids", int64, ["batch_size", "sequence_length"]),
    valueInfo("attention_mask", int64, ["batch_size", "total_sequence_length"]),
    valueInfo("position_ids", int64, ["batch_size", "sequence_length"]),
    ...pasts.map((name) => valueInfo(`past_key_values.${name}`, float, ["batch_size", keyValueHeads, "past_sequence_length", headDim])),
  ];
  const outputs = [
    valueInfo("logits", float, ["batch_size", "sequence_length", vocabulary]),
    ...pasts.map((name) => valueInfo(`present.${name}`, float, ["batch_size", keyValueHeads, "total_sequence_length", headDim])),
  ];
  const rest = [...inputs.flatMap((input) => field(11, input)), ...outputs.flatMap((output) => field(12, output))];
  writeFileSync(path.join(folder, "model.onnx"), writeOnnx({ initializers: graph.initializers, nodes: graph.nodes, graph: rest }));
  writeFileSync(path.join(folder, "model.onnx_data"), graph.external);
}
