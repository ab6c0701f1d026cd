import assert from "node:assert/strict";
import fc from "fast-check";
import { JsonScanner, JsonSyntaxError } from "../../../src/core/formats/jsonScanner";

/** Builds what `JSON.parse` would, from the scanner's events. */
function build(scanner: JsonScanner): unknown {
  const kind = scanner.kind();
  if (kind === "object") {
    const entries: [string, unknown][] = [];
    scanner.object((key) => entries.push([key, build(scanner)]));
    return Object.fromEntries(entries);
  }
  if (kind === "array") {
    const elements: unknown[] = [];
    scanner.array(() => elements.push(build(scanner)));
    return elements;
  }
  if (kind === "string") return scanner.string();
  if (kind === "number") return scanner.number();
  return JSON.parse(scanner.skip()) as unknown;
}

function parse(text: string): unknown {
  const scanner = new JsonScanner(text);
  const value = build(scanner);
  assert.ok(scanner.isAtEnd());
  return value;
}

function failureAt(text: string): number {
  try {
    new JsonScanner(text).skip();
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.at;
    throw error;
  }
  return assert.fail(`no error in ${text}`);
}

describe("JsonScanner", () => {
  it("reads what JSON.parse reads, compact and indented", () => {
    const value = fc.jsonValue({ maxDepth: 6, depthSize: "medium" });
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, "\t"), (json, indent) => {
        const text = JSON.stringify(json, null, indent);
        assert.deepEqual(parse(text), JSON.parse(text));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("reads every escape", () => {
    assert.equal(parse(String.raw`"\"\\\/\b\f\n\r\té\ud83d\ude00 x"`), '"\\/\b\f\n\r\té😀 x');
    assert.equal(parse('"before \\u0041 after"'), "before A after");
  });

  it("tells where text is no JSON", () => {
    const cases: [string, number][] = [
      ["", 0],
      ["{", 1],
      ['{"a"1}', 4],
      ['{"a":1,}', 7],
      ["[1,]", 3],
      ["[1 2]", 3],
      ['"abc', 4],
      ['"a\nb"', 2],
      ['"a\\x"', 2],
      ['"a\\u12g4"', 2],
      ['"\\ud800"', 1],
      ["nul", 0],
      ["+1", 0],
      ['{"a":01}', 6],
      ["'a'", 0],
    ];
    for (const [text, at] of cases) assert.equal(failureAt(text), at, text);
  });

  it("stops at sixteen levels of nesting", () => {
    assert.doesNotThrow(() => new JsonScanner("[".repeat(16) + "]".repeat(16)).skip());
    assert.equal(failureAt("[".repeat(17) + "]".repeat(17)), 16);
    assert.equal(failureAt("[".repeat(1_000_000)), 16);
  });

  it("gives keys in order, with repetitions and places", () => {
    const scanner = new JsonScanner('{"b":1, "a":2,"b":3,"10":4,"__proto__":5}');
    const keys: [string, number][] = [];
    scanner.object((key, at) => {
      keys.push([key, at]);
      scanner.skip();
    });
    assert.deepEqual(keys, [
      ["b", 1],
      ["a", 8],
      ["b", 14],
      ["10", 20],
      ["__proto__", 27],
    ]);
  });

  it("takes as counts only digits that are exact", () => {
    const counts = (text: string): (number | undefined)[] => {
      const scanner = new JsonScanner(text);
      const values: (number | undefined)[] = [];
      scanner.array(() => values.push(scanner.count()));
      assert.ok(scanner.isAtEnd());
      return values;
    };
    assert.deepEqual(counts("[0, 7,9007199254740991 ]"), [0, 7, 9007199254740991]);
    assert.deepEqual(counts('[9007199254740992,-1,1.0,1e3,"1",null,true,[1],{"a":1},-0]'), Array<undefined>(10).fill(undefined));
    assert.throws(() => counts("[007]"), JsonSyntaxError);
  });

  it("returns the text of skipped values", () => {
    const scanner = new JsonScanner(' [1, {"a": "]"}] , 2');
    assert.equal(scanner.skip(), '[1, {"a": "]"}]');
  });
});
