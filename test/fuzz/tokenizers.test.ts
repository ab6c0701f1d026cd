import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { FormatError, UsageError } from "../../src/core/errors";
import { openCheckpoint } from "../../src/core/formats/open";
import { openTokenizer } from "../../src/core/text/openTokenizer";
import { MemoryFolder } from "../../src/io/memoryFile";
import { type GgufValue, ggufString, ggufStrings, writeGguf } from "../support/ggufWriter";
import { mutate, Random } from "../support/mutations";
import { writeSafetensors } from "../support/safetensorsWriter";

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const numbers = (of: "i32" | "f32", values: readonly number[]): GgufValue => ({
  type: "array",
  of,
  values: values.map((value) => ({ type: of, value })),
});
const weights = writeSafetensors([{ name: "w", dtype: "F32", shape: [1] }]);
const gguf = (keys: Readonly<Record<string, GgufValue>>): Uint8Array =>
  writeGguf({ metadata: Object.entries(keys).map(([key, value]) => [`tokenizer.ggml.${key}`, value] as const) });

/** Small tokenizers of each kind: the file that is damaged, and what lies beside it. */
const kinds: Readonly<Record<string, { name: string; bytes: Uint8Array; checkpoint: string; others?: [string, Uint8Array][] }>> = {
  "tokenizer.json": {
    name: "tokenizer.json",
    checkpoint: "model.safetensors",
    bytes: json({
      model: {
        type: "BPE",
        byte_fallback: true,
        unk_token: "<unk>",
        vocab: { "<unk>": 0, "<0x0A>": 1, a: 2, b: 3, ab: 4 },
        merges: [["a", "b"]],
      },
      added_tokens: [{ id: 5, content: "<s>", special: true }],
      normalizer: {
        type: "Sequence",
        normalizers: [
          { type: "Prepend", prepend: "▁" },
          { type: "Replace", pattern: { String: " " }, content: "▁" },
        ],
      },
      pre_tokenizer: { type: "Split", pattern: { Regex: "\\p{N}" }, behavior: "Isolated", invert: false },
      post_processor: { type: "TemplateProcessing", single: [{ SpecialToken: { id: "<s>" } }, { Sequence: { id: "A" } }] },
      decoder: { type: "Sequence", decoders: [{ type: "ByteFallback" }, { type: "Fuse" }] },
    }),
    others: [
      ["model.safetensors", weights],
      ["tokenizer_config.json", json({ bos_token: "<s>", add_bos_token: true })],
    ],
  },
  "tokenizer.model": {
    name: "tokenizer.model",
    checkpoint: "model.safetensors",
    bytes: new Uint8Array(readFileSync(path.join(__dirname, "..", "..", "media", "sample", "tokenizer.model"))),
    others: [["model.safetensors", weights]],
  },
  "a SentencePiece vocabulary in GGUF": {
    name: "model.gguf",
    checkpoint: "model.gguf",
    bytes: gguf({
      model: ggufString("llama"),
      tokens: ggufStrings(["<unk>", "<s>", "<0x61>", "▁", "b", "▁b", "<x>"]),
      scores: numbers("f32", [0, 0, 0, -1, -2, -3, 0]),
      token_type: numbers("i32", [2, 3, 6, 1, 1, 1, 4]),
      bos_token_id: { type: "u32", value: 1 },
    }),
  },
  "a byte-level vocabulary in GGUF": {
    name: "model.gguf",
    checkpoint: "model.gguf",
    bytes: gguf({
      model: ggufString("gpt2"),
      pre: ggufString("llama-bpe"),
      tokens: ggufStrings(["a", "b", "Ġ", "ab", "Ġab", "<x>", "</s>"]),
      token_type: numbers("i32", [1, 1, 1, 1, 1, 4, 3]),
      merges: ggufStrings(["a b", "Ġ ab"]),
      bos_token_id: { type: "u32", value: 6 },
    }),
  },
};
const text = "ab ba<x> b\n12 é😀";

describe("a damaged tokenizer", function () {
  this.timeout(120_000);

  async function use({ name, checkpoint, others = [] }: (typeof kinds)[string], bytes: Uint8Array): Promise<void> {
    const folder = new MemoryFolder("model", [...others, [name, bytes]]);
    const tokenizer = await openTokenizer(await openCheckpoint(folder, checkpoint), folder);
    const ids = tokenizer.encode(text, { addSpecial: true });
    assert(ids.every((id) => id >= 0 && id < tokenizer.vocabularySize));
    tokenizer.decode(ids);
    tokenizer.piece(tokenizer.vocabularySize - 1);
  }

  for (const [index, [what, kind]] of Object.entries(kinds).entries()) {
    it(`${what}: works or says what is wrong`, async () => {
      const random = new Random(1200 + index);
      await use(kind, kind.bytes).catch((error: unknown) =>
        assert(error instanceof FormatError && error.code === "tokenizer.bad", String(error)),
      );
      let refusals = 0;
      for (let round = 0; round < 400; round++) {
        try {
          await use(kind, mutate(kind.bytes, kind.bytes.length, random));
        } catch (error) {
          assert(error instanceof FormatError || error instanceof UsageError, `round ${round}: ${String((error as Error).stack)}`);
          refusals++;
        }
      }
      assert(refusals > 20, `only ${refusals} were refused`);
    });
  }
});
