import assert from "node:assert/strict";
import { codesOf, namesOf, openFiles, refusalOf, warningOf, type Files } from "../../support/openBytes";
import { ggufF32, ggufString, writeGguf, type GgufValue } from "../../support/ggufWriter";

function name(part: number, count = 3, prefix = "m"): string {
  return `${prefix}-${String(part).padStart(5, "0")}-of-${String(count).padStart(5, "0")}.gguf`;
}

function part(number: number, tensors: readonly string[], overrides: Readonly<Record<string, GgufValue>> = {}): Uint8Array {
  const keys: Record<string, GgufValue> = {
    ...(number === 0 ? { "general.architecture": ggufString("llama") } : {}),
    "split.no": { type: "u16", value: number },
    "split.count": { type: "u16", value: 3 },
    "split.tensors.count": { type: "i32", value: 4 },
    ...overrides,
  };
  return writeGguf({ metadata: Object.entries(keys), tensors: tensors.map((tensor) => ggufF32(tensor, [8])) });
}

const files: Files = { [name(1)]: part(0, ["a", "b"]), [name(2)]: part(1, ["c"]), [name(3)]: part(2, ["d"]) };

describe("split GGUF", () => {
  for (const opened of [name(1), name(2), name(3), undefined]) {
    it(`is opened whole from ${opened ?? "the folder"}`, async () => {
      const checkpoint = await openFiles({ ...files, "README.md": "text" }, opened);
      assert.deepEqual(namesOf(checkpoint), ["a", "b", "c", "d"]);
      assert.deepEqual(
        checkpoint.tensors.map(({ file }) => file),
        [0, 0, 1, 2],
      );
      assert.deepEqual([checkpoint.name, checkpoint.architecture, checkpoint.formatVersion, checkpoint.warnings], ["m", "llama", 3, []]);
      assert.deepEqual(
        checkpoint.metadata.map(({ key }) => key),
        ["general.architecture", "split.no", "split.count", "split.tensors.count"],
      );
      assert.equal(checkpoint.files.length, 3);
    });
  }

  it("keeps the place of a missing part", async () => {
    const checkpoint = await openFiles({ [name(2)]: files[name(2)]!, [name(3)]: files[name(3)]! }, name(3));
    assert.deepEqual(namesOf(checkpoint), ["c", "d"]);
    assert.deepEqual(checkpoint.files[0], { name: name(1), bytes: 0 });
    const warning = warningOf(checkpoint, "gguf.missing-part");
    assert.deepEqual([warning.severity, warning.file], ["error", name(1)]);
    assert.equal(codesOf(checkpoint).length, 1);
  });

  it("keeps the place of a broken part, and says what it is", async () => {
    const checkpoint = await openFiles({ ...files, [name(2)]: "<!DOCTYPE html>" }, name(1));
    assert.deepEqual(namesOf(checkpoint), ["a", "b", "d"]);
    assert.equal(warningOf(checkpoint, "sniff.html").severity, "error");
    const cut = await openFiles({ ...files, [name(2)]: (files[name(2)] as Uint8Array).subarray(0, 50) }, name(1));
    assert.equal(codesOf(cut)[0]?.startsWith("gguf."), true);
    assert.equal(cut.files[1]!.bytes, 50);
  });

  it("reports parts that were renamed", async () => {
    const checkpoint = await openFiles({ ...files, [name(2)]: files[name(3)]!, [name(3)]: files[name(2)]! });
    assert.deepEqual(codesOf(checkpoint), ["gguf.wrong-part", "gguf.wrong-part"]);
    assert.deepEqual(namesOf(checkpoint), ["a", "b", "d", "c"]);
  });

  it("reports a wrong number of tensors, and names in two parts", async () => {
    const fewer = await openFiles({ ...files, [name(3)]: part(2, []) });
    const warning = warningOf(fewer, "gguf.split-tensor-count");
    assert.deepEqual([warning.expected, warning.found], ["4 tensors by split.tensors.count", "3"]);
    const twice = await openFiles({ ...files, [name(3)]: part(2, ["a"]) });
    assert.deepEqual([namesOf(twice), warningOf(twice, "gguf.duplicate-tensor").tensor], [["a", "b", "c"], "a"]);
  });

  it("opens a part by itself when its name does not lead to the others", async () => {
    const checkpoint = await openFiles({ "renamed.gguf": files[name(2)]! }, "renamed.gguf");
    assert.deepEqual(namesOf(checkpoint), ["c"]);
    assert.equal(warningOf(checkpoint, "gguf.lone-part").severity, "warning");
    const other = await openFiles({ [name(2, 4)]: files[name(2)]! }, name(2, 4));
    assert.deepEqual(codesOf(other), ["gguf.lone-part"]);
  });

  it("refuses more parts than anyone makes", async () => {
    const value: GgufValue = { type: "u16", value: 10_001 };
    const error = await refusalOf(openFiles({ [name(1)]: part(0, [], { "split.count": value }) }, name(1)));
    assert.equal(error.code, "gguf.too-many-parts");
  });

  it("does not take whole files for parts because of their names", async () => {
    const whole = writeGguf({ tensors: [ggufF32("a", [8])] });
    assert.deepEqual((await openFiles({ [name(1)]: whole }, name(1))).warnings, []);
    const one = part(0, ["a"], { "split.count": { type: "u16", value: 1 } });
    assert.deepEqual(namesOf(await openFiles({ "one.gguf": one }, "one.gguf")), ["a"]);
    for (const value of [ggufString("x"), { type: "f32", value: 2.5 }, { type: "i32", value: -3 }] as GgufValue[]) {
      assert.deepEqual(namesOf(await openFiles({ "odd.gguf": part(0, ["a"], { "split.count": value }) }, "odd.gguf")), ["a"]);
    }
  });
});
