import assert from "node:assert/strict";
import { feedsOf } from "../../../src/core/model/onnx/feeds";
import { describeOnnx } from "../../../src/core/model/onnx/onnxDescription";
import { onnxLanguageModel, onnxTiny } from "../../support/onnxLanguageModel";
import { field, floats, node, tensorProto, valueInfo, writeOnnx } from "../../support/onnxWriter";
import { openFiles, refusalOf } from "../../support/openBytes";

/** Numbers of TensorProto.DataType. */
const [float, int32, int64, bool, half, double] = [1, 6, 7, 9, 10, 11];

const ids = valueInfo("input_ids", int64, ["batch", "tokens"]);
const logits = valueInfo("logits", float, ["batch", "tokens", 40]);

function graphOf(inputs: readonly number[][], outputs: readonly number[][]): Uint8Array {
  return writeOnnx({
    initializers: [tensorProto({ name: "w", dims: [2], raw: floats(1, 2) })],
    nodes: [node("Odd", { inputs: ["w"] })],
    graph: [...inputs.flatMap((input) => field(11, input)), ...outputs.flatMap((output) => field(12, output))],
  });
}

const describeGraph = async (model: Uint8Array, config?: object) =>
  describeOnnx(await openFiles({ "model.onnx": model, ...(config ? { "config.json": JSON.stringify(config) } : {}) }, "model.onnx"));

describe("ONNX language models", () => {
  it("are described by their graph, and by the config.json beside it", async () => {
    const description = await describeGraph(onnxLanguageModel());
    assert.deepEqual([description.vocabulary, description.context, description.length], [onnxTiny.vocabulary, Infinity, undefined]);
    assert.deepEqual(
      description.inputs.map(({ role, dtype }) => [role, dtype]),
      [
        ["ids", "I64"],
        ["mask", "I64"],
        ["positions", "I64"],
        ["past", "F32"],
      ],
    );
    assert.equal((await describeGraph(onnxLanguageModel(), { max_position_embeddings: 32 })).context, 32);
    assert.equal((await describeGraph(onnxLanguageModel(), { n_positions: 24 })).context, 24);
    assert.equal((await describeGraph(onnxLanguageModel({ half: true }))).logits.dtype, "F16");
    const fixed = await describeGraph(onnxLanguageModel({ length: 8 }), { max_position_embeddings: 32 });
    assert.deepEqual([fixed.context, fixed.length], [8, 8]);
  });

  it("take the vocabulary from config.json where the graph leaves it open, and no weight for an input", async () => {
    const open = valueInfo("logits", float, ["batch", "tokens", "vocabulary"]);
    const model = graphOf([ids, valueInfo("w", float, [2])], [open]);
    assert.equal((await describeGraph(model, { vocab_size: 50 })).vocabulary, 50);
    const { code, fields } = await refusalOf(describeGraph(model));
    assert.equal(code, "onnx.no-language-model");
    assert.match(fields.expected!, /vocab_size in config\.json/);
    assert.equal(fields.found, "logits (F32 batch×tokens×vocabulary)");
  });

  it("are refused with what was expected and found when they are something else", async () => {
    for (const [inputs, outputs, message, found] of [
      [[valueInfo("pixels", float, [1, 3, 224, 224])], [logits], /takes what no text gives/, "pixels (F32 1×3×224×224)"],
      [[valueInfo("attention_mask", int64, ["b", "t"])], [logits], /takes no token ids/, "attention_mask (I64 b×t)"],
      [[valueInfo("input_ids", int64, ["t"])], [logits], /takes no token ids/, "input_ids (I64 t)"],
      [[valueInfo("input_ids", float, ["b", "t"])], [logits], /takes what no text gives/, "input_ids (F32 b×t)"],
      [
        [ids, valueInfo("past_key_values.0.key", float, ["b", 2, 16, 8])],
        [logits],
        /no text gives/,
        "past_key_values.0.key (F32 b×2×16×8)",
      ],
      [[ids], [valueInfo("last_hidden_state", float, ["b", "t", 8])], /gives no logits/, "last_hidden_state (F32 b×t×8)"],
      [[ids], [valueInfo("logits", float, ["b", 3])], /gives no logits/, "logits (F32 b×3)"],
      [[ids], [valueInfo("logits", double, ["b", "t", 3])], /gives no logits/, "logits (F64 b×t×3)"],
      [[], [], /takes no token ids/, "none"],
    ] as const) {
      const error = await refusalOf(describeGraph(graphOf(inputs, outputs)));
      assert.equal(error.code, "onnx.no-language-model");
      assert.match(error.message, message);
      assert.equal(error.fields.found, found);
    }
  });

  it("are fed what their inputs ask for", async () => {
    const inputs = [
      valueInfo("input_ids", int32, ["b", "t"]),
      valueInfo("attention_mask", int32, ["b", "all"]),
      valueInfo("past_key_values.0.key", half, ["b", 2, "past", 8]),
      valueInfo("past_key_values.0.value", float, [1, 2, 0, 8]),
      valueInfo("use_cache_branch", bool, [1]),
      valueInfo("num_logits_to_keep", int64, []),
    ];
    const feeds = feedsOf(await describeGraph(graphOf(inputs, [logits])), Int32Array.of(4, 6));
    assert.deepEqual(Object.fromEntries(feeds), {
      input_ids: { type: "int32", data: Int32Array.of(4, 6), dims: [1, 2] },
      attention_mask: { type: "int32", data: Int32Array.of(1, 1), dims: [1, 2] },
      "past_key_values.0.key": { type: "float16", data: new Uint16Array(0), dims: [1, 2, 0, 8] },
      "past_key_values.0.value": { type: "float32", data: new Float32Array(0), dims: [1, 2, 0, 8] },
      use_cache_branch: { type: "bool", data: Uint8Array.of(0), dims: [1] },
      num_logits_to_keep: { type: "int64", data: BigInt64Array.of(0n), dims: [] },
    });
  });
});
