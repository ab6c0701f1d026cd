import assert from "node:assert/strict";
import { estimateSize } from "../../../src/core/estimate/estimateSize";
import { findPublished, publishedIn, publishedModels } from "../../../src/core/estimate/published/publishedModels";
import type { PublishedModel } from "../../../src/core/estimate/published/publishedModel";
import { publishedShapes } from "../../../src/core/estimate/published/publishedShapes";

/**
 * `safetensors.total` of Hugging Face's model API, of files that hold the output matrix once; of Llama 2 without the rotary
 * frequencies that its files hold besides, of DeepSeek-V3 and GLM-4.5 without the layer that predicts further tokens. Written down
 * from memory, as the configurations are: a slip in one of the two would show here, to the last weight. Contexts and windows count no
 * weights: what other projects say of them is in `publishedFigures.test.ts`.
 */
const published: Readonly<Record<string, number>> = {
  "TinyLlama-1.1B": 1_100_048_384,
  "Llama-7B": 6_738_415_616,
  "Llama-33B": 32_528_943_616,
  "Llama-65B": 65_285_660_672,
  "Llama-2-7B": 6_738_415_616,
  "Llama-2-13B": 13_015_864_320,
  "Llama-2-70B": 68_976_648_192,
  "CodeLlama-7B": 6_738_546_688,
  "CodeLlama-13B": 13_016_028_160,
  "CodeLlama-34B": 33_743_970_304,
  "Llama-3-8B": 8_030_261_248,
  "Llama-3-70B": 70_553_706_496,
  "Llama-3.1-8B": 8_030_261_248,
  "Llama-3.1-70B": 70_553_706_496,
  "Llama-3.1-405B": 405_853_388_800,
  "Llama-3.2-1B": 1_235_814_400,
  "Llama-3.2-3B": 3_212_749_824,
  "Solar-10.7B": 10_731_524_096,
  "Yi-6B": 6_061_035_520,
  "Yi-9B": 8_829_407_232,
  "Yi-34B": 34_388_917_248,
  "SmolLM2-135M": 134_515_008,
  "SmolLM2-360M": 361_821_120,
  "SmolLM2-1.7B": 1_711_376_384,
  "Falcon3-7B": 7_455_550_464,
  "Falcon3-10B": 10_305_653_760,
  "InternLM2.5-7B": 7_737_708_544,
  "DeepSeek-Coder-6.7B": 6_740_512_768,
  "DeepSeek-Coder-33B": 33_342_991_360,
  "Qwen2.5-0.5B": 494_032_768,
  "Qwen2.5-1.5B": 1_543_714_304,
  "Qwen2.5-3B": 3_085_938_688,
  "Qwen2.5-7B": 7_615_616_512,
  "Qwen2.5-14B": 14_770_033_664,
  "Qwen2.5-32B": 32_763_876_352,
  "Qwen2.5-72B": 72_706_203_648,
  "DeepSeek-R1-Distill-Qwen-1.5B": 1_777_088_000,
  "Qwen3-0.6B": 596_049_920,
  "Qwen3-1.7B": 1_720_574_976,
  "Qwen3-4B": 4_022_468_096,
  "Qwen3-8B": 8_190_735_360,
  "Qwen3-14B": 14_768_307_200,
  "Qwen3-32B": 32_762_123_264,
  "Qwen1.5-MoE-A2.7B": 14_315_784_192,
  "Qwen3-30B-A3B": 30_532_122_624,
  "Qwen3-235B-A22B": 235_093_634_560,
  "Qwen3-Coder-480B-A35B": 480_154_875_392,
  "Mistral-7B-v0.1": 7_241_732_096,
  "Mistral-7B": 7_248_023_552,
  "Mixtral-8x7B": 46_702_792_704,
  "Mixtral-8x22B": 140_620_634_112,
  "Mistral-Nemo-12B": 12_247_782_400,
  "Ministral-8B": 8_019_808_256,
  "Mistral-Small-22B": 22_247_282_688,
  "Mistral-Small-24B": 23_572_403_200,
  "Mistral-Small-3.1-24B": 24_011_361_280,
  "Mistral-Large-123B": 122_610_069_504,
  "Gemma-2B": 2_506_172_416,
  "Gemma-7B": 8_537_680_896,
  "Gemma-2-2B": 2_614_341_888,
  "Gemma-2-9B": 9_241_705_984,
  "Gemma-2-27B": 27_227_128_320,
  "Gemma-3-270M": 268_098_176,
  "Gemma-3-1B": 999_885_952,
  "Gemma-3-4B": 4_300_079_472,
  "Gemma-3-12B": 12_187_325_040,
  "Gemma-3-27B": 27_432_406_640,
  "Phi-1.5": 1_418_270_720,
  "Phi-2": 2_779_683_840,
  "Phi-3-mini": 3_821_079_552,
  "Phi-3-medium": 13_960_238_080,
  "Phi-3.5-MoE": 41_873_153_344,
  "Phi-4": 14_659_507_200,
  "Phi-4-mini": 3_836_021_760,
  "gpt-oss-20b": 20_914_757_184,
  "gpt-oss-120b": 116_829_156_672,
  "Command-R": 34_980_831_232,
  "Command-R-08-2024": 32_296_476_672,
  "Command-R-Plus": 103_810_674_688,
  "Command-R7B": 8_028_033_024,
  "Command-A": 111_057_580_032,
  "Aya-23-8B": 8_028_033_024,
  "SmolLM3-3B": 3_075_098_624,
  "OLMo-2-1B": 1_484_916_736,
  "OLMo-2-7B": 7_298_617_344,
  "OLMo-2-13B": 13_716_198_400,
  "OLMo-2-32B": 32_234_279_936,
  "Granite-3.1-2B": 2_533_531_648,
  "Granite-3.1-8B": 8_170_848_256,
  "Granite-3.3-8B": 8_170_864_640,
  "StarCoder2-3B": 3_030_371_328,
  "StarCoder2-7B": 7_173_923_840,
  "StarCoder2-15B": 15_957_889_024,
  "GLM-4-9B-0414": 9_400_279_040,
  "GLM-4.5-Air": 106_852_251_264,
  "Seed-OSS-36B": 36_151_104_512,
  "EXAONE-4.0-1.2B": 1_279_391_488,
  "Falcon-7B": 6_921_720_704,
  "Falcon-40B": 41_303_293_952,
  "GPT-2": 124_439_808,
  "GPT-2-medium": 354_823_168,
  "GPT-2-large": 774_030_080,
  "GPT-2-xl": 1_557_611_200,
  "GPT-NeoX-20B": 20_554_567_680,
  "Pythia-6.9B": 6_857_302_016,
  "Pythia-12B": 11_846_072_320,
  "OPT-6.7B": 6_658_473_984,
  "OPT-30B": 29_974_540_288,
  BLOOM: 176_247_271_424,
  "BLOOM-7B1": 7_069_016_064,
  "MPT-7B": 6_649_286_656,
  "Phi-3.5-mini": 3_821_079_552,
  "Llama-4-Scout": 108_641_793_536,
  "Llama-4-Maverick": 401_583_781_376,
  "DeepSeek-V2-Lite": 15_706_484_224,
  "DeepSeek-V2": 235_741_434_880,
  "DeepSeek-V3": 671_026_419_200,
  "Kimi-K2": 1_026_408_232_448,
};

