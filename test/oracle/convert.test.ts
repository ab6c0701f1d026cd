import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cliJson, runCli } from "../support/cli";
import { llamaOrSkip, meanNll, type Llama } from "../support/llama";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";

interface Reference {
  sequences: { ids: number[]; logits_last: number[]; mean_nll: number }[];
  option_effects: Record<string, { mean_nll_abs: number[] }>;
}

const qwenPattern =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/** The printable characters by which byte-level tokenizers write the 256 bytes. */
function byteCharacters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
    return String.fromCharCode(isPrintable ? byte : next++);
  });
}

const tolerance = 1e-2;
/** llama.cpp makes contexts multiples of this. */
const context = 256;

describe("Hugging Face checkpoints of each architecture, converted and run by the real llama.cpp", function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  let llama: Llama;
  let root: string;

  before(function () {
    llama = llamaOrSkip(this);
    root = sharedOrSkip(this, "fixtures/architectures");
  });

  const referenceOf = (name: string): Reference => JSON.parse(readFileSync(path.join(root, name, "reference.json"), "utf8")) as Reference;

  /** Largest distance of a last logit, and of the mean likelihood, for each sequence. */
  async function distances(name: string, source = path.join(root, name)): Promise<{ logit: number; nll: number }[]> {
    const out = folder(`${name}.gguf`);
    await cliJson("quantize", source, "--to", "gguf", "--type", "F32", "--out", out);
    const model = llama.load(out, context);
    try {
      return referenceOf(name).sequences.map(({ ids, logits_last, mean_nll }) => {
        const logits = model.logits(ids);
        const last = logits.subarray((ids.length - 1) * model.vocabulary);
        const logit = logits_last.reduce((most, expected, i) => Math.max(most, Math.abs(expected - last[i]!)), 0);
        const { sum, count } = meanNll(logits, model.vocabulary, ids, 1);
        return { logit, nll: sum / count - mean_nll };
      });
    } finally {
      model.close();
    }
  }

  /** A copy of a checkpoint with another configuration. */
  function withConfig(name: string, copy: string, change: (config: Record<string, unknown>) => object): string {
    const target = folder(copy);
    mkdirSync(target);
    for (const file of readdirSync(path.join(root, name))) copyFileSync(path.join(root, name, file), path.join(target, file));
    const config = JSON.parse(readFileSync(path.join(target, "config.json"), "utf8")) as Record<string, unknown>;
    writeFileSync(path.join(target, "config.json"), JSON.stringify(change(config)));
    return target;
  }

  for (const name of ["llama", "llama3", "smollm", "qwen2", "qwen3", "gemma2", "gemma3"]) {
    it(`${name}: the logits of the original`, async () => {
      for (const { logit, nll } of await distances(name)) assert.ok(logit < tolerance && Math.abs(nll) < tolerance, `${logit}, ${nll}`);
    });

    it(`${name}: the same from the configuration that transformers 4 wrote`, async () => {
      const v4 = JSON.parse(readFileSync(path.join(root, name, "config.v4.json"), "utf8")) as object;
      const old = withConfig(name, `${name}-v4`, () => v4);
      for (const { logit } of await distances(name, old)) assert.ok(logit < tolerance, String(logit));
    });
  }

  it("phi3: long factors beyond the original context, short ones within", async () => {
    const [, , beyond] = await distances("phi3");
    assert.ok(beyond!.logit < tolerance, String(beyond!.logit));
    // llama.cpp chooses by the size of the context, which is never below 256: the short ones are tried in the place of the long.
    const short = withConfig("phi3", "phi3-short", (config) => {
      const rope = config.rope_parameters as Record<string, unknown>;
      return { ...config, rope_parameters: { ...rope, long_factor: rope.short_factor } };
    });
    for (const { logit } of (await distances("phi3", short)).slice(0, 2)) assert.ok(logit < tolerance, String(logit));
  });

  it("mistral: the logits of the original, but for the window that llama.cpp does not have", async () => {
    const [within, ...beyond] = await distances("mistral");
    assert.ok(within!.logit < tolerance, String(within!.logit));
    const effects = referenceOf("mistral").option_effects["no sliding window"]!.mean_nll_abs;
    beyond.forEach(({ nll }, i) => assert.ok(Math.abs(Math.abs(nll) - effects[i + 1]!) < 1e-3, `${nll}, ${effects[i + 1]}`));
  });

  it("reads text as a byte-level tokenizer.json says", async () => {
    const source = withConfig("qwen2", "qwen2-tokens", (config) => config);
    // The bytes that UTF-8 never has make room for what merges give.
    const merged = ["he", "Ġt", "<|end|>"];
    const tokens = [...byteCharacters().slice(0, 256 - merged.length), ...merged];
    const tokenizer = {
      model: { type: "BPE", vocab: Object.fromEntries(tokens.slice(0, -1).map((text, id) => [text, id])), merges: [["h", "e"], "Ġ t"] },
      added_tokens: [{ id: 255, content: "<|end|>", special: true }],
      pre_tokenizer: {
        type: "Sequence",
        pretokenizers: [
          { type: "Split", pattern: { Regex: qwenPattern } },
          { type: "ByteLevel", use_regex: false },
        ],
      },
    };
    writeFileSync(path.join(source, "tokenizer.json"), JSON.stringify(tokenizer));
    writeFileSync(path.join(source, "tokenizer_config.json"), JSON.stringify({ eos_token: "<|end|>", add_bos_token: false }));
    await cliJson("quantize", source, "--to", "gguf", "--type", "F32", "--out", folder("tokens.gguf"));
    const model = llama.load(folder("tokens.gguf"), context);
    const ids = model.tokenize("he said the\u00fc 12", true);
    model.close();
    assert.deepEqual(
      ids.map((id) => tokens[id]),
      ["he", "Ġ", "s", "a", "i", "d", "Ġt", "he", "Ã", "¼", "Ġ", "1", "2"],
    );
  });

  it("refuses every other architecture by name", async () => {
    for (const name of ["deepseek_v2", "gpt2", "granite", "mixtral", "olmo2", "qwen3_moe", "smollm3", "starcoder2"]) {
      const out = folder("refused.gguf");
      const { code, stdout } = await runCli(["quantize", path.join(root, name), "--to", "gguf", "--type", "F32", "--out", out, "--json"]);
      const { error } = JSON.parse(stdout) as { error: { code: string; found: string } };
      const config = JSON.parse(readFileSync(path.join(root, name, "config.json"), "utf8")) as { architectures: string[] };
      assert.deepEqual([code, error.code, error.found], [2, "unknown-architecture", config.architectures[0]]);
    }
  });
});
