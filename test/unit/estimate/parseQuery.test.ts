import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../../src/core/errors";
import { type EstimateQuery, parseEstimateQuery } from "../../../src/core/estimate/parseQuery";
import { modelWords } from "../../../src/core/estimate/queryWords";

describe("estimate query", () => {
  it("reads model sizes as people write them", () => {
    const sizes: [string, number][] = [
      ["7B", 7e9],
      ["13b", 13e9],
      ["6.74e9", 6_740_000_000],
      ["6_740_000_000", 6_740_000_000],
      ["6,740,000,000", 6_740_000_000],
      ["350M", 350e6],
      ["1.1T", 1.1e12],
      [".5b", 5e8],
      ["0.5B", 5e8],
      ["7,5B", 7.5e9],
      ["3,500M", 3.5e9],
    ];
    for (const [text, parameters] of sizes) assert.deepEqual(parseEstimateQuery(text), { parameters }, text);
  });

  it("reads types and context in any order and case", () => {
    const expected = { parameters: 70e9, types: ["Q4_K_M"], context: 8192 };
    for (const text of ["70b q4_k_m 8k", "8K Q4_K_M 70B", "  q4_k_m\t8192   70b "])
      assert.deepEqual(parseEstimateQuery(text), expected, text);
    assert.deepEqual(parseEstimateQuery("7b q8_0,bf16"), { parameters: 7e9, types: ["Q8_0", "BF16"] });
  });

  it("int4 means the nominal width and the formats that carry it out", () => {
    assert.deepEqual(parseEstimateQuery("8b int4 32k"), { parameters: 8e9, types: ["INT4", "int4-g128", "int4-g32"], context: 32_768 });
  });

  it("completes a word that is still being typed", () => {
    assert.deepEqual(parseEstimateQuery("q4_k_").types, ["Q4_K_M", "Q4_K_S"]);
    assert.deepEqual(parseEstimateQuery("fp8").types, ["fp8-e4m3", "fp8-e5m2"]);
    assert.deepEqual(parseEstimateQuery("q4_k").types, ["Q4_K"]);
  });

  it("composes affine and HQQ names", () => {
    assert.deepEqual(parseEstimateQuery("int5-sym-g64 hqq3-g32").types, ["int5-sym-g64", "hqq3-g32"]);
  });

  it("takes a published model by its name, in one word or several, with the types that it names", () => {
    const lines: [string, EstimateQuery][] = [
      ["LLAMA-3-8b q8_0 8k", { model: "Llama-3-8B", types: ["Q8_0"], context: 8192 }],
      ["qwen2.5:7b-instruct-q4_K_M 32k", { model: "Qwen2.5-7B", types: ["Q4_K_M"], context: 32_768 }],
      ["Qwen/Qwen3-8B", { model: "Qwen3-8B" }],
      ["mixtral 8x7b instruct q4_0", { model: "Mixtral-8x7B", types: ["Q4_0"] }],
      ["16k llama 3.1 70b", { model: "Llama-3.1-70B", context: 16_384 }],
      ["phi 4 4096", { model: "Phi-4", context: 4096 }],
      ["deepseek r1 distill llama 8b 8k", { model: "Llama-3.1-8B", context: 8192 }],
      ["qwen3 30b a3b", { model: "Qwen3-30B-A3B" }],
    ];
    for (const [line, query] of lines) assert.deepEqual(parseEstimateQuery(line), query, line);
  });

  it("takes the size out of another model's name, and of the size of what is active no notice", () => {
    const sizes = { "Qwen2.5-VL-7B-Instruct": 7e9, gemma_9_2b_it: 2e9, "smollm9-135m": 135e6, "Qwen9-30B-A3B": 30e9, "phi-1.7b": 1.7e9 };
    for (const [name, parameters] of Object.entries(sizes)) assert.deepEqual(parseEstimateQuery(name), { parameters }, name);
  });

  it("takes a unit that stands apart, and millions behind a size for its context", () => {
    assert.deepEqual(parseEstimateQuery("7 b 8 k"), { parameters: 7e9, context: 8192 });
    assert.deepEqual(parseEstimateQuery("7b 1m"), { parameters: 7e9, context: 1 << 20 });
    assert.deepEqual(parseEstimateQuery("llama-3-8b 1M"), { model: "Llama-3-8B", context: 1 << 20 });
  });

  it("tells which words say which model is meant", () => {
    assert.deepEqual(modelWords("32k Mixtral 8x7B instruct q4_0"), ["mixtral", "8x7b", "instruct"]);
    assert.deepEqual(modelWords("q4_0 qwen2.5-vl-7b 8k"), ["qwen2.5-vl-7b"]);
  });

  it("takes a comma before tenths of a context, too, and others for the end of a word", () => {
    assert.deepEqual(parseEstimateQuery("7b 1,5k"), { parameters: 7e9, context: 1536 });
    assert.deepEqual(parseEstimateQuery("7b,8k"), { parameters: 7e9, context: 8192 });
  });

  it("is empty for an empty line", () => {
    assert.deepEqual(parseEstimateQuery("   "), {});
  });

  it("names the word it does not understand, and the nearest known", () => {
    const failures: [string, string, RegExp][] = [
      ["7b banana", "estimate.unknown-word", /"banana"/],
      ["7b q4_kk_m", "estimate.unknown-word", /"q4_kk_m".*Q4_K_M/],
      ["8x7b", "estimate.unknown-word", /"8x7b".*experts share.*46\.7B/],
      ["mixtral-9x7b-v0.1", "estimate.unknown-word", /"mixtral-9x7b-v0.1".*experts share.*46\.7B/],
      ["deepseek", "estimate.unknown-word", /"deepseek".*DeepSeek-/],
      ["llama-3-8b instruct-tuned", "estimate.unknown-word", /"instruct-tuned"/],
      ["7b instruct", "estimate.unknown-word", /"instruct"/],
      ["llama-3-8", "estimate.unknown-word", /"llama-3-8".*Llama-3-8B/],
      ["./llama-7b", "estimate.unknown-word", /"\.\/llama-7b"/],
      ["models/mine-7b", "estimate.unknown-word", /"models\/mine-7b"/],
      ["from-7b-to-8b", "estimate.unknown-word", /"from-7b-to-8b"/],
      ["qwen2.5-vl-7b 8b", "estimate.repeated", /"8b".*model size/],
      ["llama-3-8b 7b", "estimate.repeated", /"7b".*model size/],
      ["7b 8b", "estimate.repeated", /"8b".*model size/],
      ["4k 8k", "estimate.repeated", /"8k".*context/],
      ["0b", "estimate.out-of-range", /"0b"/],
      ["99999t", "estimate.out-of-range", /"99999t"/],
      ["q", "estimate.unknown-word", /"q"/],
    ];
    for (const [text, code, message] of failures) {
      assert.throws(
        () => parseEstimateQuery(text),
        (error) => error instanceof UsageError && error.code === code && message.test(error.message),
        text,
      );
    }
  });

  it("either understands a line or throws a usage error, whatever the line", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        try {
          const { parameters, context } = parseEstimateQuery(text);
          assert.ok(parameters === undefined || (Number.isSafeInteger(parameters) && parameters > 0));
          assert.ok(context === undefined || (Number.isSafeInteger(context) && context > 0));
        } catch (error) {
          assert.ok(error instanceof UsageError, String(error));
        }
      }),
      { seed: 7, numRuns: 1000 },
    );
  });
});
