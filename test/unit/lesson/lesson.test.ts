import assert from "node:assert/strict";
import { multiplyFloat, multiplyInt8, toInt8 } from "../../../src/core/lesson/matrixVector";
import { mechanics } from "../../../src/core/lesson/mechanics";
import { numberLine, snap } from "../../../src/core/lesson/numberLine";
import { countDone, noProgress, parseProgress, withSection } from "../../../src/core/lesson/progress";
import { sectionIds } from "../../../src/core/lesson/sections";
import { storedSubject } from "../../../src/extension/lesson/storedSubject";

describe("lesson: progress", () => {
  it("marks sections, keeps what is done when it is read again, and takes marks away", () => {
    const read = withSection(noProgress, "why", "read");
    const done = withSection(read, "why", "done");
    assert.equal(withSection(done, "why", "read"), done);
    assert.deepEqual([countDone(read, sectionIds), countDone(done, sectionIds)], [0, 1]);
    assert.deepEqual(withSection(done, "why", undefined), noProgress);
  });

  it("reads what it wrote, and drops anything else", () => {
    const progress = {
      sections: { why: "done", mechanics: "read" },
      quizzes: { "int8-memory": { isRight: true, tries: 2 } },
      completedAt: "2026-11-23T10:00:00.000Z",
    };
    assert.deepEqual(parseProgress(JSON.parse(JSON.stringify(progress))), progress);
    for (const stored of [undefined, null, 7, "x", [], { sections: [], quizzes: 1, completedAt: "soon" }])
      assert.deepEqual(parseProgress(stored), noProgress);
    const hostile = {
      sections: { why: "perfect", nothing: "done", __proto__: { mechanics: "done" } },
      quizzes: { "a b": { isRight: true, tries: 1 }, a: { isRight: 1, tries: 1 }, b: { isRight: true, tries: 0.5 }, c: null },
    };
    assert.deepEqual(parseProgress(hostile), noProgress);
  });
});

describe("lesson: numbers", () => {
  it("works the example of the lesson through, to its digits", () => {
    const { ways } = mechanics({ low: -2.5, high: 3.1, bits: 8, value: 0.5 });
    const [first, signed, symmetric, unsigned] = ways;
    assert.equal(first!.scale.toFixed(7), "0.0219608");
    assert.deepEqual([first!.zeroPoint, first!.codes], [114, { low: 0, zero: 114, value: 137, high: 255 }]);
    assert.equal(first!.decoded.toFixed(6), "0.505098");
    assert.deepEqual([signed!.zeroPoint, signed!.codes], [-14, { low: -128, zero: -14, value: 9, high: 127 }]);
    assert.deepEqual([symmetric!.zeroPoint, symmetric!.codes.value], [0, 20]);
    assert.deepEqual([unsigned!.zeroPoint, unsigned!.codes.value], [128, 148]);
    assert.equal(signed!.decoded, first!.decoded);
  });

  it("widens a range to contain 0, which then is exact", () => {
    const report = mechanics({ low: 1, high: 3, bits: 4, value: 0 });
    assert.deepEqual([report.from, report.to, report.ways[0]!.error], [0, 3, 0]);
  });

  it("lays as many levels as there are codes, and moves a value by at most half a step inside of them", () => {
    for (const bits of [2, 3, 8]) {
      const line = numberLine(-0.7, 0.4, bits, false);
      assert.equal(line.levels.length, 2 ** bits);
      assert.equal(numberLine(-0.7, 0.4, bits, true).levels.length, 2 ** bits - 1);
      for (let i = 0; i <= 50; i++) {
        const value = line.low + ((line.high - line.low) * i) / 50;
        const nearest = Math.min(...line.levels.map((level) => Math.abs(level.value - value)));
        assert.ok(Math.abs(Math.abs(snap(value, line).error) - nearest) < 1e-12);
      }
      assert.equal(snap(99, line).code, 2 ** bits - 1);
    }
    assert.equal(snap(1, numberLine(0, 0, 4, false)).decoded, 0);
  });

  it("multiplies with INT8 codes close to float32, and a row of zeros exactly", () => {
    const columns = 64;
    const values = Float32Array.from({ length: 3 * columns }, (_, i) => (i < columns ? 0 : Math.cos(i * i)));
    const vector = Float32Array.from({ length: columns }, (_, i) => Math.sin(i + 1));
    const [plain, coded] = [new Float32Array(3), new Float32Array(3)];
    multiplyFloat(values, vector, plain);
    const input = toInt8(vector, columns);
    multiplyInt8(toInt8(values, columns), input.codes, input.scales[0]!, coded);
    assert.equal(coded[0], 0);
    for (const row of [1, 2]) assert.ok(Math.abs(plain[row]! - coded[row]!) < 0.1, `${plain[row]} and ${coded[row]}`);
    assert.notEqual(plain[1], 0);
  });
});

describe("lesson: what VS Code kept of the page", () => {
  it("names a checkpoint only by an address with a scheme", () => {
    assert.deepEqual(storedSubject({ uri: "file:///a/b.gguf", tensor: "x" }), { uri: "file:///a/b.gguf", tensor: "x" });
    for (const state of [undefined, null, 3, {}, { uri: 4 }, { uri: "" }, { uri: "a/b" }]) assert.equal(storedSubject(state), undefined);
  });
});
