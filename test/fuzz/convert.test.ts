import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { openModel } from "../../src/core/convert/openModel";
import { FormatError, UsageError } from "../../src/core/errors";
import { openCheckpoint } from "../../src/core/formats/open";
import { findFileType } from "../../src/core/recipe/fileTypes";
import { planGguf } from "../../src/core/recipe/preflight";
import { MemoryFolder } from "../../src/io/memoryFile";
import { mutate, Random } from "../support/mutations";
import { writeSafetensors } from "../support/safetensorsWriter";

const sample = path.join(__dirname, "..", "..", "media", "sample");
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(path.join(sample, name)));

/** Small ones of the kinds that the sample's folder has. */
const tokenizer = {
  model: {
    type: "BPE",
    byte_fallback: true,
    unk_token: "<unk>",
    vocab: { "<unk>": 0, "<0x0A>": 1, a: 2, b: 3, ab: 4 },
    merges: [["a", "b"]],
  },
  added_tokens: [{ id: 5, content: "<s>", special: true }],
  normalizer: { type: "Prepend", prepend: "▁" },
  post_processor: { type: "TemplateProcessing", single: [{ SpecialToken: { id: "<s>" } }, { Sequence: { id: "A" } }] },
};
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const files: Readonly<Record<string, Uint8Array>> = {
  "config.json": read("config.json"),
  "tokenizer.json": json(tokenizer),
  "tokenizer.model": read("tokenizer.model"),
  "tokenizer_config.json": read("tokenizer_config.json"),
  "added_tokens.json": json({ "<a>": 6, "<b>": 7 }),
};
const weights = writeSafetensors([
  { name: "model.embed_tokens.weight", dtype: "BF16", shape: [16, 256] },
  { name: "model.norm.weight", dtype: "BF16", shape: [256] },
  { name: "model.layers.0.self_attn.q_proj.weight", dtype: "BF16", shape: [256, 256] },
]);
const rounds = 600;

describe("a conversion with damaged files beside the weights", function () {
  this.timeout(120_000);

  async function plan(changed: Readonly<Record<string, Uint8Array>>, without: readonly string[]): Promise<void> {
    const entries = Object.entries({ ...files, ...changed }).filter(([name]) => !without.includes(name));
    const folder = new MemoryFolder("model", [["model.safetensors", weights], ...entries]);
    const checkpoint = await openCheckpoint(folder, "model.safetensors");
    planGguf(await openModel(checkpoint, folder), "out.gguf", { fileType: findFileType("Q4_K_M")! });
  }

  for (const [index, name] of Object.keys(files).entries()) {
    it(`${name}: works or says what is wrong`, async () => {
      const random = new Random(900 + index);
      // With its SentencePiece model a checkpoint's tokenizer.json counts less.
      const without = name === "tokenizer.json" ? ["tokenizer.model"] : [];
      await assert.doesNotReject(plan({}, without));
      let refusals = 0;
      for (let round = 0; round < rounds; round++) {
        const bytes = mutate(files[name]!, files[name]!.length, random);
        await plan({ [name]: bytes }, without).catch((error: unknown) => {
          refusals++;
          const isKnown = error instanceof FormatError || error instanceof UsageError;
          assert.ok(isKnown, `round ${round}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        });
      }
      assert.ok(refusals > 0, "nothing was refused");
    });
  }
});
