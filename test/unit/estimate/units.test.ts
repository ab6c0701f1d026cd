import assert from "node:assert/strict";
import { formatGB, formatGiB } from "../../../src/core/estimate/units";

describe("size formatting", () => {
  it("writes three significant digits with the unit written out", () => {
    assert.deepEqual([28e9, 7e9, 3.5e9, 3.64e11, 1.62e12, 99.95e9, 0].map(formatGB), [
      "28.0 GB",
      "7.00 GB",
      "3.50 GB",
      "364 GB",
      "1620 GB",
      "100 GB",
      "0 GB",
    ]);
    assert.deepEqual([28e9, 2 ** 30, 2 ** 40].map(formatGiB), ["26.1 GiB", "1.00 GiB", "1024 GiB"]);
  });

  it("takes smaller units below a tenth", () => {
    assert.deepEqual([1e8, 8_393_216, 5_120, 12].map(formatGB), ["0.100 GB", "8.39 MB", "5.12 kB", "0.0120 kB"]);
    assert.deepEqual([8_393_216, 5_120].map(formatGiB), ["8.00 MiB", "5.00 KiB"]);
  });
});