describe("published models", () => {
  it("have the published number of weights", () => {
    const counted = publishedModels.map((model) => [model.name, publishedShapes(model).shapes.parameters] as const);
    const totals = Object.fromEntries(counted.filter(([name]) => Object.hasOwn(published, name)));
    assert.deepEqual(totals, published);
    // The others differ from one of these in nothing but the context.
    const shape = (model: PublishedModel) => JSON.stringify({ ...model.config, max_position_embeddings: 0 });
    const shapes = new Set(publishedModels.filter(({ name }) => Object.hasOwn(published, name)).map(shape));
    assert.deepEqual(
      publishedModels.filter((model) => !shapes.has(shape(model))).map(({ name }) => name),
      [],
    );
  });

  it("have names of their own, and a cache that is known", () => {
    const names = publishedModels.flatMap(({ name, aliases }) => [name, ...aliases]);
    for (const model of publishedModels) {
      for (const name of [model.name, ...model.aliases]) assert.equal(findPublished(name), model, name);
      assert.ok(publishedShapes(model).shapes.cache, model.name);
      assert.ok((publishedShapes(model).shapes.context ?? 0) >= 1024, model.name);
    }
    assert.equal(new Set(names).size, names.length);
  });

  it("cache what their attention keeps", () => {
    // Bytes of 8,192 tokens in 16 bits, by hand: 2 · 2 · layers · heads · dimension · tokens.
    const bytes = (model: string) => estimateSize({ model, context: 8192, types: ["FP16"] }).rows[0]!.kvCacheBytes;
    assert.equal(bytes("Llama-3.1-8B"), 4 * 32 * 8 * 128 * 8192);
    assert.equal(bytes("Qwen3-30B-A3B"), 4 * 48 * 4 * 128 * 8192);
    assert.equal(bytes("DeepSeek-V3"), 2 * 61 * 576 * 8192);
    assert.equal(bytes("gpt-oss-20b"), 4 * 8 * 64 * (12 * 128 + 12 * 8192));
    // One layer of six looks at everything, the others at 1,024 tokens.
    assert.equal(bytes("Gemma-3-27B"), 4 * 16 * 128 * (52 * 1024 + 10 * 8192));
  });

  it("know the context of each name, and the windows of StarCoder 2", () => {
    const contexts = Object.fromEntries(
      [
        "qwen2.5-7b",
        "qwen2.5-math-7b-instruct",
        "deepseek-r1:7b",
        "smollm-135m",
        "phi-4-reasoning",
        "qwen3-coder:30b",
        "devstral-small-2505",
      ].map((word) => [word, publishedShapes(publishedIn(word)!.model).shapes.context]),
    );
    assert.deepEqual(contexts, {
      "qwen2.5-7b": 32768,
      "qwen2.5-math-7b-instruct": 4096,
      "deepseek-r1:7b": 131072,
      "smollm-135m": 2048,
      "phi-4-reasoning": 32768,
      "qwen3-coder:30b": 262144,
      "devstral-small-2505": 131072,
    });
    // 4,096 tokens of 30 layers, each with two heads of 128 dimensions, whatever the context.
    assert.equal(estimateSize({ model: "StarCoder2-3B", context: 16384, types: ["FP16"] }).rows[0]!.kvCacheBytes, 4 * 30 * 2 * 128 * 4096);
  });

  it("are found under the names of Hugging Face and of Ollama", () => {
    const names: Record<string, [string, string]> = {
      "meta-llama/meta-llama-3.1-8b-instruct": ["Llama-3.1-8B", ""],
      "qwen2.5:7b-instruct-q4_k_m": ["Qwen2.5-7B", "q4_k_m"],
      "qwen2.5-coder-7b-instruct": ["Qwen2.5-7B", ""],
      "gemma3:27b-it": ["Gemma-3-27B", ""],
      "gpt-oss:20b": ["gpt-oss-20b", ""],
      "mixtral_8x7b_v0.1": ["Mixtral-8x7B", ""],
      "mistral-7b-instruct-v0.3": ["Mistral-7B", ""],
      "mistral-7b-v0.1": ["Mistral-7B-v0.1", ""],
      "deepseek-ai/deepseek-r1-distill-qwen-1.5b": ["DeepSeek-R1-Distill-Qwen-1.5B", ""],
      "deepseek-r1": ["DeepSeek-V3", ""],
      "qwen3-30b-a3b-instruct-2507-gguf": ["Qwen3-30B-A3B-2507", ""],
      "phi-4-mini-instruct": ["Phi-4-mini", ""],
      "llama-3-8b-tool-use": ["Llama-3-8B", "tool-use"],
    };
    for (const [word, [name, rest]] of Object.entries(names)) {
      const found = publishedIn(word);
      assert.deepEqual([found?.model.name, found?.rest], [name, rest], word);
    }
    for (const word of ["llama", "llama-3", "7b", "/models/llama-3-8b", "a/b/llama-3-8b", "qwen2.5-vl-7b", "phi-40"])
      assert.equal(publishedIn(word), undefined, word);
  });

  it("are files of GGUF without what they see with, which is a file of its own", () => {
    const [plain, gguf] = estimateSize({ model: "Gemma-3-4B", types: ["FP16", "Q8_0"] }).rows;
    assert.equal(plain!.bytes, 2 * 4_300_079_472);
    // 3,880,263,168 weights of the language model, all but its norms in blocks of 34 bytes for 32.
    assert.ok(Math.abs(gguf!.bitsPerWeight - 8.5) < 0.01);
    assert.ok(Math.abs(gguf!.bytes - (3_880_263_168 * 34) / 32) < 2e6);
    assert.deepEqual(gguf!.note, { code: "beside", value: "0.840 GB" });
  });

  it("are sized exactly, or in the proportions of another where that is asked for", () => {
    const own = estimateSize({ model: "llama-3-8b" });
    assert.deepEqual([own.isAssumed, own.basis], [false, "Llama-3-8B, its own shapes"]);
    assert.ok(own.rows.every(({ kind }) => kind !== "approximate"));
    const as = estimateSize({ model: "llama-3-8b", architecture: "Llama-2-13B" });
    assert.deepEqual([as.isAssumed, as.parameters, as.basis], [true, 8_030_261_248, "layers and attention as in Llama-2-13B"]);
  });
});
