import assert from "node:assert/strict";
import fc from "fast-check";
import { tokenizerRules } from "../../../src/core/text/libraryTokenizer";
import { mergeByScore } from "../../../src/core/text/mergeByScore";
import { partition } from "../../../src/core/text/partition";
import { WordCutter } from "../../../src/core/text/wordCutter";

/** Vocabularies that merging can build up: every token but the characters is two others. */
const vocabularies = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 40 }).map((pairs) => {
  const tokens = ["a", "b", "c", "\u{1f642}"];
  for (const [left, right] of pairs) {
    const merged = tokens[left % tokens.length]! + tokens[right % tokens.length]!;
    if (merged.length <= 12 && !tokens.includes(merged)) tokens.push(merged);
  }
  return tokens;
});
const texts = fc.array(fc.constantFrom("a", "b", "c", "\u{1f642}", "é"), { maxLength: 60 }).map((characters) => characters.join(""));

/** The rule as it is told: the best pair of all, again and again. */
function slowly(text: string, scores: ReadonlyMap<string, number>): string[] {
  const symbols = Array.from(text);
  for (;;) {
    let best = -1;
    for (let i = 0; i + 1 < symbols.length; i++) {
      const score = scores.get(symbols[i]! + symbols[i + 1]!);
      if (score !== undefined && (best < 0 || score > scores.get(symbols[best]! + symbols[best + 1]!)!)) best = i;
    }
    if (best < 0) return symbols;
    symbols.splice(best, 2, symbols[best]! + symbols[best + 1]!);
  }
}

const merging = (tokens: readonly string[], scores: readonly number[]) => ({
  idOf: (text: string) => (tokens.includes(text) ? tokens.indexOf(text) : undefined),
  scoreOf: (id: number) => scores[id]!,
});

describe("merging", () => {
  it("by score takes the best pair first, of equal ones the leftmost", () => {
    fc.assert(
      fc.property(
        vocabularies,
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 44, maxLength: 44 }),
        texts,
        (tokens, scores, text) => {
          const byText = new Map(tokens.map((token, id) => [token, scores[id]!]));
          assert.deepEqual(mergeByScore(text, merging(tokens, scores)), slowly(text, byText));
        },
      ),
      { numRuns: 500, seed: 1 },
    );
  });

  it("inside the words of a cutter gives what merging the whole text does", () => {
    fc.assert(
      fc.property(vocabularies, texts, (tokens, text) => {
        const rules = merging(
          tokens,
          tokens.map((_, id) => -id),
        );
        const words = [...new WordCutter(tokens).words(text)];
        assert.equal(words.join(""), text);
        assert.deepEqual(
          words.flatMap((word) => mergeByScore(word, rules)),
          mergeByScore(text, rules),
        );
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it("in the library, with its words cut, follows the ranks of the merges", () => {
    fc.assert(
      fc.property(vocabularies, texts, (tokens, text) => {
        const merges = tokens.slice(4).map((token) => splitOf(token, tokens));
        const definition = {
          model: {
            type: "BPE",
            unk_token: "<unk>",
            vocab: Object.fromEntries([...tokens, "<unk>"].map((token, id) => [token, id])),
            merges,
          },
        };
        const ranks = new Map(merges.map((pair, rank) => [pair.join("\0"), -rank]));
        assert.deepEqual(
          tokenizerRules(definition, {}, "tokenizer.json").encode(text, false),
          byRank(text, ranks).map((symbol) => (tokens.includes(symbol) ? tokens.indexOf(symbol) : tokens.length)),
        );
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it("a word cutter parts what no token spans", () => {
    assert.deepEqual([...new WordCutter(["▁a", "ab", "▁▁"]).words("▁ab▁▁ab\n")], ["▁ab", "▁▁ab", "\n"]);
    assert.deepEqual([...new WordCutter([]).words("")], []);
  });
});

describe("tokens taken out of a text", () => {
  it("longer ones first, each from the left", () => {
    const tokens = new Map([
      ["ab", 1],
      ["bcd", 2],
      ["aa", 3],
    ]);
    assert.deepEqual(partition("abcd aaa ab", tokens), ["a", 2, " ", 3, "a ", 1]);
    assert.deepEqual(partition("", tokens), []);
    assert.deepEqual(partition("ab", tokens), [1]);
  });
});

/** Two tokens that a token is made of. */
function splitOf(token: string, tokens: readonly string[]): [string, string] {
  const characters = Array.from(token);
  for (let cut = 1; cut < characters.length; cut++) {
    const parts: [string, string] = [characters.slice(0, cut).join(""), characters.slice(cut).join("")];
    if (parts.every((part) => tokens.includes(part))) return parts;
  }
  throw new Error(`${token} is not two tokens`);
}

/** Byte pair encoding as it is told: of the pairs that are merges the one of lowest rank, of equal ones the leftmost. */
function byRank(text: string, ranks: ReadonlyMap<string, number>): string[] {
  const symbols = Array.from(text);
  for (;;) {
    let best = -1;
    const rank = (i: number): number | undefined => ranks.get(`${symbols[i]}\0${symbols[i + 1]}`);
    for (let i = 0; i + 1 < symbols.length; i++) if (rank(i) !== undefined && (best < 0 || rank(i)! > rank(best)!)) best = i;
    if (best < 0) return symbols;
    symbols.splice(best, 2, symbols[best]! + symbols[best + 1]!);
  }
}
