import assert from "node:assert/strict";
import { FormatError, UsageError } from "../../../src/core/errors";
import { chooseNumbers, randomFrom } from "../../../src/core/text/random";
import { chooseSamples, type SampleChoice } from "../../../src/core/text/samples";
import { pieceBytes } from "../../../src/core/text/textPieces";
import { limits } from "../../../src/core/limits";
import { TextSource } from "../../../src/core/text/textSource";
import type { Tokenizer } from "../../../src/core/text/tokenizer";
import { type Files, folderOf } from "../../support/openBytes";

/** A token for each character, number 1 before a text. */
const characters: Tokenizer = {
  vocabularySize: 0x110000,
  bosId: 1,
  addsBos: true,
  encode: (text, options) =>
    Int32Array.from([...(options?.addSpecial ? [1] : []), ...Array.from(text, (character) => character.codePointAt(0)!)]),
  decode: (ids) => String.fromCodePoint(...Array.from(ids)),
  piece: (id) => String.fromCodePoint(id),
};

async function textsOf(files: Files, name?: string, field?: string): Promise<{ text: string; continues: boolean }[]> {
  const source = await TextSource.open(folderOf(files), name, field);
  const found: { text: string; continues: boolean }[] = [];
  for await (const part of source.parts()) found.push(part);
  await source.close();
  return found;
}

async function samples(text: string, choice: SampleChoice): Promise<string[]> {
  const source = await TextSource.open(folderOf({ "a.txt": text }), "a.txt");
  return (await chooseSamples(source, characters, choice)).map((ids) => characters.decode(ids));
}

const failsWith = (code: string) => (error: unknown) =>
  (error instanceof FormatError || error instanceof UsageError) && error.code === code;

describe("texts", () => {
  it("of one file, of a folder by name, of JSONL by field", async () => {
    const files = { "b.txt": "two\n", "a.md": "\uFEFFone", "c.jsonl": '{"text":"three"}\n\n{"text":"four\\n","n":1}\n', "model.bin": "no" };
    assert.deepEqual(await textsOf(files, "b.txt"), [{ text: "two\n", continues: false }]);
    assert.deepEqual(
      (await textsOf(files)).map(({ text }) => text),
      ["one", "two\n", "three", "four\n"],
    );
    assert.deepEqual(
      (await textsOf({ "data.json": '{"prompt":"x"}\n{"prompt":"y"}' }, "data.json", "prompt")).map(({ text }) => text),
      ["x", "y"],
    );
    assert.deepEqual(await textsOf({ "empty.txt": "" }, "empty.txt"), []);
  });

  it("that are long come in pieces of whole lines, each readable alone", async () => {
    const line = `${"äö".repeat(500)}\n`;
    const text = line.repeat(Math.ceil((2.5 * pieceBytes) / (2 * line.length)));
    const parts = await textsOf({ "a.txt": text });
    assert.equal(parts.length, 3);
    assert.equal(parts.map((part) => part.text).join(""), text);
    assert(parts.every((part) => part.text.endsWith("\n")));
    assert.deepEqual(
      parts.map(({ continues }) => continues),
      [false, true, true],
    );
    const source = await TextSource.open(folderOf({ "a.txt": text }));
    const chosen = [];
    for await (const part of source.parts(new Set([0, 2]))) chosen.push(part);
    assert.deepEqual(chosen, [parts[0], { ...parts[2]!, continues: false }]);
  });

  it("without line ends are cut between characters", async () => {
    const text = `a${"€".repeat(pieceBytes)}`;
    const parts = await textsOf({ "a.txt": text });
    assert.equal(parts.length, 4);
    assert.equal(parts.map((part) => part.text).join(""), text);
  });

  it("a line that ends where a piece does begins the next one", async () => {
    const text = `${"x".repeat(pieceBytes - 1)}\n${"y".repeat(10)}\n`;
    assert.deepEqual(
      (await textsOf({ "a.txt": text })).map((part) => part.text.length),
      [pieceBytes, 11],
    );
  });

  it("that are none are refused", async () => {
    await assert.rejects(
      textsOf({ "a.txt": Uint8Array.of(0x61, 0xff) }),
      (error: unknown) => failsWith("text.bad-utf8")(error) && (error as FormatError).fields.offset === 1,
    );
    await assert.rejects(textsOf({ "a.jsonl": "{}\n" }), failsWith("jsonl.no-field"));
    await assert.rejects(textsOf({ "a.jsonl": '{"text":1}' }), failsWith("jsonl.no-field"));
    for (const line of ["[1]", "{", "null", '"x"']) await assert.rejects(textsOf({ "a.jsonl": line }), failsWith("jsonl.bad-line"));
    await assert.rejects(textsOf({ "model.bin": "x" }), failsWith("no-text"));
    await assert.rejects(textsOf({}, "a.txt"), failsWith("io.not-found"));
  });
});

