import assert from "node:assert/strict";
import { bfloat16ToFloat, floatToBfloat16 } from "../../../src/core/decode/bfloat16";
import { floatToHalf, halfTable, halfToFloat } from "../../../src/core/decode/half";

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

function fromBits(pattern: number): number {
  bits[0] = pattern;
  return float[0]!;
}

function neighbours(value: number): [number, number] {
  float[0] = value;
  const pattern = bits[0]!;
  return [fromBits(pattern - 1), fromBits(pattern + 1)];
}

describe("F16", () => {
  it("knows the landmarks of binary16", () => {
    const cases: [number, number][] = [
      [0x0001, 2 ** -24],
      [0x03ff, 1023 * 2 ** -24],
      [0x0400, 2 ** -14],
      [0x3555, 0.333251953125],
      [0x3c00, 1],
      [0x7bff, 65_504],
      [0x7c00, Infinity],
      [0xc000, -2],
    ];
    for (const [half, value] of cases) {
      assert.equal(halfToFloat(half), value);
      assert.equal(floatToHalf(value), half);
    }
    assert.ok(Object.is(halfToFloat(0x8000), -0));
    assert.equal(floatToHalf(-0), 0x8000);
    assert.ok(Number.isNaN(halfToFloat(0x7e00)));
    assert.equal(floatToHalf(NaN), 0x7e00);
  });

  it("every half survives the round trip, by function and by table", () => {
    const table = halfTable();
    for (let half = 0; half < 65_536; half++) {
      const value = halfToFloat(half);
      assert.ok(Object.is(table[half], value));
      if (!Number.isNaN(value)) assert.equal(floatToHalf(value), half);
    }
  });

  it("between any two halves the nearer wins, at the midpoint the even one, the step to infinity included", () => {
    for (let half = 0; half < 0x7c00; half++) {
      const low = halfToFloat(half);
      const high = half === 0x7bff ? 65_536 : halfToFloat(half + 1);
      const middle = (low + high) / 2;
      const [below, above] = neighbours(middle);
      assert.equal(floatToHalf(middle), half + (half & 1));
      assert.equal(floatToHalf(below), half);
      assert.equal(floatToHalf(above), half + 1);
      assert.equal(floatToHalf(-middle), 0x8000 | (half + (half & 1)));
    }
    assert.equal(floatToHalf(3e38), 0x7c00);
  });
});

describe("BF16", () => {
  it("every pattern survives the round trip", () => {
    for (let pattern = 0; pattern < 65_536; pattern++) {
      const value = bfloat16ToFloat(pattern);
      if (!Number.isNaN(value)) assert.equal(floatToBfloat16(value), pattern);
    }
  });

  it("rounds the dropped half to nearest, ties to even", () => {
    for (const pattern of [0x0000, 0x0001, 0x3f80, 0x3f81, 0x7f7e, 0x7f7f, 0x8001]) {
      const base = pattern * 65_536;
      assert.equal(floatToBfloat16(fromBits(base + 0x7fff)), pattern);
      assert.equal(floatToBfloat16(fromBits(base + 0x8000)), pattern + (pattern & 1));
      assert.equal(floatToBfloat16(fromBits(base + 0x8001)), pattern + 1);
    }
  });

  it("keeps NaN a NaN, even one whose kept bits are all zero", () => {
    assert.ok(Number.isNaN(bfloat16ToFloat(floatToBfloat16(fromBits(0x7fc00001)))));
    assert.ok(Number.isNaN(bfloat16ToFloat(floatToBfloat16(fromBits(0x7f800001)))));
  });
});
