import assert from "node:assert/strict";
import fc from "fast-check";
import {
  bytes,
  compact,
  count,
  decimalsFor,
  duration,
  fixed,
  missing,
  percent,
  range,
  setLocale,
  shape,
  signed,
  signedCount,
  significant,
} from "../../../webview/ui/format";

describe("webview format", () => {
  afterEach(() => setLocale("en"));

  it("writes three significant digits, plain from 0.001 to 9,999", () => {
    const cases: [number, string][] = [
      [0.00123, "0.00123"],
      [0.001, "0.00100"],
      [12.34, "12.3"],
      [9.999, "10.0"],
      [123.4, "123"],
      [1234.4, "1,234"],
      [9999, "9,999"],
      [0.000651, "6.51e−4"],
      [-0.0000422, "−4.22e−5"],
      [12345, "1.23e4"],
      [-0.228, "−0.228"],
      [0, "0"],
      [-0, "0"],
    ];
    for (const [value, text] of cases) assert.equal(significant(value), text);
  });

  it("keeps to its digits where rounding reaches the next power of ten", () => {
    assert.equal(significant(0.0009999), "0.00100");
    assert.equal(significant(99.96), "100");
    assert.equal(significant(9999.7), "1.00e4");
    assert.equal(bytes(999_999), "1.00 MB");
    assert.equal(compact(999_960), "1.00 M");
  });

  it("says what is missing and what is not finite", () => {
    assert.equal(significant(null), missing);
    assert.equal(significant(undefined), "–");
    assert.equal(significant(Number.NaN), "NaN");
    assert.equal(significant(Number.NEGATIVE_INFINITY), "−∞");
    assert.equal(percent(null), "–");
    assert.equal(range(null, 1), "– … 1.00");
  });

  it("never writes a hyphen for a minus", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        for (const text of [significant(value), fixed(value, 3), signed(value), compact(Math.trunc(value % 1e15))])
          assert.ok(!text.includes("-"), text);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it("gives back the number it was given to three digits", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-30, max: 1e30, noNaN: true }), (value) => {
        const read = Number(significant(value).replaceAll(",", "").replaceAll("−", "-"));
        const digits = value >= 1000 && value < 9999.5 ? 4 : 3;
        assert.equal(read, Number(value.toPrecision(digits)));
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it("writes counts in full and short", () => {
    assert.equal(count(196_608), "196,608");
    assert.equal(compact(999), "999");
    assert.equal(compact(65_536), "65.5 k");
    assert.equal(compact(524_288), "524 k");
    assert.equal(compact(2_359_296), "2.36 M");
    assert.equal(compact(70_553_706_496), "70.6 B");
  });

  it("writes bytes in powers of ten", () => {
    assert.equal(bytes(0), "0 B");
    assert.equal(bytes(256), "256 B");
    assert.equal(bytes(393_216), "393 kB");
    assert.equal(bytes(8_397_400), "8.40 MB");
    assert.equal(bytes(14_500_000_000), "14.5 GB");
  });

  it("writes shares, changes, times and shapes", () => {
    assert.equal(percent(0.22812), "22.8 %");
    assert.equal(percent(0.0005), "0.05 %");
    assert.equal(percent(1), "100 %");
    assert.equal(signed(0.000651), "+6.51e−4");
    assert.equal(signed(-2), "−2.00");
    assert.equal(signedCount(26_970), "+26,970");
    assert.equal(signedCount(0), "0");
    assert.equal(duration(2600), "3 s");
    assert.equal(duration(125_000), "2 min 5 s");
    assert.equal(duration(7_260_000), "2 h 1 min");
    assert.equal(shape([768, 256]), "768 × 256");
    assert.equal(shape([32000, 4096], "×"), "32000×4096");
    assert.equal(shape([]), "scalar");
    assert.equal(percent(0), "0 %");
    assert.equal(percent(3e-10), "< 0.01 %");
  });

  it("takes separators from the locale", () => {
    setLocale("de");
    assert.equal(count(196_608), "196.608");
    assert.equal(significant(0.0527), "0,0527");
    assert.equal(significant(0.000651), "6,51e−4");
    setLocale("not a locale");
    assert.equal(count(1000), "1,000");
  });

  it("chooses decimals that keep a column comparable", () => {
    assert.equal(decimalsFor(0.12), 4);
    assert.equal(decimalsFor(1.09), 3);
    assert.equal(decimalsFor(30), 2);
    assert.equal(decimalsFor(5000), 0);
    assert.equal(decimalsFor(0), 0);
    assert.equal(fixed(-0.03162, decimalsFor(0.12)), "−0.0316");
  });
});
