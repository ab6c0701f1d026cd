import assert from "node:assert/strict";
import fc from "fast-check";
import { BinErrors } from "../../../src/core/measure/binErrors";
import { emptyErrorTotals, ErrorSums, type ErrorTotals } from "../../../src/core/measure/errorSums";
import { assertClose } from "../../support/kernelMemory";

function totalsOf(x: readonly number[], y: readonly number[]): ErrorTotals {
  const totals = emptyErrorTotals();
  x.forEach((value, i) => {
    const e = Math.abs(value - y[i]!);
    totals.count++;
    totals.absolute += e;
    totals.square += e * e;
    totals.largest = Math.max(totals.largest, e);
    if (e <= 0.05 * Math.abs(value)) totals.within5++;
    totals.product += value * y[i]!;
    totals.squareX += value * value;
    totals.squareY += y[i]! * y[i]!;
  });
  return totals;
}

const number = fc.double({ min: -10, max: 10, noNaN: true });
const pairs = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 50 });

describe("sums of errors", () => {
  it("are the same for any split and order", () => {
    fc.assert(
      fc.property(pairs, pairs, pairs, (a, b, c) => {
        const totals = (list: [number, number][]) =>
          totalsOf(
            list.map(([x]) => x),
            list.map(([, y]) => y),
          );
        const whole = new ErrorSums();
        whole.add(totals([...a, ...b, ...c]));
        const part = new ErrorSums();
        part.add(totals(c));
        part.add(totals(a));
        const merged = new ErrorSums();
        merged.add(totals(b));
        merged.merge(part.state());
        const [left, right] = [whole.state(), merged.state()];
        for (const key of ["count", "largest", "within5"] as const) assert.equal(right[key], left[key], key);
        for (const key of ["absolute", "square", "squareX", "squareY"] as const) assertClose(right[key], left[key], 1e-12, key);
        assertClose(right.product, left.product, 1e-12, "product", Math.sqrt(left.squareX * left.squareY));
      }),
      { seed: 9, numRuns: 200 },
    );
  });

  it("give the columns their definitions", () => {
    const sums = new ErrorSums();
    sums.add(totalsOf([1, -2, 3, 0], [1.01, -2.5, 3, 0]));
    const { mae, rmse, maxError, relativeRmse, sqnrDb, within5, cosine } = sums.result();
    const rms = Math.sqrt(14 / 4);
    const error = Math.sqrt((0.01 ** 2 + 0.5 ** 2) / 4);
    assertClose(mae!, 0.51 / 4, 1e-12, "mae");
    assertClose(rmse!, error, 1e-12, "rmse");
    assert.equal(maxError, 0.5);
    assertClose(relativeRmse!, error / rms, 1e-12, "relativeRmse");
    assertClose(sqnrDb!, 20 * Math.log10(rms / error), 1e-12, "sqnrDb");
    assert.equal(within5, 3 / 4);
    assertClose(cosine!, (1.01 + 5 + 9) / (Math.sqrt(14) * Math.sqrt(1.01 ** 2 + 6.25 + 9)), 1e-12, "cosine");
  });

  it("leave out what is not defined", () => {
    assert.deepEqual(new Set(Object.values(new ErrorSums().result())), new Set([null]));
    const exact = new ErrorSums();
    exact.add(totalsOf([1, 2], [1, 2]));
    assert.deepEqual([exact.result().rmse, exact.result().sqnrDb, exact.result().relativeRmse], [0, null, 0]);
    const zeros = new ErrorSums();
    zeros.add(totalsOf([0, 0], [0, 0]));
    assert.deepEqual(
      [zeros.result().relativeRmse, zeros.result().sqnrDb, zeros.result().cosine, zeros.result().within5],
      [null, null, null, 1],
    );
  });

  it("have no largest error where an approximation is not a number", () => {
    const sums = new ErrorSums();
    sums.add({ ...totalsOf([1, 2], [1, 1]), absolute: NaN, square: NaN });
    sums.add(totalsOf([3], [1]));
    const { mae, maxError, within5 } = sums.result();
    assert.deepEqual([mae, maxError, within5], [NaN, NaN, 1 / 3]);
  });
});

describe("errors by bin", () => {
  it("are the root of the mean square in each bin, null where one is empty", () => {
    const errors = new BinErrors(3);
    errors.add({ squares: [4, 0, 0], counts: [1, 0, 2] });
    const other = new BinErrors(3);
    other.add({ squares: [4, 0, 8], counts: [1, 0, 0] });
    errors.merge(other.state());
    assert.deepEqual(errors.result(), [2, null, 2]);
  });
});
