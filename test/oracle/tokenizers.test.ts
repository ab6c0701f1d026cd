import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { wordSplits } from "../../src/core/text/splitPatterns";
import { huggingFaceTokenizer } from "../../src/core/text/huggingFaceTokenizer";
import { openTokenizer } from "../../src/core/text/openTokenizer";
import type { Tokenizer } from "../../src/core/text/tokenizer";
import { folderOf, openPath } from "../../src/io/openPath";
import { type Llama, llamaOrSkip } from "../support/llama";
import { randomFrom } from "../support/distributions";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";

const fixtures = "fixtures/ggerganov+llama.cpp/models";

/** Where the kinds of cutting differ: spaces, breaks, digits, contractions, capitals, scripts, marks, emoji, broken sequences. */
const texts = [
  "",
  " ",
  "  ",
  "\t",
  "\n",
  "\n\n",
  "\n \n\t\n",
  "Hello world",
  " Hello World!",
  "  Hello   World  ",
  "hello\r\nworld\r\n\r\n",
  "trailing spaces   \nnext   ",
  "I've it's IT'S we'LL they're don't 'tis 's 'S",
  "3 33 333 3333 33333 1234567890 3.14159 1,000,000",
  "x1y22z333 v1.2.3-rc4",
  "camelCase HTTPServer ÄÖÜäöüß ΣΊΣΥΦΟΣ ДОМ дом",
  "!!!???... -- ==> <= >= $100 +5 ~x^2 a|b `c` #1 @me",
  "path/to/file.txt?x=1&y=[2]//comment\n/* block */",
  "if (a < b) {\n\treturn a * b;\n}\n",
  "日本語のテキスト、中文文本。한국어 텍스트",
  "नमस्ते दुनिया। বাংলা ไทย កម្ពុជា",
  "🙂👩‍👩‍👧 e\u0301 a\u0300 \u00a0nbsp\u2003em\u3000ideographic\u200bzero",
  "<s> </s> <unk> <|endoftext|> <0x0A> [PAD1]",
  "½ ² Ⅷ ⑨ ٣٤٥ ४५",
  "__init__ __proto__ constructor toString",
];

