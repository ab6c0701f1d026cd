import assert from "node:assert/strict";
import { minifloats, minifloatTable } from "../../../src/core/decode/minifloat";
import { minifloatRounder } from "../../../src/core/quant/minifloatRounding";
import { findScheme, isByteScheme } from "../../../src/core/quant/registry";

/** The float32 neighbours of a positive value. */
function neighbours(value: number): [number, number] {
  const float = Float32Array.of(value);
  const bits = new Uint32Array(float.buffer);
  const pattern = bits[0]!;
  bits[0] = pattern - 1;
  const below = float[0]!;
  bits[0] = pattern + 1;
  return [below, float[0]!];
}

describe("8-bit float rounding", () => {
  for (const [name, format, largest] of [
    ["E4M3", minifloats.F8_E4M3, 448],
    ["E5M2", minifloats.F8_E5M2, 57_344],
  ] as const) {
    const round = minifloatRounder(format);
    const table = minifloatTable(format);
    const positive = Array.from({ length: 128 }, (_, code) => code).filter((code) => Number.isFinite(table[code]!));

    it(`${name}: every code survives the round trip`, () => {
      for (const code of positive) {
        assert.equal(round(table[code]!), code);
        assert.equal(round(-table[code]!), code | 128);
      }
    });

    it(`${name}: between two codes the nearer wins, at the midpoint the even one`, () => {
      for (let i = 0; i + 1 < positive.length; i++) {
        const low = positive[i]!;
        const middle = (table[low]! + table[low + 1]!) / 2;
        const [below, above] = neighbours(middle);
        assert.equal(round(middle), low % 2 === 0 ? low : low + 1);
        assert.equal(round(below), low);
        assert.equal(round(above), low + 1);
      }
    });

    it(`${name}: saturates beyond ${largest} and keeps NaN`, () => {
      for (const value of [largest, largest * 1.5, 1e30, Infinity]) {
        assert.equal(table[round(value)], largest);
        assert.equal(table[round(-value)], -largest);
      }
      assert.ok(Number.isNaN(table[round(NaN)]!));
    });
  }
});

describe("float schemes", () => {
  it("take their width and nothing more", () => {
    const sizes = ["f32", "f16", "bf16", "fp8-e4m3", "fp8-e5m2"].map((id) => findScheme(id).bytes([3, 5]));
    assert.deepEqual(sizes, [60, 30, 30, 15, 15]);
  });

  it("f32 keeps every bit, at any offset of the source", () => {
    const scheme = findScheme("f32");
    assert.ok(isByteScheme(scheme));
    const backing = Float32Array.of(9, 1.5, -0, NaN, 1e-45, -Infinity);
    const source = backing.subarray(1);
    const bytes = new Uint8Array(20);
    scheme.quantizeRows(source, 5, bytes);
    const back = new Float32Array(5);
    scheme.dequantizeRows(bytes, 5, back);
    assert.deepEqual(new Uint32Array(back.buffer), new Uint32Array(source.slice().buffer));
  });
});
