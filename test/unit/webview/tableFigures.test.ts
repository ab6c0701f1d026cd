import assert from "node:assert/strict";
import type { TensorRow, TensorSummary } from "../../../src/protocol/editor";
import { fitColumns } from "../../../webview/editor/tensors/columns";
import { rangeScale } from "../../../webview/editor/tensors/rangeScale";
import { sparkPath, sumCounts } from "../../../webview/editor/tensors/sparkline";
import { moveInTable } from "../../../webview/editor/tensors/tableKeys";
import { TypeAhead } from "../../../webview/editor/tensors/typeAhead";

function rowOf(shape: number[]): TensorRow {
  return { name: "w", dtype: "F32", shape, parameters: 1, bytes: 4, file: 0, offset: 0, part: "other", decodable: true };
}

function withMagnitude(index: number, absMax: number): TensorSummary {
  return { index, min: -absMax, max: absMax, mean: 0, std: 1, absMax, kurtosis: 3, zero: 0, nan: 0, inf: 0, spark: [] };
}

describe("range scale", () => {
  const matrix = rowOf([4, 4]);

  it("is the largest magnitude of the matrices", () => {
    const rows = [matrix, matrix, rowOf([4])];
    assert.equal(rangeScale(rows, [withMagnitude(0, 0.2), withMagnitude(1, 0.3), withMagnitude(2, 5)]), 0.3);
  });

  it("does not let one outlier flatten the rest", () => {
    const rows = Array.from({ length: 9 }, () => matrix);
    const magnitudes = rows.map((_, index) => withMagnitude(index, index === 8 ? 100 : 0.2));
    assert.equal(rangeScale(rows, magnitudes), 0.8);
  });

  it("takes vectors where there are no matrices, and nothing where nothing is scanned", () => {
    assert.equal(rangeScale([rowOf([4])], [withMagnitude(0, 2)]), 2);
    assert.equal(rangeScale([matrix], [undefined]), undefined);
  });
});

describe("sparkline", () => {
  it("starts and ends on the base line and peaks at the top", () => {
    const path = sparkPath([0, 1, 100, 1, 0]);
    assert.match(path, /^M0 17/);
    assert.match(path, /V17Z$/);
    const heights = [...path.matchAll(/V([\d.]+)/g)].map((match) => Number(match[1]));
    assert.equal(Math.min(...heights), 1);
    assert.ok(heights.every((height) => height >= 1 && height <= 17));
    // One value of a hundred still stands above the base line.
    assert.ok(heights[0]! < 16);
  });

  it("draws nothing for a tensor without finite values", () => {
    assert.equal(sparkPath([0, 0, 0]), "");
  });

  it("adds histograms bin by bin", () => {
    assert.deepEqual(
      sumCounts([
        [1, 2],
        [3, 4],
      ]),
      [4, 6],
    );
  });
});

describe("columns", () => {
  const chosen = ["shape", "dtype", "parameters", "std", "range", "spark"] as const;

  it("give way in their order when the list is narrow", () => {
    const shown = (width: number): string[] => fitColumns(chosen, width).map(({ id }) => id);
    assert.deepEqual(shown(900), ["name", ...chosen]);
    assert.ok(!shown(580).includes("dtype"));
    assert.ok(shown(400).includes("range") && shown(400).includes("spark") && !shown(400).includes("shape"));
    assert.deepEqual(shown(100), ["name"]);
  });
});

describe("keys of the table", () => {
  const rows = [
    { node: { kind: "tensor", index: 0, label: "a" }, label: "embed", level: 1, position: 1, setSize: 2 },
    { node: { kind: "tensor", index: 1, label: "b" }, label: "layer", level: 1, position: 2, setSize: 2, expanded: true },
    { node: { kind: "tensor", index: 2, label: "c" }, label: "gate", level: 2, position: 1, setSize: 2 },
    { node: { kind: "tensor", index: 3, label: "d" }, label: "gain", level: 2, position: 2, setSize: 2 },
  ] as const;
  const press = (key: string, active: number) => moveInTable({ key, ctrlKey: false, altKey: false, metaKey: false }, rows, active, 3);

  it("move, and open and close groups as a tree does", () => {
    assert.deepEqual(press("ArrowDown", 0), { kind: "move", index: 1 });
    assert.deepEqual(press("End", 0), { kind: "move", index: 3 });
    assert.deepEqual(press("ArrowRight", 1), { kind: "move", index: 2 });
    assert.deepEqual(press("ArrowLeft", 1), { kind: "expand", expanded: false });
    assert.deepEqual(press("ArrowLeft", 3), { kind: "move", index: 1 });
    assert.equal(press("ArrowRight", 0), undefined);
    assert.equal(press("x", 0), undefined);
  });

  it("find rows by typing, and the next one by the same letter", () => {
    let time = 0;
    const typing = new TypeAhead(() => time);
    assert.equal(typing.find("g", rows, 0), 2);
    assert.equal(typing.find("a", rows, 2), 2);
    assert.equal(typing.find("i", rows, 2), 3);
    time += 2000;
    assert.equal(typing.find("g", rows, 2), 3);
    assert.equal(typing.find("g", rows, 3), 2);
    time += 2000;
    assert.equal(typing.find("q", rows, 0), undefined);
  });
});
