import assert from "node:assert/strict";
import { configuredModel } from "../../../src/core/estimate/configShapes";
import { base } from "../../support/modelConfigs";

describe("what a config.json has to say", () => {
  it("refuses more weights than any file has", async () => {
    assert.throws(() => configuredModel(base("llama", 1, 4e8, 1, 1, 4e9), "model"), { code: "estimate.out-of-range" });
  });

  it("knows by the architecture whether there is an output matrix", async () => {
    const llama = base("llama", 2, 64, 128, 4, 256);
    const whole = configuredModel(llama, "model").shapes.parameters;
    const [output, classes] = [64 * 256, 64 * 2];
    for (const [name, less] of [
      ["LlamaForCausalLM", 0],
      ["LlamaModel", output],
      ["LlamaForSequenceClassification", output - classes],
      // Of code beside the weights.
      ["InternVLChatModel", 0],
      ["MultiModalityCausalLM", 0],
    ] as const) {
      const { shapes } = configuredModel({ ...llama, architectures: [name] }, "model");
      assert.equal(shapes.parameters, whole - less, name);
    }
  });

  it("takes nothing for granted in a part that may leave out what is usual in its class", () => {
    const text = base("olmo2", 2, 64, 128, 4, 256);
    const nested = { model_type: "llava", text_config: text, vision_config: {} };
    const refused = { code: "estimate.config-incomplete", message: /num_key_value_heads/ };
    assert.throws(() => configuredModel(nested, "model"), refused);
    // transformers 5 writes parts whole.
    assert.ok(configuredModel({ ...nested, transformers_version: "5.0.0" }, "model").shapes.parameters > 0);
    assert.ok(configuredModel({ ...nested, text_config: { ...text, num_key_value_heads: 2 } }, "model").shapes.parameters > 0);
  });

  it("knows nothing of what only wraps a language model, or has another head", () => {
    const unknown = { code: "estimate.unknown-family" };
    assert.throws(() => configuredModel({ model_type: "wrapper", text_config: base("llama", 2, 64, 128, 4, 256) }, "model"), unknown);
    assert.throws(() => configuredModel({ ...base("llama", 2, 64, 128, 4, 256), architectures: ["LlamaForRegression"] }, "model"), unknown);
  });
});
