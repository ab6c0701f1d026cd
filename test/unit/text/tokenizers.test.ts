import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { FormatError, UsageError } from "../../../src/core/errors";
import { openCheckpoint } from "../../../src/core/formats/open";
import { openTokenizer } from "../../../src/core/text/openTokenizer";
import type { Tokenizer } from "../../../src/core/text/tokenizer";
import { MemoryFolder } from "../../../src/io/memoryFile";
import { NodeFolder } from "../../../src/io/nodeFolder";
import { type GgufValue, ggufString, ggufStrings, writeGguf } from "../../support/ggufWriter";
import { writeSafetensors } from "../../support/safetensorsWriter";
import { sharedOrSkip } from "../../support/shared";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample");
const weights = writeSafetensors([{ name: "w", dtype: "F32", shape: [1] }]);

async function fromFiles(files: Readonly<Record<string, Uint8Array | object>>): Promise<Tokenizer> {
  const encode = (value: Uint8Array | object) => (value instanceof Uint8Array ? value : new TextEncoder().encode(JSON.stringify(value)));
  const entries = Object.entries(files).map(([name, value]) => [name, encode(value)] as const);
  const folder = new MemoryFolder("model", [["model.safetensors", weights], ...entries]);
  return openTokenizer(await openCheckpoint(folder, "model.safetensors"), folder);
}

const numbers = (of: "i32" | "f32", values: readonly number[]): GgufValue => ({
  type: "array",
  of,
  values: values.map((value) => ({ type: of, value })),
});
const flag = (value: boolean): GgufValue => ({ type: "bool", value });
const id = (value: number): GgufValue => ({ type: "u32", value });

async function fromGguf(keys: Readonly<Record<string, GgufValue>>): Promise<Tokenizer> {
  const metadata = Object.entries(keys).map(([key, value]) => [`tokenizer.ggml.${key}`, value] as const);
  const folder = new MemoryFolder("model", [["model.gguf", writeGguf({ metadata })]]);
  return openTokenizer(await openCheckpoint(folder, "model.gguf"), folder);
}

const fileOf = (name: string): Uint8Array => new Uint8Array(readFileSync(path.join(sample, name)));
const ids = (found: Int32Array): number[] => Array.from(found);

describe("the tokenizer of the sample", () => {
  const sentence = "And God said,  Let there be light:\tand it was—naïve 😀.\n";
  let tokenizer: Tokenizer;

  before(async () => {
    const folder = new NodeFolder(sample);
    tokenizer = await openTokenizer(await openCheckpoint(folder), folder);
  });

  it("knows its size and how a text begins", () => {
    assert.deepEqual([tokenizer.vocabularySize, tokenizer.bosId, tokenizer.addsBos], [2048, 1, true]);
    assert.deepEqual(ids(tokenizer.encode("", { addSpecial: true })), [1]);
    assert.deepEqual(ids(tokenizer.encode("")), []);
    const plain = ids(tokenizer.encode(sentence));
    assert.deepEqual(ids(tokenizer.encode(sentence, { addSpecial: true })), [1, ...plain]);
  });

  it("gives a text back", () => {
    assert.equal(tokenizer.decode(tokenizer.encode(sentence)), sentence);
    assert.equal(tokenizer.decode([]), "");
    assert.equal(tokenizer.piece(1), "<s>");
  });

  it("refuses numbers that are no token", () => {
    for (const wrong of [2048, -1, 0.5, NaN]) {
      assert.throws(
        () => tokenizer.piece(wrong),
        (error: unknown) => error instanceof UsageError && error.code === "unknown-token",
      );
      assert.throws(
        () => tokenizer.decode([1, wrong]),
        (error: unknown) => error instanceof UsageError && error.code === "unknown-token",
      );
    }
  });

  it("is the same from its SentencePiece model alone", async () => {
    const other = await fromFiles({
      "tokenizer.model": fileOf("tokenizer.model"),
      "tokenizer_config.json": fileOf("tokenizer_config.json"),
    });
    assert.deepEqual([other.vocabularySize, other.bosId, other.addsBos], [2048, 1, true]);
    assert.deepEqual(ids(other.encode(sentence, { addSpecial: true })), ids(tokenizer.encode(sentence, { addSpecial: true })));
    assert.equal(other.decode(other.encode(sentence)), sentence);
  });

  it("counts as transformers does on the validation text", function () {
    const text = readFileSync(sharedOrSkip(this, "sample/validation.txt"), "utf8");
    const reference = JSON.parse(readFileSync(sharedOrSkip(this, "sample/reference.json"), "utf8")) as {
      text: { tokens_without_bos: number; first_64_ids_without_bos: number[] };
    };
    const found = tokenizer.encode(text);
    assert.equal(found.length, reference.text.tokens_without_bos);
    assert.deepEqual(ids(found.subarray(0, 64)), reference.text.first_64_ids_without_bos);
    assert.equal(tokenizer.decode(found), text);
  });

  it("takes megabytes", function () {
    this.timeout(60_000);
    const text = sentence.repeat(20_000);
    const once = tokenizer.encode(sentence).length;
    // The space before the text is there once.
    assert(Math.abs(tokenizer.encode(text).length - 20_000 * once) <= 20_000);
    assert.equal(
      tokenizer.encode("a".repeat(200_000)).reduce((sum, token) => sum + tokenizer.piece(token).replace("▁", "").length, 0),
      200_000,
    );
  });
});

