import assert from "node:assert/strict";
import { readNumber, shortNumber } from "../../../webview/lesson/typedNumber";

describe("Numbers typed in prose", () => {
  it("reads them as people write them", () => {
    for (const [text, value] of [
      ["0.5", 0.5],
      [" −2,5 ", -2.5],
      ["70e9", 70e9],
      ["70B", 70e9],
      ["6.7 b", 6.7e9],
      ["350m", 350e6],
      ["1T", 1e12],
    ] as const) {
      assert.equal(readNumber(text), value, text);
    }
    for (const text of ["", " ", "B", "seven", "7 B 8", "NaN"]) assert.ok(Number.isNaN(readNumber(text)), text);
  });

  it("begins with what it reads", () => {
    for (const value of [7e9, 6.74e9, 1.3e8, 1e12, 8, 3.1, -2.5, 0]) assert.equal(readNumber(shortNumber(value)), value);
    assert.equal(shortNumber(7e9), "7B");
    assert.equal(shortNumber(3.1), "3.1");
  });
});
