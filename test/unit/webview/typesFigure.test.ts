import assert from "node:assert/strict";
import { decadeTicks } from "../../../webview/charts/axisTicks";
import { roundPercent } from "../../../webview/ui/format";
import { type Box, placeLabels } from "../../../webview/charts/labelPlaces";
import { paretoFront, type TypePoint } from "../../../webview/charts/paretoFront";
import { typesCsv } from "../../../webview/editor/types/typesText";
import { Random } from "../../support/mutations";
import { figuresOf } from "../../support/webview/scriptedErrorsHost";

const point = (bitsPerWeight: number, error: number): TypePoint => ({ label: `${bitsPerWeight}`, bitsPerWeight, error });

describe("Pareto front", () => {
  it("is what nothing else is as small and as good as, from the fewest bits on", () => {
    const random = new Random(3);
    for (let round = 0; round < 200; round++) {
      const points = Array.from({ length: random.next(20) }, () => point(random.next(8), random.next(8)));
      const front = paretoFront(points);
      for (const candidate of points) {
        const better = points.some(
          (other) =>
            other.bitsPerWeight <= candidate.bitsPerWeight &&
            other.error <= candidate.error &&
            (other.bitsPerWeight < candidate.bitsPerWeight || other.error < candidate.error),
        );
        const stands = front.some((other) => other.bitsPerWeight === candidate.bitsPerWeight && other.error === candidate.error);
        assert.equal(stands, !better);
      }
      front.slice(1).forEach((next, i) => assert.ok(next.bitsPerWeight > front[i]!.bitsPerWeight && next.error < front[i]!.error));
    }
  });

  it("leaves the points as they were given", () => {
    const points = [point(8, 1), point(2, 9)];
    paretoFront(points);
    assert.deepEqual(points, [point(8, 1), point(2, 9)]);
  });
});

describe("ticks of a logarithmic axis", () => {
  it("are 1, 2 and 5 in few decades, powers of ten in more, and never so many that they touch", () => {
    assert.deepEqual(decadeTicks(0.01, 0.3), [0.01, 0.02, 0.05, 0.1, 0.2]);
    assert.deepEqual(
      decadeTicks(0.9e-4, 1).map((tick) => Number(tick.toPrecision(6))),
      [1e-4, 1e-3, 1e-2, 0.1, 1],
    );
    for (const low of [1e-10, 1e-28, 1e-200]) {
      const ticks = decadeTicks(low, 1.5);
      assert.ok(ticks.length <= 9 && ticks.length >= 4, `${ticks.length} from ${low}`);
      assert.equal(ticks.at(-1), 1);
    }
  });

  it("are written with an exponent where zeros would run out of the axis", () => {
    assert.deepEqual([0.2, 0.0005, 1e-5, 1e-27].map(roundPercent), ["20 %", "0.05 %", "0.001 %", "1e−25 %"]);
  });
});

describe("names beside points", () => {
  const overlaps = (a: Box, b: Box): boolean => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  it("touch neither each other, nor a point, nor the border", () => {
    const random = new Random(4);
    const area: Box = [40, 10, 400, 200];
    for (let round = 0; round < 200; round++) {
      const points = Array.from({ length: 1 + random.next(30) }, () => ({
        x: 40 + random.next(360),
        y: 10 + random.next(190),
        width: 10 + random.next(70),
        below: random.next(2) === 0,
      }));
      const boxes = placeLabels(points, area);
      const placed = boxes.filter((box) => box !== undefined);
      placed.forEach((box, i) => {
        assert.ok(box[0] >= area[0] && box[1] >= area[1] && box[2] <= area[2] && box[3] <= area[3]);
        for (const other of placed.slice(i + 1)) assert.ok(!overlaps(box, other));
        for (const { x, y } of points) assert.ok(!overlaps(box, [x - 4, y - 4, x + 4, y + 4]));
      });
    }
  });

  it("are there where there is room: below and left, or above and right", () => {
    const [below, above] = placeLabels(
      [
        { x: 200, y: 100, width: 30, below: true },
        { x: 300, y: 100, width: 30, below: false },
      ],
      [0, 0, 400, 200],
    );
    assert.ok(below![2] < 200 && below![1] > 100);
    assert.ok(above![0] > 300 && above![3] <= 100);
  });
});

describe("types of a tensor as CSV", () => {
  it("are a line each at full precision, empty where there is no figure", () => {
    const text = typesCsv({ Q4_K: figuresOf(1 / 3), "int8-sym": figuresOf(0.5, { sqnrDb: null }) });
    const [header, first, second] = text.split("\n").map((line) => line.split(","));
    assert.equal(first![header!.indexOf("relativeRmse")], String(1 / 3));
    assert.equal(second![0], "int8-sym");
    assert.equal(second![header!.indexOf("sqnrDb")], "");
  });
});