describe("a tokenizer.json", () => {
  const base = {
    model: { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: ["a b"] },
    added_tokens: [{ id: 3, content: "<s>", special: true }],
  };
  const template = { type: "TemplateProcessing", single: [{ SpecialToken: { id: "<s>" } }, { Sequence: { id: "A" } }] };

  it("begins a text as its configuration says, else as its template does", async () => {
    const begins = async (definition: object, config: object): Promise<number[]> =>
      ids(
        (await fromFiles({ "tokenizer.json": { ...base, ...definition }, "tokenizer_config.json": config })).encode("ab", {
          addSpecial: true,
        }),
      );
    assert.deepEqual(await begins({}, { bos_token: "<s>" }), [2]);
    assert.deepEqual(await begins({}, { bos_token: "<s>", add_bos_token: true }), [3, 2]);
    assert.deepEqual(await begins({ post_processor: template }, { bos_token: { content: "<s>" } }), [3, 2]);
    assert.deepEqual(await begins({ post_processor: template }, { bos_token: "<s>", add_bos_token: false }), [2]);
    assert.deepEqual(await begins({ post_processor: template }, { bos_token: "<s>", add_bos_token: true }), [3, 2]);
  });

  it("that cannot be followed is refused", async () => {
    const bad: Readonly<Record<string, unknown>> = {
      "no model": { model: undefined },
      "no vocabulary": { model: { type: "BPE", merges: [] } },
      "an empty vocabulary": { model: { type: "BPE", vocab: {}, merges: [] }, added_tokens: [] },
      "numbers that are none": { model: { ...base.model, vocab: { a: "0" } } },
      "huge numbers": { model: { ...base.model, vocab: { a: 1e12 } } },
      "negative numbers": { added_tokens: [{ id: -1, content: "x" }] },
      "tokens without text": { added_tokens: [{ id: 4 }] },
      "added tokens that are no list": { added_tokens: {} },
      "merges that are none": { model: { ...base.model, merges: 3 } },
      "rules that do not exist": { normalizer: { type: "Rot13" } },
      "a pattern that is none": { pre_tokenizer: { type: "Split", pattern: { Regex: "(" }, behavior: "Isolated" } },
    };
    for (const [what, change] of Object.entries(bad)) {
      await assert.rejects(
        fromFiles({ "tokenizer.json": { ...base, ...(change as object) } }),
        (error: unknown) => error instanceof FormatError && error.code === "tokenizer.bad" && error.fields.file === "tokenizer.json",
        what,
      );
    }
  });

  it("whose template names a token that is not there is refused when it is used", async () => {
    const tokenizer = await fromFiles({ "tokenizer.json": { ...base, added_tokens: [], post_processor: template } });
    assert.deepEqual(ids(tokenizer.encode("ab")), [2]);
    assert.throws(
      () => tokenizer.encode("ab", { addSpecial: true }),
      (error: unknown) => error instanceof FormatError && error.code === "tokenizer.bad",
    );
  });

  it("that is absent is asked for", async () => {
    await assert.rejects(
      fromFiles({}),
      (error: unknown) => error instanceof UsageError && error.code === "no-tokenizer" && error.fields.hint !== undefined,
    );
  });
});

