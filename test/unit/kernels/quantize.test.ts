import assert from "node:assert/strict";
import { findScheme } from "../../../src/core/quant/registry";
import type { ByteScheme } from "../../../src/core/quant/scheme";
import { findDType } from "../../../src/core/tensor/dtype";
import { blockTypes, type BlockType, floatTypes } from "../../../src/kernels/blockKernels";
import { scratchBytes } from "../../../src/kernels/layout";
import { distributions, importance, randomFrom, sample } from "../../support/distributions";
import { ggmlName } from "../../support/ggml";
import { KernelMemory } from "../../support/kernelMemory";
import { vectorBytes, vectorImportance, vectorInput, weightedVectorBytes } from "../quant/ggmlFixtures";

const memory = new KernelMemory();

interface Type {
  id: BlockType;
  twin: ByteScheme;
  /** Bytes of a block. */
  bytes: number;
}

const types = blockTypes.map((id): Type => ({ id, twin: findScheme(id) as ByteScheme, bytes: findDType(id)!.blockBytes }));

function quantize({ id, twin }: Type, values: Float32Array, importance?: Float32Array): Uint8Array {
  memory.reset();
  const bytes = twin.bytes([values.length]);
  const target = memory.room(bytes);
  const guard = memory.room(64);
  const x = memory.place(values);
  const scratch = memory.room(scratchBytes.quantize);
  const scratchGuard = memory.room(64);
  memory.kernels[`quantize${id}`](x, values.length, target, scratch, importance ? memory.place(importance) : 0, importance?.length ?? 0);
  for (const address of [guard, scratchGuard]) assert.ok(memory.bytes(address, 64).every((byte) => byte === 0xa5));
  return memory.bytes(target, bytes).slice();
}

function twinBytes({ twin }: Type, values: Float32Array, importance?: Float32Array): Uint8Array {
  const target = new Uint8Array(twin.bytes([values.length]));
  twin.quantizeRows(values, importance?.length ?? values.length, target, importance);
  return target;
}

/** Names the first block that differs, since two long byte strings say little. */
function assertSameBytes(type: Type, actual: Uint8Array, expected: Uint8Array): void {
  assert.equal(actual.length, expected.length);
  const at = actual.findIndex((byte, i) => byte !== expected[i]);
  assert.equal(
    at,
    -1,
    `${type.id}: byte ${at % type.bytes} of block ${Math.floor(at / type.bytes)}: ${actual[at]}, expected ${expected[at]}`,
  );
}

for (const type of types) {
  describe(`kernel quantize${type.id}`, () => {
    it("gives the bytes of the reference vectors", () => {
      assertSameBytes(type, quantize(type, vectorInput()), vectorBytes(ggmlName(type.id)));
    });

    it("gives the bytes of the reference vectors with importance weights", () => {
      assertSameBytes(type, quantize(type, vectorInput(), vectorImportance()), weightedVectorBytes(ggmlName(type.id)));
    });

    for (const [index, distribution] of distributions.entries()) {
      it(`gives its twin's bytes with importance weights on ${distribution}`, () => {
        const { blockSize } = type.twin;
        for (const columns of [1024, blockSize, 5 * blockSize]) {
          const values = sample(distribution, 12 * columns, 8);
          const weights = importance(columns, index);
          assertSameBytes(type, quantize(type, values, weights), twinBytes(type, values, weights));
        }
      });

      it(`gives its twin's bytes on ${distribution}`, () => {
        const values = sample(distribution, 16_384, 7);
        assertSameBytes(type, quantize(type, values), twinBytes(type, values));
      });
    }

    it("ends where values are NaN, in place of searching the whole memory for one that is there", () => {
      for (const period of [1, 2, 3, 7, 31, 33]) {
        const values = Float32Array.from(sample("normal", 4 * 256, 9), (value, i) => (i % period === 0 ? Number.NaN : value));
        quantize(type, values);
        quantize(type, values, importance(256, 1));
      }
    });

    it("gives its twin's bytes for any number of blocks", () => {
      for (let blocks = 1; blocks <= 9; blocks++) {
        const values = sample("normal", blocks * type.twin.blockSize, blocks);
        assertSameBytes(type, quantize(type, values), twinBytes(type, values));
      }
    });

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
  });
}

describe("rounding of the quantizers", () => {
  const q8_0 = types.find(({ id }) => id === "Q8_0")!;

  it("Q8_0 rounds halves away from zero, and what is just below a half towards it", () => {
    // The largest magnitude of 127 makes the scale exactly 1, so the codes are the rounded values.
    const below = 0.49999997;
    const values = new Float32Array(32);
    values.set([127, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 126.5, -126.5, below, -below, 1.4999999, -1.4999999]);
    const codes = new Int8Array(quantize(q8_0, values).buffer, 2, 13);
    assert.deepEqual([...codes], [127, 1, -1, 2, -2, 3, -3, 127, -127, 0, 0, 1, -1]);
  });

  it("shows a block of NaN in its scale", () => {
    assert.deepEqual([...quantize(q8_0, new Float32Array(32).fill(NaN)).subarray(0, 2)], [0x00, 0x7e]);
  });
});

describe("kernels round", () => {
  for (const type of floatTypes) {
    it(`to ${type} as the plain scheme, any pattern, halves between two, and every length from 0 to 20`, () => {
      const scheme = findScheme(type) as ByteScheme;
      const random = randomFrom(9);
      const patterns = Uint32Array.from({ length: 200_000 }, (_, i) => (i < 131_072 ? i << 15 : Math.floor(random() * 2 ** 32)));
      for (const count of [patterns.length, ...Array.from({ length: 21 }, (_, n) => n)]) {
        const values = new Float32Array(patterns.buffer, 0, count);
        const expected = new Uint8Array(2 * count);
        scheme.quantizeRows(values, count, expected);
        memory.reset();
        const target = memory.room(2 * count);
        const guard = memory.room(64);
        memory.kernels[`quantize${type}`](memory.place(values), count, target, 0, 0, 0);
        assert.deepEqual(memory.bytes(target, 2 * count), expected);
        assert.ok(memory.bytes(guard, 64).every((byte) => byte === 0xa5));
      }
    });
  }
});
