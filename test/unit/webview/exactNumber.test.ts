import assert from "node:assert/strict";
import { exactNumber } from "../../../webview/lesson/exactNumber";

describe("Exact numbers", () => {
  it("keep the decimals that they have, and say very small and large ones as powers of ten", () => {
    for (const [value, text] of [
      [3.1, "3.1"],
      [-2.5, "−2.5"],
      [0, "0"],
      [0.0219608, "0.0219608"],
      [1047.3199, "1,047.32"],
      [1.5e-7, "1.50e−7"],
      [-1e-30, "−1.00e−30"],
      [1e30, "1.00e30"],
    ] as const) {
      assert.equal(exactNumber(value), text);
    }
  });
});
