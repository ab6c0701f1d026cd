import assert from "node:assert/strict";
import { readPickle, type PickleResult } from "../../../src/core/formats/torch/pickle/machine";
import { globalName, itemsOf, objectOf, type PickleValue } from "../../../src/core/formats/torch/pickle/values";
import { pickle } from "../../support/torchWriter";

function read(text: string): PickleResult {
  return readPickle(Buffer.from(text, "latin1"));
}

/** A value as plain data: dictionaries as lists of pairs, globals and calls by name. */
function plain(value: PickleValue | undefined): unknown {
  const object = objectOf(value);
  if (!object) return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value;
  switch (object.kind) {
    case "dict":
      return [...object.entries].map(([key, item]) => [plain(key), plain(item)]);
    case "global":
      return `<${globalName(object)}>`;
    case "persistent":
      return { id: plain(object.id) };
    case "call":
      return {
        call: plain(object.callee),
        args: object.args.map(plain),
        ...(object.state === undefined ? {} : { state: plain(object.state) }),
      };
    default:
      return object.items.map(plain);
  }
}

describe("pickles", () => {
  // As Python's pickle.dumps writes [None, True, 1, 300, -5, 2**40, 1.5, "é", b"x", (1, 2), {"a": [1]}], less the memo.
  const values: [protocol: string, text: string, expected: unknown][] = [
    ["0", "(lp0\nNaI01\naI300\naI-5\naL1099511627776L\naF1.5\naV\xc3\xa9\np1\na(I1\nI2\ntp2\na(dp3\nVa\n(lI1\nasa.", [null, true, 300, -5, 2 ** 40, 1.5, "é", [1, 2], [["a", [1]]]]],
    ["1", "](NK\x01J\xfb\xff\xff\xffG\x3f\xf8\0\0\0\0\0\0U\x01ae.", [null, 1, -5, 1.5, "a"]],
    ["2", "\x80\x02](N\x88\x89K\x01M\x2c\x01\x8a\x06\0\0\0\0\0\x01X\x02\0\0\0\xc3\xa9K\x01K\x02\x86}X\x01\0\0\0a]K\x01ase.", [null, true, false, 1, 300, 2 ** 40, "é", [1, 2], [["a", [1]]]]],
    ["3", "\x80\x03](C\x01xB\x01\0\0\0yK\x01\x85e.", ["x", "y", [1]]],
    ["4", "\x80\x04\x95\x20\0\0\0\0\0\0\0](\x8c\x01a\x94h\0\x8f(K\x01K\x02\x90(K\x03\x91\x8d\x01\0\0\0\0\0\0\0b\x8e\x01\0\0\0\0\0\0\0ce.", ["a", "a", [1, 2], [3], "b", "c"]],
    ["5", "\x80\x05](\x96\x01\0\0\0\0\0\0\0xK\x01\x87" .replace("K\x01\x87", "K\x01K\x02K\x03\x87") + "e.", ["x", [1, 2, 3]]],
    ["memo", "](K\x01q\x05h\x05r\xff\xff\0\0j\xff\xff\0\0e.", [1, 1, 1]],
    ["stack", "](K\x01K\x020K\x032(K\x091(0e.", [1, 3, 3]],
    ["long integers", "](\x8a\x00\x8a\x01\xff\x8b\x09\0\0\0\0\0\0\0\0\0\0\0\x01e.", [0, -1, 2n ** 64n]],
  ]; // prettier-ignore
  for (const [protocol, text, expected] of values) {
    it(`reads values of protocol ${protocol}`, () => {
      const result = read(text);
      assert.equal(result.failure, undefined, JSON.stringify(result.failure));
      assert.deepEqual(plain(result.value), expected);
      assert.equal(result.end, text.length);
    });
  }

  it("records what would be called, in every way that there is", () => {
    const calls: [text: string, expected: unknown][] = [
      ["cos\nsystem\n(Vls\ntR.", { call: "<os.system>", args: ["ls"] }],
      ["(Vls\nios\nsystem\n.", { call: "<os.system>", args: ["ls"] }],
      ["(cos\nsystem\nVls\no.", { call: "<os.system>", args: ["ls"] }],
      ["\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02ls\x85R.", { call: "<os.system>", args: ["ls"] }],
      ["cos\nsystem\n)\x81.", { call: "<os.system>", args: [] }],
      ["cos\nsystem\n)}\x92.", { call: "<os.system>", args: [] }],
      ["cos\nsystem\n)R}b.", { call: "<os.system>", args: [], state: [] }],
      ["\x80\x04Nsystem".slice(0, 2) + "N\x8c\x06system\x93.", "<(computed).system>"],
    ];
    for (const [text, expected] of calls) {
      const { value, globals, failure } = read(text);
      assert.equal(failure, undefined);
      assert.deepEqual(plain(value), expected);
      assert.equal(globals.size, 1);
    }
    const { globals } = read("\x80\x02](Ncos\nsystem\ncos\nsystem\n)Re.");
    assert.deepEqual([...globals].map(([name, { at, isCalled }]) => [name, at, isCalled]), [["os.system", 5, true]]); // prettier-ignore
  });

  it("keeps persistent identifiers", () => {
    const { value, persistents } = read("](X\x01\0\0\0aQP7\ne.");
    assert.deepEqual(plain(value), [{ id: "a" }, { id: "7" }]);
    assert.equal(persistents.length, 2);
  });

  it("takes lists that contain themselves", () => {
    const { value } = read("]q\0h\0a.");
    assert.equal(itemsOf(value)?.[0], value);
  });

  const broken: [what: string, text: string, at: number, isCut: boolean][] = [
    ["nothing", "", 0, true],
    ["an end before its time", "](K\x01", 4, true],
    ["a text that is not there", "X\xff\xff\xff\x7fabc", 5, true],
    ["a line without end", "cos", 3, true],
    ["a line that is too long", `c${"a".repeat(70_000)}\n`, 1, false],
    ["an opcode that does not exist", "N\xff.", 1, false],
    ["an extension", "\x80\x02\x82\x01.", 2, false],
    ["a buffer that is elsewhere", "\x97.", 0, false],
    ["protocol 6", "\x80\x06N.", 0, false],
    ["an empty stack at the end", ".", 0, false],
    ["an empty stack", "K\x01\x86.", 2, false],
    ["a value below a mark", "K\x01(\x85.", 3, false],
    ["no mark", "N]t.", 2, false],
    ["a memo that is empty", "h\x03.", 0, false],
    ["a key without a value", "}(K\x01u.", 4, false],
    ["a number to append to", "K\x01K\x02a.", 4, false],
    ["a list to put keys into", "]K\x01K\x02s.", 5, false],
    ["an integer without measure", "\x8b\x00\x02\0\0", 5, false],
  ];
  for (const [what, text, at, isCut] of broken) {
    it(`stops at ${what}`, () => {
      const { failure } = read(text);
      assert.deepEqual([failure?.at, failure?.isCut], [at, isCut], failure?.expected);
      assert.ok(failure?.expected && failure.found);
    });
  }

  it("keeps what was there before it stops, and what would have been called", () => {
    const { value, globals, failure } = read(
      `\x80\x02](K\x01K\x02e${pickle.reduce(pickle.global("os", "system"), pickle.text("ls"))}0\xff`,
    );
    assert.ok(failure);
    assert.deepEqual(plain(value), [1, 2]);
    assert.ok(globals.get("os.system")?.isCalled);
  });
});
