import assert from "node:assert/strict";
import fc from "fast-check";
import { cellStyle, cellText, exactText, toTsv } from "../../../webview/editor/values/cellText";
import { moveInGrid } from "../../../webview/ui/gridKeys";
import { clampCell, indexText, matrixOf, parseIndex } from "../../../webview/editor/values/matrix";
import { ScrollAxis } from "../../../webview/editor/values/scrollAxis";

describe("matrix of a tensor", () => {
  it("has the last dimension in its rows", () => {
    assert.deepEqual(matrixOf([4, 3, 256]), { rows: 12, columns: 256 });
    assert.deepEqual(matrixOf([256]), { rows: 1, columns: 256 });
    assert.deepEqual(matrixOf([]), { rows: 1, columns: 1 });
    assert.deepEqual(matrixOf([5, 0]), { rows: 0, columns: 0 });
  });

  it("reads an index as people write it", () => {
    assert.deepEqual(parseIndex("12, 302", [256, 768]), { row: 12, column: 302 });
    assert.deepEqual(parseIndex("[12; 302]", [256, 768]), { row: 12, column: 302 });
    assert.deepEqual(parseIndex("7", [256]), { row: 0, column: 7 });
    assert.deepEqual(parseIndex("7", [256, 768]), { row: 7, column: 0 });
    assert.deepEqual(parseIndex("3 1 5", [4, 3, 256]), { row: 10, column: 5 });
    assert.deepEqual(parseIndex("10 5", [4, 3, 256]), { row: 10, column: 5 });
  });

  it("refuses what is no index into the shape", () => {
    for (const text of ["", "a, 1", "256, 0", "0, 768", "-1, 0", "1, 2, 3", "1.5, 2"])
      assert.equal(parseIndex(text, [256, 768]), undefined, text);
    assert.equal(parseIndex("0, 3, 0", [4, 3, 256]), undefined);
  });

  it("writes the index that it reads", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat(), (shape, a, b) => {
        const matrix = matrixOf(shape);
        const cell = clampCell({ row: a % matrix.rows, column: b % matrix.columns }, matrix);
        assert.deepEqual(parseIndex(indexText(cell, shape), shape), cell);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe("cells", () => {
  it("are written alike within a tensor", () => {
    const style = cellStyle("BF16", 0.12);
    assert.equal(cellText(-0.0316, style), "−0.0316");
    assert.equal(cellText(0.1, style), "0.1000");
    assert.equal(cellText("NaN", style), "NaN");
    assert.equal(cellText("-Infinity", style), "−∞");
    assert.equal(cellText(3, cellStyle("I8", 127)), "3");
    assert.equal(cellText(-9, cellStyle("I64", undefined)), "−9");
    assert.equal(cellText("-9007199254740993", cellStyle("I64", undefined)), "−9007199254740993");
    assert.equal(cellText(1234567, cellStyle("F32", 2e6)), "1.23e6");
    assert.equal(cellText(0, cellStyle("F32", 2e-7)), "0");
  });

  it("keep all digits where they are asked for", () => {
    assert.equal(exactText(-0.0286865234375), "−0.0286865234375");
    assert.equal(exactText(1e-7), "1e−7");
  });

  it("are copied as a spreadsheet reads them", () => {
    assert.equal(
      toTsv([
        [1, -0.5, "NaN"],
        [undefined, 2, 3],
      ]),
      "1\t-0.5\tNaN\n\t2\t3",
    );
  });
});

describe("scrolling", () => {
  it("maps one to one below the limit", () => {
    const axis = new ScrollAxis(256, 20, 400);
    assert.equal(axis.length, 5120);
    assert.equal(axis.visible, 20);
    assert.equal(axis.firstAt(0), 0);
    assert.equal(axis.firstAt(200), 10);
    assert.equal(axis.firstAt(1e9), 236);
  });

  it("reaches the last of a billion cells", () => {
    const axis = new ScrollAxis(1e9, 20, 400);
    assert.ok(axis.length <= 8_000_000);
    assert.equal(axis.firstAt(axis.length - 400), 1e9 - axis.visible);
  });

  it("does not scroll what fits", () => {
    const axis = new ScrollAxis(3, 20, 400);
    assert.deepEqual([axis.visible, axis.firstAt(50), axis.scrollOf(2)], [3, 0, 0]);
  });

  it("goes back to the cell it came from", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 20, max: 900 }), fc.nat(), (cells, viewport, at) => {
        const axis = new ScrollAxis(cells, 20, viewport);
        const first = at % Math.max(1, cells - axis.visible + 1);
        assert.equal(axis.firstAt(axis.scrollOf(first)), first);
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it("brings a cell into view with the least movement", () => {
    const axis = new ScrollAxis(100, 20, 200);
    assert.equal(axis.reveal(5, 0), 0);
    assert.equal(axis.reveal(10, 0), 1);
    assert.equal(axis.reveal(3, 7), 3);
    assert.equal(axis.reveal(99, 0), 90);
  });
});

describe("keys of the values grid", () => {
  const matrix = { rows: 256, columns: 768 };
  const page = { rows: 20, columns: 9 };
  const press = (key: string, modifiers: Partial<{ ctrlKey: boolean; altKey: boolean }> = {}) =>
    moveInGrid({ key, ctrlKey: false, metaKey: false, altKey: false, ...modifiers }, { row: 12, column: 302 }, matrix, page);

  it("move by cell, page and end", () => {
    assert.deepEqual(press("ArrowRight"), { row: 12, column: 303 });
    assert.deepEqual(press("ArrowUp"), { row: 11, column: 302 });
    assert.deepEqual(press("PageDown"), { row: 32, column: 302 });
    assert.deepEqual(press("PageDown", { altKey: true }), { row: 12, column: 311 });
    assert.deepEqual(press("Home"), { row: 12, column: 0 });
    assert.deepEqual(press("End", { ctrlKey: true }), { row: 255, column: 767 });
    assert.deepEqual(press("Home", { ctrlKey: true }), { row: 0, column: 0 });
    assert.equal(press("c", { ctrlKey: true }), undefined);
  });
});