describe("samples of a text", () => {
  const text = Array.from({ length: 400 }, (_, i) => String.fromCharCode(0x4e00 + i)).join("");

  it("follow one another, each with the token that begins a text, without what is left", async () => {
    assert.deepEqual(await samples("abcdefghij", { length: 4 }), ["\u0001abc", "\u0001efg"]);
    assert.deepEqual(await samples("abcdefghij", { length: 4, count: 1 }), ["\u0001abc"]);
  });

  it("chosen by a seed are the same each time, different ones, in order, from all over", async () => {
    const all = await samples(text, { length: 4 });
    const chosen = await samples(text, { length: 4, count: 20, seed: 5 });
    assert.deepEqual(await samples(text, { length: 4, count: 20, seed: 5 }), chosen);
    assert.notDeepEqual(await samples(text, { length: 4, count: 20, seed: 6 }), chosen);
    const places = chosen.map((window) => all.indexOf(window));
    assert(
      places.every((place, i) => place >= 0 && (i === 0 || place > places[i - 1]!)),
      places.join(),
    );
    assert(places.at(-1)! > 80 && places[0]! < 20, places.join());
    assert.deepEqual(await samples(text, { length: 4, count: 1000, seed: 5 }), all);
  });

  it("take every place equally often", async () => {
    const seen = new Map<string, number>();
    for (let seed = 0; seed < 2000; seed++) {
      for (const window of await samples("abcdefghijklmnopqrs", { length: 2, count: 2, seed }))
        seen.set(window, (seen.get(window) ?? 0) + 1);
    }
    assert.equal(seen.size, 10);
    for (const [window, count] of seen) assert(Math.abs(count - 400) < 80, `${window}: ${count}`);
  });

  it("of a text that is too short, and no samples at all, are refused", async () => {
    await assert.rejects(samples("ab", { length: 4 }), failsWith("text-too-short"));
    for (const choice of [
      { length: 1 },
      { length: 4, count: 0 },
      { length: 4, count: 2 ** 40 },
      { length: NaN },
      { length: 2 ** 30, count: 1 },
    ]) {
      await assert.rejects(samples(text, choice), failsWith("bad-samples"));
    }
  });
});

describe("all samples of a text", () => {
  it("are refused where they would not fit into memory", async () => {
    const length = limits.sampleTokens / 2;
    const long: Tokenizer = { ...characters, encode: () => new Int32Array(length) };
    const source = await TextSource.open(folderOf({ "a.jsonl": '{"text":"a"}\n'.repeat(3) }));
    await assert.rejects(chooseSamples(source, long, { length }), failsWith("too-much-text"));
    assert.equal((await chooseSamples(source, long, { length, count: 2 })).length, 2);
  });
});

describe("numbers chosen by a seed", () => {
  it("are different ones, all where there are no more", () => {
    const random = randomFrom(3);
    for (let round = 0; round < 100; round++) {
      const chosen = chooseNumbers(5, 9, random);
      assert.equal(chosen.size, 5);
      assert([...chosen].every((number) => number >= 0 && number < 9));
    }
    assert.deepEqual([...chooseNumbers(5, 3, random)].sort(), [0, 1, 2]);
  });
});
