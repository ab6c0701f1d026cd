import assert from "node:assert/strict";
import type { ErrorTensor, TypeErrors } from "../../../src/protocol/errors";
import { typeLabel } from "../../../webview/charts/typeLabel";
import { heatGrid } from "../../../webview/errors/heatGrid";
import { figureOf, findMeasure, isUnbounded, type MeasureId, offeredMeasures, tintOf } from "../../../webview/errors/measures";
import { columnWidths, shortName, sortedRows, tableRange } from "../../../webview/errors/rows";
import { figuresOf } from "../../support/webview/scriptedErrorsHost";

const relative = findMeasure("relativeRmse", false);
const sqnr = findMeasure("sqnrDb", false);

function tensor(name: string, kind: string, layer?: number): ErrorTensor {
  return { index: 0, name, parameters: 10, kind, ...(layer === undefined ? {} : { layer }) };
}

function type(errors: readonly (number | null)[], patch: Partial<TypeErrors> = {}): TypeErrors {
  return {
    type: "Q4_K",
    label: "Q4_K",
    tensors: errors.map((error) => (error === null ? null : figuresOf(error))),
    total: null,
    isSampled: false,
    ...patch,
  };
}

const names = ["a.0.x", "a.1.x", "b.0.x", "b.1.x"].map((name) => tensor(name, "x"));

describe("rows of the error table", () => {
  it("stand by damage, the worst first; without a figure last, and equals in the order of the file", () => {
    assert.deepEqual(sortedRows(names, "", type([0.1, null, 0.3, 0.1]), relative), [2, 0, 3, 1]);
    assert.deepEqual(sortedRows(names, "", type([0.1, null, 0.3, 0.1]), sqnr), [2, 0, 3, 1]);
    assert.deepEqual(sortedRows(names, "", undefined, relative), [0, 1, 2, 3]);
  });

  it("begin with those whose values become NaN: their error has no size", () => {
    const broken = type([0.1, null, 0.3, 0.1]);
    const without = { mae: null, rmse: null, maxError: null, relativeRmse: null, sqnrDb: null };
    broken.tensors[3] = { ...figuresOf(0.1), ...without };
    for (const measure of [relative, sqnr]) assert.deepEqual(sortedRows(names, "", broken, measure), [3, 2, 0, 1]);
    broken.tensors[0] = { ...figuresOf(0.1), ...without, within5: null };
    assert.deepEqual(sortedRows(names, "", broken, relative), [3, 2, 0, 1]);
    assert.deepEqual(broken.tensors.map(isUnbounded), [false, false, false, true]);
  });

  it("are those that fit the filter", () => {
    assert.deepEqual(sortedRows(names, "b.", type([0.1, 0.2, 0.3, 0.4]), relative), [3, 2]);
    assert.deepEqual(sortedRows(names, "*.1.", undefined, relative), [1, 3]);
    assert.deepEqual(sortedRows(names, "zzz", undefined, relative), []);
  });

  it("share one range", () => {
    assert.deepEqual(tableRange([type([0.1, null]), type([0.01, 0.5])], relative), { low: 0.01, high: 0.5 });
    assert.deepEqual(tableRange([type([null])], relative), { low: Infinity, high: -Infinity });
  });

  it("are called by what tells them apart", () => {
    const called = (name: string, kind: string) => Object.values(shortName(tensor(name, kind))).join("|");
    assert.equal(called("model.layers.2.self_attn.k_proj.weight", "k_proj"), "layers.2.|k_proj");
    assert.equal(called("model.layers.11.mlp.experts.3.up_proj.weight", "up_proj"), "layers.11.experts.3.|up_proj");
    assert.equal(called("blk.0.attn_q.weight", "attn_q"), "blk.0.|attn_q");
    assert.equal(called("lm_head.weight", "lm_head"), "|lm_head");
  });

  it("have columns as wide as their headings", () => {
    const [narrow, wide] = columnWidths([type([]), type([], { type: "int4-sym-channel", label: "INT4 · x" })]);
    assert.ok(narrow! >= 60 && wide! > narrow!);
  });
});

describe("names of types", () => {
  it("leave explanations out, and tell affine ones apart", () => {
    assert.equal(typeLabel("Q4_K", "Q4_K · 4-bit super-blocks of 256"), "Q4_K");
    assert.equal(typeLabel("int8", "INT8 · asymmetric, per tensor"), "INT8 per tensor");
    assert.equal(typeLabel("int4-mse", "INT4 · asymmetric, per tensor, least squared error"), "INT4 per tensor MSE");
    assert.equal(typeLabel("int4-p99.9", "INT4 · asymmetric, per tensor, 99.9th percentile"), "INT4 per tensor 99.9 %");
    assert.equal(typeLabel("int8-sym-channel", "INT8 · symmetric, per channel"), "INT8 sym. per channel");
    assert.equal(typeLabel("hqq4-g64", "HQQ4 · half-quadratic, groups of 64"), "HQQ4 g64");
    assert.equal(typeLabel("int4-g128", "INT4 · asymmetric, groups of 128"), "INT4 g128");
  });
});