describe("Tokenizers of GGUF files give the numbers that the real llama.cpp gives", function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  let llama: Llama;

  before(function () {
    llama = llamaOrSkip(this);
  });

  const tokenizerOf = async (file: string): Promise<Tokenizer> => {
    const checkpoint = await openPath(file);
    try {
      return await openTokenizer(checkpoint, await folderOf(file));
    } finally {
      await checkpoint.close();
    }
  };

  /** Compares on every text, with and without the tokens that begin and end one. */
  async function compare(file: string, samples: readonly string[]): Promise<void> {
    const ours = await tokenizerOf(file);
    const theirs = llama.loadVocabulary(file);
    try {
      for (const text of samples) {
        for (const addSpecial of [false, true]) {
          assert.deepEqual(
            Array.from(ours.encode(text, { addSpecial })),
            theirs.tokenize(text, addSpecial),
            JSON.stringify(text.slice(0, 200)),
          );
        }
      }
    } finally {
      theirs.close();
    }
  }

  it("SentencePiece vocabularies: the sample's and Llama 2's", async function () {
    const prose = readFileSync(sharedOrSkip(this, "sample/validation.txt"), "utf8");
    for (const file of ["sample/gguf/model-f16.gguf", `${fixtures}/ggml-vocab-llama-spm.gguf`]) {
      await compare(sharedOrSkip(this, file), [...texts, ...mixtures(200), prose]);
    }
  });

  it("user-defined tokens in a SentencePiece vocabulary are taken out of the text first", async function () {
    const bytes = readFileSync(sharedOrSkip(this, `${fixtures}/ggml-vocab-llama-spm.gguf`));
    const types = arrayStart(bytes, "tokenizer.ggml.token_type");
    // Some whole words, overlapping ones among them, and one that begins with a space.
    const vocabulary = await tokenizerOf(sharedOrSkip(this, `${fixtures}/ggml-vocab-llama-spm.gguf`));
    for (let id = 1000; id < vocabulary.vocabularySize; id += 97) bytes.writeInt32LE(4, types + 4 * id);
    const file = folder("user-defined.gguf");
    writeFileSync(file, bytes);
    const chosen = Array.from({ length: 60 }, (_, i) => vocabulary.piece(1000 + 97 * 5 * i));
    await compare(file, [...texts, ...mixtures(50), chosen.join(" "), chosen.join(""), ` ${chosen[3]} x ${chosen[4]}${chosen[4]} `]);
  });

  it("GPT-2's vocabulary, on prose", async function () {
    const prose = readFileSync(sharedOrSkip(this, "sample/validation.txt"), "utf8");
    await compare(sharedOrSkip(this, `${fixtures}/ggml-vocab-gpt-2.gguf`), [prose]);
  });

  it("the same vocabulary as a tokenizer.json", async function () {
    const file = sharedOrSkip(this, `${fixtures}/ggml-vocab-gpt-2.gguf`);
    const checkpoint = await openPath(file);
    const listOf = async (key: string): Promise<unknown[]> => {
      const { read, length } = checkpoint.metadata.find((entry) => entry.key === `tokenizer.ggml.${key}`)!;
      return read!(0, length!);
    };
    const vocab = Object.fromEntries((await listOf("tokens")).map((token, id) => [token, id]));
    const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
    const definition = {
      model: { type: "BPE", vocab, merges: await listOf("merges") },
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: byteLevel,
      decoder: byteLevel,
    };
    await checkpoint.close();
    const ours = huggingFaceTokenizer({ tokenizer: definition, tokenizerConfig: {}, generationConfig: {}, addedTokens: {} })!;
    const theirs = llama.loadVocabulary(file);
    for (const text of [...texts, ...mixtures(200)]) {
      const ids = ours.encode(text);
      assert.deepEqual(Array.from(ids), theirs.tokenize(text, false), JSON.stringify(text.slice(0, 200)));
      assert.equal(ours.decode(ids), text);
    }
    theirs.close();
  });

  for (const name of wordSplits.keys()) {
    it(`words cut as "${name}" does`, async function () {
      const bytes = readFileSync(sharedOrSkip(this, `${fixtures}/ggml-vocab-gpt-2.gguf`));
      const file = folder(`${name}.gguf`);
      writeFileSync(file, withText(bytes, "tokenizer.ggml.pre", name));
      await compare(file, [...texts, ...mixtures(100)]);
    });
  }
});

/** Seeded texts of pieces of the others and single characters of many scripts. */
function mixtures(count: number): string[] {
  const random = randomFrom(7);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const characters = Array.from(texts.join("")).concat(Array.from("  \n'sS0123456789aAéЖ中あ가ا!,._-"));
  return Array.from({ length: count }, () => Array.from({ length: 5 + Math.floor(random() * 60) }, () => pick(characters)).join(""));
}

/** Offset of what follows the name of a key: the type of its value. */
function keyEnd(bytes: Buffer, key: string): number {
  const at = bytes.indexOf(key);
  assert(at > 0, key);
  return at + key.length;
}

/** Offset of the first element of an array. */
function arrayStart(bytes: Buffer, key: string): number {
  return keyEnd(bytes, key) + 4 + 4 + 8;
}

/** A header with another text for a key. The file has no tensors, so nothing needs to be aligned. */
function withText(bytes: Buffer, key: string, text: string): Buffer {
  const at = keyEnd(bytes, key) + 4;
  const length = Number(bytes.readBigUInt64LE(at));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return Buffer.concat([bytes.subarray(0, at), size, Buffer.from(text), bytes.subarray(at + 8 + length)]);
}
