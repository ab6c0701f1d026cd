import assert from "node:assert/strict";
import { ConfigReader } from "../../../src/core/convert/config";
import { preTokenizerName } from "../../../src/core/convert/vocabulary/preTokenizer";
import type { ModelFiles } from "../../../src/core/convert/vocabulary/modelFiles";
import { readSentencePiece } from "../../../src/core/convert/vocabulary/sentencePiece";
import { vocabularyOf } from "../../../src/core/convert/vocabulary/vocabulary";
import { FormatError, UsageError } from "../../../src/core/errors";
import { layOutGguf } from "../../../src/core/formats/gguf/writer/header";
import { openBytes } from "../../support/openBytes";

/** The keys of a vocabulary as a reader of the file finds them. */
async function keysOf(files: Partial<ModelFiles>, size: number, config: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const { keyValues } = vocabularyOf(
    { tokenizerConfig: {}, generationConfig: {}, addedTokens: {}, ...files },
    new ConfigReader(config),
    size,
  );
  const checkpoint = await openBytes(layOutGguf(keyValues, [], 32).header);
  const entries = checkpoint.metadata.map(async ({ key, value, read, length }) => [
    key.replace("tokenizer.ggml.", ""),
    value ?? (await read!(0, length!)),
  ]);
  return Object.fromEntries((await Promise.all(entries)) as [string, unknown][]);
}

const qwen =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const split = (regex: string): object => ({
  type: "Sequence",
  pretokenizers: [
    { type: "Split", pattern: { Regex: regex } },
    { type: "ByteLevel", use_regex: false },
  ],
});

describe("the vocabulary of a Hugging Face checkpoint", () => {
  const byteLevel = {
    model: { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: [["a", "b"], "ab c"] },
    added_tokens: [
      { id: 3, content: "<|end|>", special: true },
      { id: 4, content: "<tool>", special: false },
    ],
    pre_tokenizer: split(qwen),
  };

  it("takes tokens, merges and rules of byte-level BPE", async () => {
    const found = await keysOf(
      { tokenizer: byteLevel, tokenizerConfig: { eos_token: "<|end|>", add_bos_token: false }, chatTemplate: "{{x}}" },
      6,
    );
    assert.deepEqual(found, {
      model: "gpt2",
      pre: "qwen2",
      tokens: ["a", "b", "ab", "<|end|>", "<tool>", "[PAD5]"],
      token_type: [1, 1, 1, 3, 4, 5],
      merges: ["a b", "ab c"],
      eos_token_id: 3,
      add_bos_token: false,
      "tokenizer.chat_template": "{{x}}",
    });
  });

  it("gives tokens of a SentencePiece-like tokenizer.json the rank of their first merge", async () => {
    const tokenizer = {
      normalizer: { type: "Sequence", normalizers: [{ type: "Prepend", prepend: "▁" }] },
      model: {
        type: "BPE",
        byte_fallback: true,
        unk_token: "<unk>",
        vocab: { "<unk>": 0, "<0x0A>": 1, a: 2, aa: 3, aaa: 4 },
        merges: ["a a", "aa a", "a aa"],
      },
      post_processor: { type: "TemplateProcessing", single: [{ SpecialToken: { id: "<unk>" } }, { Sequence: {} }] },
    };
    const found = await keysOf({ tokenizer, tokenizerConfig: { bos_token: { content: "<unk>" } } }, 5, {
      pad_token_id: 2,
      eos_token_id: [4, 3],
    });
    assert.deepEqual(found, {
      model: "llama",
      pre: "default",
      tokens: ["<unk>", "<0x0A>", "a", "aa", "aaa"],
      scores: [-3, -3, -3, 0, -1],
      token_type: [2, 6, 1, 1, 1],
      add_space_prefix: true,
      bos_token_id: 0,
      eos_token_id: 4,
      padding_token_id: 2,
      add_bos_token: true,
      add_eos_token: false,
    });
  });

  it("says that there is none", async () => {
    assert.deepEqual(await keysOf({}, 3), { model: "none" });
    assert.equal(vocabularyOf({ tokenizerConfig: {}, generationConfig: {}, addedTokens: {} }, new ConfigReader({}), 3).notes.length, 1);
  });

  it("does not write tokens that the embedding has no row for", async () => {
    assert.deepEqual((await keysOf({ tokenizer: byteLevel }, 2)).tokens, ["a", "b"]);
  });

  it("knows the ways in which llama.cpp cuts text, and refuses others by what they are", () => {
    const bytes = { type: "ByteLevel", use_regex: true };
    assert.equal(preTokenizerName({ pre_tokenizer: bytes }), "gpt-2");
    assert.equal(
      preTokenizerName({ pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "Digits", individual_digits: true }, bytes] } }),
      "smollm",
    );
    assert.equal(preTokenizerName({ pre_tokenizer: split(qwen) }), "qwen2");
    const llama3 = split(qwen.replace("\\p{N}|", "\\p{N}{1,3}|"));
    assert.equal(preTokenizerName({ pre_tokenizer: llama3, model: { ignore_merges: true } }), "llama-bpe");
    assert.equal(preTokenizerName({ pre_tokenizer: llama3, model: {} }), "dbrx");
    for (const pre_tokenizer of [split("\\d+"), { type: "Whitespace" }, undefined]) {
      assert.throws(
        () => preTokenizerName({ pre_tokenizer }),
        (error) => error instanceof UsageError && error.code === "unknown-pre-tokenizer",
      );
    }
  });

  it("refuses tokenizers that are none", () => {
    const config = new ConfigReader({});
    const refuse = (tokenizer: Record<string, unknown>, code: string): void =>
      assert.throws(
        () => vocabularyOf({ tokenizer, tokenizerConfig: {}, generationConfig: {}, addedTokens: {} }, config, 2),
        (error) => (error instanceof FormatError || error instanceof UsageError) && error.code === code,
      );
    refuse({}, "tokenizer.bad");
    refuse({ model: { type: "Unigram", vocab: {} } }, "unknown-tokenizer");
    refuse({ model: { type: "BPE", vocab: {}, merges: ["a"] } }, "tokenizer.bad");
    refuse({ model: { type: "BPE", vocab: {}, merges: 3 } }, "tokenizer.bad");
  });
});

/** A field of a protocol buffer with bytes for content. */
const field = (number: number, ...content: number[]): number[] => [8 * number + 2, content.length, ...content];

describe("a SentencePiece model", () => {
  const piece = field(1, ...field(1, 0xe2, 0x96, 0x81), 0x15, 0, 0, 0x80, 0xbf, 0x18, 4);
  const bytes = Uint8Array.from([...piece, ...field(2, 0x18, 2), ...field(3, 0x18, 0)]);

  it("gives its pieces with their scores and types", () => {
    assert.deepEqual(readSentencePiece(bytes), { pieces: [{ text: "▁", score: -1, type: 4 }], addDummyPrefix: false });
  });

  it("is refused wherever it is cut short, and never read beyond its end", () => {
    for (let length = 0; length < piece.length; length++) {
      assert.throws(
        () => readSentencePiece(bytes.subarray(0, length)),
        (error) => error instanceof FormatError && error.code === "tokenizer.bad",
        String(length),
      );
    }
    for (const bad of [[0x0b], [0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f], new Array<number>(12).fill(0xff)]) {
      assert.throws(() => readSentencePiece(Uint8Array.from(bad)), FormatError);
    }
  });
});
