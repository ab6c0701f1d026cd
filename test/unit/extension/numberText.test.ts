import assert from "node:assert/strict";
import { NumberText } from "../../../src/extension/numberText";

describe("NumberText", () => {
  const english = new NumberText("en");

  it("writes counts and bytes with three significant digits and their unit", () => {
    assert.equal(english.count(4_196_608), "4.20 M");
    assert.equal(english.count(6_738_415_616), "6.74 B");
    assert.equal(english.count(256), "256");
    assert.equal(english.bytes(8_396_800), "8.40 MB");
    assert.equal(english.bytes(28e9), "28.0 GB");
    assert.equal(english.bytes(0), "0 B");
  });

  it("changes the unit before rounding would print a thousand of it", () => {
    assert.equal(english.bytes(999), "999 B");
    assert.equal(english.bytes(999_499), "999 kB");
    assert.equal(english.bytes(999_500), "1.00 MB");
    assert.equal(english.count(999_600), "1.00 M");
  });

  it("takes separators from the language, and English ones for a language it does not know", () => {
    assert.equal(new NumberText("de").bytes(8_396_800), "8,40 MB");
    assert.equal(new NumberText("tlh").hundredths(4.825), english.hundredths(4.825));
    assert.equal(english.integer(7_000_000_000), "7,000,000,000");
  });
});
