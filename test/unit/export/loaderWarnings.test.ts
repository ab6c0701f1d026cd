import assert from "node:assert/strict";
import { findLoaderFormat } from "../../../src/core/export/loaderFormats";
import { loaderWarningText, loaderWarnings } from "../../../src/core/export/loaderWarnings";
import type { TensorPlan } from "../../../src/core/recipe/preflight";

const plan = (name: string, isQuantized = true, shape: number[] = [32, 32]): TensorPlan => ({
  name: `${name}.weight`,
  shape,
  from: "F16",
  type: isQuantized ? "I32" : "F16",
  bytes: 512,
  reason: "kept",
  source: { dtype: "F16", ref: { kind: "path", path: "x" }, offset: 0 },
  ...(isQuantized ? { split: { scheme: "x", at: [], dtype: "F16" } } : {}),
});

const codes = (format: string, type: string, tensors: readonly TensorPlan[]): string[] =>
  loaderWarnings(tensors, findLoaderFormat(format)!.target(type).limits ?? []).map(({ code }) => code);

describe("what loaders do not do with a checkpoint", () => {
  const attention = plan("model.layers.0.self_attn.q_proj");
  const qwen = [attention, plan("model.layers.0.mlp.experts.0.up_proj")];
  const mixtral = [attention, plan("model.layers.0.block_sparse_moe.experts.0.w1")];
  const floats = [attention, plan("model.layers.0.mlp.experts.0.up_proj", false)];

  it("is nothing with plain models, but for packed zero-points", () => {
    for (const [format, type] of [
      ["gptq", "int4-g128"],
      ["awq", "int4-g128"],
      ["bnb", "nf4"],
      ["bnb", "llm-int8"],
      ["compressed-tensors", "w4a16"],
      ["compressed-tensors", "w8a8"],
      ["compressed-tensors", "fp8_dynamic"],
    ] as const)
      assert.deepEqual(codes(format, type, [attention, plan("model.layers.0.mlp.gate_proj")]), [], `${format} ${type}`);
    assert.deepEqual(codes("compressed-tensors", "w4a16_asym", [attention]), ["packedZeros"]);
  });

  it("is told of mixtures of experts by format, and only where it is so", () => {
    for (const [format, type, quantized, named, kept] of [
      ["gptq", "int4-sym-g128", ["lostExperts"], ["lostNamedExperts"], []],
      ["gptq-v2", "int4-g128", ["lostExperts"], ["lostNamedExperts"], []],
      ["awq", "int4-g128", ["lostExperts"], ["lostNamedExperts"], []],
      ["bnb", "fp4-dq", ["bitsandbytesExperts"], ["bitsandbytesExperts"], []],
      ["bnb", "llm-int8", ["bitsandbytesExperts"], ["bitsandbytesExperts"], []],
      ["safetensors", "nf4", ["bitsandbytesExperts"], ["bitsandbytesExperts"], []],
      ["compressed-tensors", "w4a16", [], [], ["keptExperts"]],
      ["compressed-tensors", "w8a16", [], [], ["keptExperts"]],
      ["compressed-tensors", "w8a8", ["int8Experts"], ["int8Experts"], ["int8Experts"]],
      ["compressed-tensors", "fp8_dynamic", [], [], []],
    ] as const)
      assert.deepEqual(
        [qwen, mixtral, floats].map((tensors) => codes(format, type, tensors)),
        [quantized, named, kept],
        `${format} ${type}`,
      );
  });

  it("is told of names that GPTQModel does not look for, and of experts in one tensor", () => {
    for (const name of ["language_model.model.layers.0.self_attn.q_proj", "model.layers.0.mlp.gate_up_proj"])
      assert.deepEqual([codes("gptq", "int4-sym-g128", [plan(name)]), codes("bnb", "nf4", [plan(name)])], [["otherNames"], []], name);
    const stacked = plan("model.layers.0.block_sparse_moe.input_linear", false, [3, 32, 32]);
    assert.deepEqual(codes("bnb", "nf4", [attention, stacked]), ["stackedExperts"]);
    assert.deepEqual(codes("awq", "int4-g128", [attention, stacked]), ["otherNames", "stackedExperts"]);
    const [text] = loaderWarnings([attention, stacked], []).map(loaderWarningText);
    assert.match(text!, /^1 tensors with all experts .* They are 75 % of the weights$/);
    // A kernel of a convolution is no expert.
    assert.deepEqual(codes("bnb", "nf4", [attention, plan("model.layers.0.mixer.conv1d", false, [32, 1, 4])]), []);
  });

  it("is told of families whose activations AutoAWQ scales, and of models that hear", () => {
    const neox = [plan("gpt_neox.layers.0.mlp.dense_h_to_4h"), plan("embed_out", false)];
    assert.deepEqual([codes("awq", "int4-g128", neox), codes("gptq", "int4-sym-g128", neox)], [["scaledActivations"], ["otherNames"]]);
    assert.deepEqual(codes("awq", "int4-g128", [plan("model.layers.0.mlp.c_fc")]), ["scaledActivations"]);
    const whisper = [plan("model.decoder.layers.0.fc1"), plan("model.encoder.conv1", false, [32, 16, 3])];
    assert.deepEqual([codes("gptq", "int4-sym-g128", whisper), codes("awq", "int4-g128", whisper)], [["soundGptq"], []]);
  });

  it("says what to do instead", () => {
    const [text] = loaderWarnings(qwen, findLoaderFormat("bnb")!.target("nf4").limits!).map(loaderWarningText);
    assert.match(text!, /^transformers 5 \(tried: 5\.23\) does not load .* --tensor-type "\\\.experts\\\.=stored" on the command line$/);
  });
});