describe("measures of the error table", () => {
  it("are there for what was measured", () => {
    assert.equal(offeredMeasures(false).length + 1, offeredMeasures(true).length);
    assert.equal(findMeasure("weightedRelativeRmse", false).id, "relativeRmse");
    assert.equal(findMeasure("weightedRelativeRmse", true).id, "weightedRelativeRmse");
    assert.equal(findMeasure("nonsense", true).id, "relativeRmse");
    assert.equal(figureOf(figuresOf(0.1), findMeasure("weightedRelativeRmse", true)), null);
    assert.equal(figureOf(null, relative), null);
  });

  it("tint more for more damage, from none to all, evenly by ratios", () => {
    const tint = (id: MeasureId, value: number | null, low: number, high: number): number =>
      tintOf(value, low, high, findMeasure(id, true));
    assert.deepEqual(
      [0.001, 0.01, 0.1].map((value) => tint("relativeRmse", value, 0.001, 0.1)),
      [0, 0.5, 1],
    );
    assert.deepEqual(
      [40, 30, 20].map((value) => tint("sqnrDb", value, 20, 40)),
      [0, 0.5, 1],
    );
    assert.deepEqual(
      [0.9, 0.5, 0.1].map((value) => tint("within5", value, 0.1, 0.9)),
      [0, 0.5, 1],
    );
    assert.equal(tint("mae", 3, 3, 3), 0.5);
    assert.equal(tint("mae", null, 1, 3), 0);
    assert.equal(tint("mae", 0, 0, 3), 0);
  });
});

describe("heat map of layers and kinds", () => {
  const tensors = [
    tensor("lm_head.weight", "lm_head"),
    tensor("layers.1.down_proj", "down_proj", 1),
    tensor("layers.1.q_proj", "q_proj", 1),
    tensor("layers.0.down_proj", "down_proj", 0),
    tensor("layers.0.experts.0.up_proj", "up_proj", 0),
    tensor("layers.0.experts.1.up_proj", "up_proj", 0),
  ];

  it("has kinds as a model computes, layers by number, and what is outside of layers at the end", () => {
    const grid = heatGrid(tensors, type([0.01, 0.1, 0.2, 0.3, 0.4, 0.5]), relative);
    assert.deepEqual(grid.kinds, ["q_proj", "up_proj", "down_proj"]);
    assert.deepEqual(
      grid.rows.map(({ layer }) => layer),
      [0, 1, undefined],
    );
    const cells = grid.rows.map((row) => row.cells.map(({ cell, span }) => [cell?.tensor, span]));
    assert.deepEqual(cells, [
      [
        [undefined, 1],
        [5, 1],
        [3, 1],
      ],
      [
        [2, 1],
        [undefined, 1],
        [1, 1],
      ],
      [[0, 3]],
    ]);
    assert.deepEqual([grid.low, grid.high, grid.worst?.tensor], [0.01, 0.5, 5]);
  });

  it("shows the worst of several tensors in one cell, whichever way damage grows, and how many they are", () => {
    for (const [errors, worst] of [
      [[0, 0, 0, 0, 0.4, 0.5], 5],
      [[0, 0, 0, 0, 0.5, 0.4], 4],
    ] as const) {
      for (const measure of [relative, sqnr]) {
        const grid = heatGrid(tensors, type(errors.map((error) => error || 0.01)), measure);
        const { cell } = grid.rows[0]!.cells[1]!;
        assert.deepEqual([cell?.tensor, cell?.count], [worst, 2]);
      }
    }
  });

  it("leaves out what is not measured", () => {
    const grid = heatGrid(tensors, type([null, null, 0.2, null, null, null]), relative);
    assert.deepEqual(
      grid.rows.map(({ layer }) => layer),
      [1],
    );
    assert.equal(heatGrid(tensors, type([null, null, null, null, null, null]), relative).worst, undefined);
  });

  it("spreads tensors outside of layers over the columns, however many they are", () => {
    const loose = Array.from({ length: 14 }, (_, index) => tensor(`conv${index}`, `conv${index}`));
    const { rows } = heatGrid(loose, type(loose.map(() => 0.1)), relative);
    assert.deepEqual(
      rows.map(({ cells }) => cells.map(({ span }) => span)),
      [
        [1, 1, 1, 1, 1, 1],
        [1, 1, 1, 1, 1, 1],
        [3, 3],
      ],
    );
  });
});
