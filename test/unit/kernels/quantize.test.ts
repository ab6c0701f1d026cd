import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { q4_0 } from "../../../src/core/quant/ggml/q4_0";
import { q4K } from "../../../src/core/quant/ggml/q4K";
import { q8_0 } from "../../../src/core/quant/ggml/q8_0";
import { outErrors, scratchBytes } from "../../../src/kernels/layout";
import { errors } from "../../../src/kernels/plain/errors";
import { distributions, sample } from "../../support/distributions";
import { assertClose, KernelMemory } from "../../support/kernelMemory";

const memory = new KernelMemory();
const fixtures = path.join(__dirname, "..", "..", "fixtures", "ggml");

const types = [
  { name: "q8_0", twin: q8_0, quantize: "quantizeQ8_0", fused: "q8_0Errors", block: 32, bytes: 34 },
  { name: "q4_0", twin: q4_0, quantize: "quantizeQ4_0", fused: "q4_0Errors", block: 32, bytes: 18 },
  { name: "q4_K", twin: q4K, quantize: "quantizeQ4_K", fused: "q4_KErrors", block: 256, bytes: 144 },
] as const;

type Type = (typeof types)[number];

function quantize(type: Type, values: Float32Array): Uint8Array {
  memory.reset();
  const bytes = (values.length / type.block) * type.bytes;
  const target = memory.room(bytes);
  const guard = memory.room(64);
  memory.kernels[type.quantize](memory.place(values), values.length, target, memory.room(scratchBytes.quantizeQ4_K));
  assert.ok(memory.bytes(guard, 64).every((byte) => byte === 0xa5));
  return memory.bytes(target, bytes).slice();
}

function twinBytes(type: Type, values: Float32Array): Uint8Array {
  const target = new Uint8Array((values.length / type.block) * type.bytes);
  type.twin.quantizeRows(values, values.length, target);
  return target;
}

/** Names the first block that differs, since two long byte strings say little. */
function assertSameBytes(type: Type, actual: Uint8Array, expected: Uint8Array): void {
  assert.equal(actual.length, expected.length);
  const at = actual.findIndex((byte, i) => byte !== expected[i]);
  assert.equal(
    at,
    -1,
    `${type.name}: byte ${at % type.bytes} of block ${Math.floor(at / type.bytes)}: ${actual[at]}, expected ${expected[at]}`,
  );
}

for (const type of types) {
  describe(`kernel ${type.quantize}`, () => {
    it("gives the bytes of the reference vectors", () => {
      const input = readFileSync(path.join(fixtures, "input_4x1024.f32"));
      const values = new Float32Array(new Uint8Array(input).buffer);
      assertSameBytes(type, quantize(type, values), readFileSync(path.join(fixtures, `${type.name}.bin`)));
    });

    for (const distribution of distributions) {
      it(`gives its twin's bytes on ${distribution}`, () => {
        const values = sample(distribution, 16_384, 7);
        assertSameBytes(type, quantize(type, values), twinBytes(type, values));
      });
    }

    it("gives its twin's bytes on blocks of zeros of either sign", () => {
      for (const zeros of [
        [0, 0],
        [-0, -0],
        [-0, 0],
        [0, -0],
      ]) {
        const values = Float32Array.from({ length: 256 }, (_, i) => (i === 0 ? zeros[0]! : zeros[1]!));
        assertSameBytes(type, quantize(type, values), twinBytes(type, values));
      }
    });

    it("gives its twin's bytes when the largest magnitude comes with both signs, in any place", () => {
      for (let first = 0; first < 32; first++) {
        for (const sign of [1, -1]) {
          const values = sample("uniform", 256, first + 1);
          values[first] = 2 * sign;
          values[(first + 7) % 32] = -2 * sign;
          assertSameBytes(type, quantize(type, values), twinBytes(type, values));
        }
      }
    });

    it("fused with errors: the same bytes, the decoded values and their errors", () => {
      for (const count of [type.block, 2048, 2048 + type.block, 10 * 2048 + 256]) {
        const values = sample("heavy tails", count, count);
        const bytes = twinBytes(type, values);
        const decoded = new Float32Array(count);
        type.twin.dequantizeRows(bytes, count, decoded);
        const expected = new Float64Array(outErrors.length);
        errors(values, decoded, expected);
        for (const keep of [true, false]) {
          memory.reset();
          const target = memory.room(bytes.length);
          const y = keep ? memory.room(count * 4) : 0;
          const out = memory.place(new Float64Array(outErrors.length));
          const scratch = memory.room(scratchBytes[type.fused]);
          const guard = memory.room(64);
          memory.kernels[type.fused](memory.place(values), count, target, y, out, scratch);
          assertSameBytes(type, memory.bytes(target, bytes.length), bytes);
          if (keep) assert.deepEqual(memory.floats(y, count), decoded);
          assert.ok(memory.bytes(guard, 64).every((byte) => byte === 0xa5));
          for (let i = 0; i < outErrors.length; i++) assertClose(memory.doubles(out, 8)[i]!, expected[i]!, 1e-12, `result ${i}`);
        }
      }
    });
  });
}

describe("rounding of the quantizers", () => {
  it("Q8_0 rounds halves away from zero, and what is just below a half towards it", () => {
    // The largest magnitude of 127 makes the scale exactly 1, so the codes are the rounded values.
    const below = 0.49999997;
    const values = new Float32Array(32);
    values.set([127, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 126.5, -126.5, below, -below, 1.4999999, -1.4999999]);
    const codes = new Int8Array(quantize(types[0], values).buffer, 2, 13);
    assert.deepEqual([...codes], [127, 1, -1, 2, -2, 3, -3, 127, -127, 0, 0, 1, -1]);
  });

  it("shows a block of NaN in its scale", () => {
    assert.deepEqual([...quantize(types[0], new Float32Array(32).fill(NaN)).subarray(0, 2)], [0x00, 0x7e]);
  });
});
