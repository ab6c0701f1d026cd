import assert from "node:assert/strict";
import { companionFiles } from "../../../src/core/export/companions";
import { findLoaderFormat } from "../../../src/core/export/loaderFormats";
import { moduleNames } from "../../../src/core/export/moduleNames";
import type { TensorPlan } from "../../../src/core/recipe/preflight";
import { MemoryFolder } from "../../../src/io/memoryFile";

const plan = (name: string, isQuantized: boolean): TensorPlan => ({
  name: `${name}.weight`,
  shape: [32, 32],
  from: "F16",
  type: isQuantized ? "I32" : "F16",
  bytes: 512,
  reason: "kept",
  source: { dtype: "F16", ref: { kind: "file", file: 0 }, offset: 0 } as unknown as TensorPlan["source"],
  ...(isQuantized ? { split: { scheme: "x", at: [], dtype: "F16" } } : {}),
});

const modules = (quantized: string[], kept: string[]) =>
  moduleNames([...quantized.map((name) => plan(name, true)), ...kept.map((name) => plan(name, false))]);

const configOf = (id: string, type: string, names: ReturnType<typeof modules>) => findLoaderFormat(id)!.target(type).config!(names);

describe("modules that loaders are told to leave alone", () => {
  const q = (layer: number): string => `layers.${layer}.self_attn.q_proj`;

  it("are layers by their names, where others beside them are quantized", () => {
    const { quantized, kept, keptWhole } = modules([`model.${q(0)}`, "model.layers.0.mlp.up_proj"], ["model.layers.0.mlp.gate"]);
    assert.deepEqual([quantized.length, kept, keptWhole], [2, ["model.layers.0.mlp.gate"], []]);
  });

  it("are whole towers, by the names that transformers gives them as well", () => {
    const names = modules([`language_model.model.${q(0)}`], ["vision_tower.encoder.layers.0.fc1", "multi_modal_projector.linear_1"]);
    const whole = ["vision_tower", "model.vision_tower", "multi_modal_projector", "model.multi_modal_projector"];
    assert.deepEqual([names.kept, names.keptWhole], [[], whole]);
    const awq = configOf("awq", "int4-g32", names);
    assert.deepEqual(awq["modules_to_not_convert"], whole);
    assert.deepEqual(configOf("bnb", "nf4", names)["llm_int8_skip_modules"], ["lm_head", ...whole]);
    const expressions = whole.map((name) => `re:${name.replaceAll(".", "\\.")}\\..*`);
    assert.deepEqual(configOf("compressed-tensors", "w4a16", names)["ignore"], ["lm_head", ...expressions]);
    const gptq = configOf("gptq", "int4-sym-g32", names);
    assert.deepEqual(
      Object.keys(gptq["dynamic"] as object),
      whole.map((name) => `-:^${name.replaceAll(".", "\\.")}\\.`),
    );
    assert.deepEqual(awq["dynamic"], gptq["dynamic"]);
    // Loaders look inside of the language model's blocks: what a tower calls its layers is no matter there.
    assert.deepEqual(gptq["modules_in_block_to_quantize"], [["self_attn.q_proj"]]);
  });

  it("in a language model beside a tower have two names", () => {
    const old = modules([`language_model.model.${q(1)}`], [`language_model.model.${q(0)}`]);
    assert.deepEqual([old.kept, old.keptWhole], [[`language_model.model.${q(0)}`, `model.language_model.${q(0)}`], []]);
    const other = modules([`model.${q(0)}`, "model.layers.0.mlp.up_proj"], ["model.layers.0.mlp.down_proj", "visual.blocks.0.mlp.fc1"]);
    assert.deepEqual(other.kept, ["model.layers.0.mlp.down_proj", "model.language_model.layers.0.mlp.down_proj"]);
    assert.deepEqual(other.keptWhole, ["visual", "model.visual"]);
    const routers = modules(["model.layers.0.block_sparse_moe.experts.0.w1"], ["model.layers.0.block_sparse_moe.gate"]);
    assert.deepEqual(routers.kept, ["model.layers.0.block_sparse_moe.gate", "model.layers.0.mlp.router"]);
  });

  it("are the output of GPT-NeoX and that of Whisper, which is in no file", () => {
    const neox = modules(["gpt_neox.layers.0.mlp.dense_4h_to_h"], ["embed_out"]);
    assert.ok(neox.kept.includes("embed_out"));
    const whisper = moduleNames([
      plan("model.decoder.layers.0.fc1", true),
      plan("model.encoder.layers.0.fc1", false),
      { ...plan("model.encoder.conv1", false), shape: [32, 16, 3] },
    ]);
    assert.ok(whisper.kept.includes("proj_out"));
    assert.deepEqual(whisper.keptWhole, ["model.encoder"]);
  });

  it("have tokenizers and processors of every kind beside them", async () => {
    const files = ["preprocessor_config.json", "processor_config.json", "vocab.txt", "spiece.model", "chat_template.json"];
    const folder = new MemoryFolder(
      "model",
      [...files, "README.md", "model.safetensors"].map((name) => [name, new Uint8Array([1])] as const),
    );
    assert.deepEqual((await companionFiles(folder)).map(({ name }) => name).sort(), files.sort());
  });

  it("are all experts of a layer by one name", () => {
    const expert = (layer: number, index: number): string => `model.layers.${layer}.mlp.experts.${index}.up_proj`;
    const names = modules([`model.${q(0)}`, "model.layers.0.mlp.shared_expert.up_proj"], [expert(0, 0), expert(0, 1)]);
    assert.deepEqual([names.kept, names.keptWhole], [[], ["model.layers.0.mlp.experts"]]);
    const old = modules([`model.${q(0)}`], ["model.layers.0.block_sparse_moe.experts.0.w1"]);
    assert.deepEqual(old.keptWhole, ["model.layers.0.block_sparse_moe.experts", "model.layers.0.mlp.experts"]);
  });

  it("are told from layers of other blocks with the same end of the name", () => {
    const endings = (quantized: string[], kept: string[]) =>
      (configOf("gptq", "int4-sym-g32", modules(quantized, kept))["modules_in_block_to_quantize"] as string[][])[0];
    assert.deepEqual(endings([`model.${q(1)}`, "model.layers.0.mlp.up_proj", "model.layers.1.mlp.up_proj"], [`model.${q(0)}`]), [
      "layers.1.self_attn.q_proj",
      "mlp.up_proj",
    ]);
    assert.deepEqual(endings([`model.${q(1)}`], [`model.${q(0)}`]), ["layers.1.self_attn.q_proj"]);
    const expert = (layer: number): string => `model.layers.${layer}.mlp.experts.0.up_proj`;
    assert.deepEqual(endings([`model.${q(0)}`, `model.${q(1)}`, expert(1)], [expert(0)]), [
      "self_attn.q_proj",
      "layers.1.mlp.experts.0.up_proj",
    ]);
  });
});
