import assert from "node:assert/strict";
import fc from "fast-check";
import { minifloats, minifloatTable } from "../../../src/core/decode/minifloat";
import { UsageError } from "../../../src/core/errors";
import { bitPattern, numberFormatFacts, patternOf } from "../../../src/core/numbers/bitPattern";
import { numberFormats } from "../../../src/core/numbers/numberFormat";
import { nf4 } from "../../../src/core/quant/codebook";

const refused = (code: string) => (error: unknown) => error instanceof UsageError && error.code === code;

describe("bits of number formats", () => {
  it("known patterns have their known values", () => {
    const known: [string, string, number | string][] = [
      ["fp32", "00111111100000000000000000000000", 1],
      ["fp32", "01111111100000000000000000000000", "Infinity"],
      ["bf16", "0100000001001001", 3.140625],
      ["fp16", "0011010101010101", 0.333251953125],
      ["fp16", "0111101111111111", 65504],
      ["fp8-e4m3", "01111110", 448],
      ["fp8-e4m3", "01111111", "NaN"],
      ["fp8-e5m2", "01111011", 57344],
      ["fp8-e5m2", "11111100", "-Infinity"],
      ["int8", "10000000", -128],
      ["fp4", "0111", 6],
      ["fp4", "1001", -0.5],
      ["nf4", "1111", 1],
      ["nf4", "0111", 0],
    ];
    for (const [format, bits, value] of known) {
      const found = bitPattern(format, parseInt(bits, 2));
      assert.equal(found.value, value, `${format} ${bits}`);
      assert.equal(found.bits, bits);
    }
  });

  for (const { id, kind, bits } of numberFormats) {
    it(`${id}: the pattern of a value is that of the value; its parts give it; neighbours are the nearest others`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 2 ** bits - 1 }), (pattern) => {
          const found = bitPattern(id, pattern);
          if (typeof found.value === "string") return;
          assert.equal(patternOf(id, found.value).value, found.value);
          if (kind === "float") {
            const sign = found.bits.startsWith("1") ? -1 : 1;
            assert.equal(sign * found.significand! * 2 ** found.power!, found.value);
          }
          for (const [other, direction] of [
            [found.below, -1],
            [found.above, 1],
          ] as const) {
            if (other === null) continue;
            assert.ok(direction * (other - found.value) > 0, `${other} from ${found.value}`);
            // Whatever lies between is rounded to one of the two.
            const between = Math.fround(found.value + (other - found.value) * 0.3);
            assert.ok([other, found.value].includes(patternOf(id, between).value as number));
          }
        }),
        { seed: 1, numRuns: 300 },
      );
    });
  }

  it("facts of the small formats are those of their tables", () => {
    for (const [id, format] of [
      ["fp8-e4m3", minifloats.F8_E4M3],
      ["fp8-e5m2", minifloats.F8_E5M2],
      ["fp4", minifloats.F4],
    ] as const) {
      const table = [...minifloatTable(format)].filter(Number.isFinite);
      const facts = numberFormatFacts().find((each) => each.id === id)!;
      assert.equal(facts.largest, Math.max(...table));
      assert.equal(facts.least, Math.min(...table.filter((value) => value > 0)));
      assert.equal(facts.values, new Set(table.map((value) => value + 0)).size);
    }
    const facts = Object.fromEntries(numberFormatFacts().map((each) => [each.id, each]));
    assert.deepEqual([facts["fp32"]!.largest, facts["fp32"]!.least], [3.4028234663852886e38, 1.401298464324817e-45]);
    assert.equal(facts["fp16"]!.largest, 65504);
    assert.deepEqual([facts["int8"]!.largest, facts["int8"]!.least, facts["int8"]!.values], [127, 1, 256]);
    assert.deepEqual([facts["nf4"]!.largest, facts["nf4"]!.least, facts["nf4"]!.values], [1, nf4.values[8], 16]);
  });

  it("what no format has is refused", () => {
    assert.throws(() => bitPattern("fp5", 0), refused("unknown-type"));
    for (const wrong of [-1, 16, 0.5, NaN]) assert.throws(() => bitPattern("fp4", wrong), refused("bad-pattern"));
  });
});