describe("the vocabulary of a GGUF file", () => {
  const scored = {
    model: ggufString("llama"),
    tokens: ggufStrings(["<unk>", "<s>", "</s>", "<0x61>", "▁", "b", "▁b", "<x>", "bb"]),
    scores: numbers("f32", [0, 0, 0, 0, -1, -2, -3, 0, -4]),
    token_type: numbers("i32", [2, 3, 3, 6, 1, 1, 1, 4, 1]),
    bos_token_id: id(1),
    eos_token_id: id(2),
  };
  const merged = {
    model: ggufString("gpt2"),
    pre: ggufString("gpt-2"),
    tokens: ggufStrings(["a", "b", "Ġ", "ab", "Ġab", "<x>", "</s>", "Ċ"]),
    token_type: numbers("i32", [1, 1, 1, 1, 1, 4, 3, 1]),
    merges: ggufStrings(["a b", "Ġ ab"]),
    bos_token_id: id(6),
  };

  it("of SentencePiece merges by score and falls back to bytes", async () => {
    const tokenizer = await fromGguf(scored);
    assert.deepEqual(ids(tokenizer.encode("bb a<x>b", { addSpecial: true })), [1, 6, 5, 4, 3, 7, 6]);
    assert.deepEqual(ids(tokenizer.encode("é")), [4, 0, 0]);
    assert.equal(tokenizer.decode([1, 6, 5, 4, 3, 7]), "<s>bb a<x>");
    assert.deepEqual([tokenizer.piece(3), tokenizer.piece(6)], ["<0x61>", "▁b"]);
    assert.deepEqual(ids((await fromGguf({ ...scored, add_space_prefix: flag(false) })).encode("bb")), [8]);
    const both = await fromGguf({ ...scored, add_bos_token: flag(false), add_eos_token: flag(true) });
    assert.deepEqual([both.addsBos, ids(both.encode("b", { addSpecial: true }))], [false, [6, 2]]);
  });

  it("of bytes merges inside words", async () => {
    const tokenizer = await fromGguf(merged);
    assert.deepEqual(ids(tokenizer.encode("ab ab<x>\nba", { addSpecial: true })), [3, 4, 5, 7, 1, 0]);
    assert.equal(tokenizer.decode([3, 4, 5, 7, 6]), "ab ab<x>\n</s>");
    assert.equal(tokenizer.piece(4), "Ġab");
    const begun = await fromGguf({ ...merged, add_bos_token: flag(true) });
    assert.deepEqual([begun.addsBos, ids(begun.encode("b", { addSpecial: true }))], [true, [6, 1]]);
  });

  it("that is damaged is refused", async () => {
    const bad: Readonly<Record<string, Readonly<Record<string, GgufValue>>>> = {
      "no tokens": { model: ggufString("llama") },
      "tokens that are numbers": { ...scored, tokens: numbers("i32", [1, 2]) },
      "too few scores": { ...scored, scores: numbers("f32", [1]) },
      "too many types": { ...merged, token_type: numbers("i32", new Array(20).fill(1)) },
      "no merges": { ...merged, merges: ggufString("a b") },
      "merges of one part": { ...merged, merges: ggufStrings(["ab"]) },
    };
    for (const [what, keys] of Object.entries(bad)) {
      await assert.rejects(fromGguf(keys), (error: unknown) => error instanceof FormatError && error.code === "tokenizer.bad", what);
    }
    const noBytes = await fromGguf({
      ...scored,
      tokens: ggufStrings(["b", "c"]),
      scores: numbers("f32", [0, 0]),
      token_type: numbers("i32", [1, 1]),
    });
    assert.throws(
      () => noBytes.encode("z"),
      (error: unknown) => error instanceof FormatError && error.code === "tokenizer.bad",
    );
  });

  it("of another kind is refused with the way out", async () => {
    const cases = [
      [{ ...scored, model: ggufString("t5") }, "unknown-tokenizer"],
      [{ ...merged, pre: ggufString("of-tomorrow") }, "unknown-pre-tokenizer"],
      [{ model: ggufString("none") }, "no-tokenizer"],
      [{}, "no-tokenizer"],
    ] as const;
    for (const [keys, code] of cases) {
      await assert.rejects(
        fromGguf(keys),
        (error: unknown) => error instanceof UsageError && error.code === code && error.fields.hint !== undefined,
      );
    }
  });
});
