import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { assertComesBack } from "../support/backToHuggingFace";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";

/** What a model computes does not depend on it, or no key of a GGUF file says it. */
const untold = new Set([
  ...["attention_dropout", "embd_pdrop", "resid_pdrop", "initializer_range", "transformers_version", "use_cache", "pretraining_tp"],
  ...["max_window_layers", "use_bidirectional_attention", "bos_token_id", "eos_token_id", "pad_token_id"],
]);

describe("GGUF written back as Hugging Face checkpoints", function () {
  this.timeout(120_000);
  const at = temporaryFolder();

  for (const name of ["llama", "llama3", "smollm", "mistral", "qwen2", "qwen3", "gemma2", "gemma3", "phi3"]) {
    it(`${name}: the tensors of the original, bit for bit, and its configuration`, async function () {
      const source = path.join(sharedOrSkip(this, "fixtures/architectures"), name);
      const config = await assertComesBack(source, at, name);
      const original = JSON.parse(readFileSync(path.join(source, "config.v4.json"), "utf8")) as Record<string, unknown>;
      if (name === "mistral") {
        // GGUF knows Mistral as a Llama, without the window.
        Object.assign(original, { architectures: ["LlamaForCausalLM"], model_type: "llama" });
        delete original.sliding_window;
      }
      for (const [key, value] of Object.entries(original)) {
        if (untold.has(key)) continue;
        const isNothing = value === null || value === false;
        assert.deepEqual(isNothing ? (config[key] ?? value) : config[key], value, key);
      }
    });
  }
});
