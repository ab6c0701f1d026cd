import assert from "node:assert/strict";
import fc from "fast-check";
import type { Checkpoint, MetadataEntry } from "../../../src/core/tensor/checkpoint";
import { codesOf, openBytes, refusalOf, warningOf } from "../../support/openBytes";
import { ggufString, ggufStrings, writeGguf, type GgufTypeName, type GgufValue } from "../../support/ggufWriter";

async function entryOf(value: GgufValue): Promise<MetadataEntry> {
  const checkpoint = await openBytes(writeGguf({ metadata: [["key", value]] }));
  assert.deepEqual(checkpoint.warnings, []);
  return checkpoint.metadata[0]!;
}

function arrayOf(of: GgufTypeName, values: readonly GgufValue[]): GgufValue {
  return { type: "array", of, values };
}

describe("GGUF metadata", () => {
  it("reads scalars of every type", async () => {
    const cases: [GgufValue, unknown][] = [
      [{ type: "u8", value: 255 }, 255],
      [{ type: "i8", value: -128 }, -128],
      [{ type: "u16", value: 65535 }, 65535],
      [{ type: "i16", value: -32768 }, -32768],
      [{ type: "u32", value: 4294967295 }, 4294967295],
      [{ type: "i32", value: -2147483648 }, -2147483648],
      [{ type: "f32", value: Math.fround(0.1) }, Math.fround(0.1)],
      [{ type: "f64", value: 0.1 }, 0.1],
      [{ type: "bool", value: true }, true],
      [{ type: "bool", value: false }, false],
      [{ type: "u64", value: 2n ** 64n - 1n }, 2n ** 64n - 1n],
      [{ type: "i64", value: -(2n ** 63n) }, -(2n ** 63n)],
      [ggufString("ünï \0 漢字"), "ünï \0 漢字"],
      [ggufString(""), ""],
    ];
    for (const [value, expected] of cases) {
      const { stored, ...entry } = await entryOf(value);
      assert.deepEqual(entry, { key: "key", type: value.type, value: expected });
      assert.equal(stored!.offset, 35);
    }
  });

  it("reads ranges of arrays of every type", async () => {
    for (const type of ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64", "u64", "i64"] as const) {
      const numbers = Array.from({ length: 100 }, (_, index) => index);
      const entry = await entryOf(arrayOf(type, numbers.map((value) => ({ type, value })))); // prettier-ignore
      const expected = type.endsWith("64") && type !== "f64" ? numbers.map(BigInt) : numbers;
      assert.deepEqual([entry.type, entry.length, entry.value], [`array<${type}>`, 100, undefined]);
      assert.deepEqual(await entry.read!(0, 1000), expected);
      assert.deepEqual(await entry.read!(37, 5), expected.slice(37, 42));
      assert.deepEqual(await entry.read!(100, 5), []);
    }
    const bools = await entryOf(arrayOf("bool", [{ type: "bool", value: true }, { type: "bool", value: false }])); // prettier-ignore
    assert.deepEqual(await bools.read!(0, 2), [true, false]);
  });

  it("finds any range of a long array of strings", async () => {
    const texts = Array.from({ length: 5000 }, (_, index) => "é".repeat(index % 50) + String(index));
    const entry = await entryOf(ggufStrings(texts));
    assert.deepEqual([entry.type, entry.length], ["array<string>", 5000]);
    await fc.assert(
      fc.asyncProperty(fc.nat(5200), fc.nat(3000), async (start, count) => {
        assert.deepEqual(await entry.read!(start, count), texts.slice(start, start + count));
      }),
      { seed: 3, numRuns: 30 },
    );
    assert.deepEqual(await entry.read!(1023, 3), texts.slice(1023, 1026));
  });

  it("reads past strings longer than its window, at every place relative to it", async () => {
    for (const length of [65_000, 65_520, 65_536, 70_000, 5_000_000]) {
      const texts = ["a", "x".repeat(length), "b", "", "c"];
      const checkpoint = await openBytes(writeGguf({ metadata: [["long", ggufStrings(texts)], ["after", ggufString("z")]] })); // prettier-ignore
      assert.deepEqual(await checkpoint.metadata[0]!.read!(0, 9), texts);
      assert.equal(checkpoint.metadata[1]!.value, "z");
    }
  });

  it("gives arrays in arrays as JSON text", async () => {
    const inner = arrayOf("i32", [{ type: "i32", value: 1 }, { type: "i32", value: -2 }]); // prettier-ignore
    const strings = ggufStrings(['a"', "b"]);
    const same = await entryOf(arrayOf("array", [inner, arrayOf("i32", [])]));
    assert.deepEqual([same.type, await same.read!(0, 9)], ["array<array<i32>>", ["[1,-2]", "[]"]]);
    const mixed = await entryOf(arrayOf("array", [inner, strings, arrayOf("array", [strings])]));
    assert.deepEqual([mixed.type, await mixed.read!(1, 2)], ["array<array>", ['["a\\"","b"]', '[["a\\"","b"]]']]);
    const many = await entryOf(arrayOf("array", Array<GgufValue>(2500).fill(inner)));
    assert.deepEqual(await many.read!(2499, 1), ["[1,-2]"]);
    const long = await entryOf(arrayOf("array", [arrayOf("u8", Array<GgufValue>(5000).fill({ type: "u8", value: 7 }))]));
    assert.match(String((await long.read!(0, 1))[0]), /^\[(7,){4096}…\]$/);
  });

  it("refuses arrays nested deeper than four", async () => {
    const nest = (depth: number): GgufValue => (depth === 0 ? arrayOf("u8", []) : arrayOf("array", [nest(depth - 1)]));
    assert.equal((await entryOf(nest(3))).type, "array<array<array<array<u8>>>>");
    assert.equal((await refusalOf(openBytes(writeGguf({ metadata: [["k", nest(4)]] })))).code, "gguf.array-depth");
  });

  it("refuses more arrays in arrays than anyone needs", async () => {
    const value = arrayOf("array", Array<GgufValue>(100_001).fill(arrayOf("u8", [])));
    assert.equal((await refusalOf(openBytes(writeGguf({ metadata: [["k", value]] })))).code, "gguf.too-many-arrays");
  });

  it("refuses arrays longer than the file, of any element type", async () => {
    for (const elementId of [0, 5, 7, 8, 9, 12]) {
      for (const length of [1000n, 2n ** 30n + 1n, 2n ** 64n - 1n]) {
        const bytes = writeGguf({ metadata: [["k", ggufStrings(["a"])]] });
        const view = new DataView(bytes.buffer, bytes.byteOffset);
        view.setUint32(37, elementId, true);
        view.setBigUint64(41, length, true);
        const error = await refusalOf(openBytes(bytes));
        assert.deepEqual([error.code, error.fields.offset], ["gguf.array-too-long", 41]);
      }
    }
  });

  it("refuses an element type that does not exist, and a string in an array that leads past the end", async () => {
    const bytes = writeGguf({ metadata: [["k", ggufStrings(["abc", "def"])]] });
    const badType = bytes.slice();
    badType[37] = 13;
    assert.equal((await refusalOf(openBytes(badType))).code, "gguf.bad-value-type");
    const badLength = bytes.slice();
    badLength[60] = 4;
    assert.equal((await refusalOf(openBytes(badLength))).code, "gguf.header-cut");
    const hugeLength = bytes.slice();
    hugeLength[67] = 1;
    assert.equal((await refusalOf(openBytes(hugeLength))).code, "gguf.string-too-long");
  });

  it("reports values that are neither true nor false", async () => {
    const open = (value: GgufValue): Promise<Checkpoint> => openBytes(writeGguf({ metadata: [["k", value]] }));
    const scalar = await open({ type: "bool", value: 1 });
    assert.deepEqual(scalar.warnings, []);
    const wrong = await open({ type: "bool", value: 2 });
    assert.deepEqual([codesOf(wrong), wrong.metadata[0]!.value], [["gguf.bad-bool"], true]);
    const array = await open(arrayOf("bool", [{ type: "bool", value: 0 }, { type: "bool", value: 255 }])); // prettier-ignore
    assert.equal(warningOf(array, "gguf.bad-bool").offset, 24 + 8 + 1 + 4 + 12 + 1);
  });

  it("refuses a start that is no index", async () => {
    const entry = await entryOf(ggufStrings(["a"]));
    await assert.rejects(entry.read!(-1, 1), RangeError);
    await assert.rejects(entry.read!(0.5, 1), RangeError);
  });
});
