import assert from "node:assert/strict";
import { findDecoder } from "../../../src/core/decode/decoder";
import { findDType } from "../../../src/core/tensor/dtype";
import { type DecodedType, decodedTypes } from "../../../src/kernels/blockKernels";
import { randomFrom } from "../../support/distributions";
import { KernelMemory } from "../../support/kernelMemory";

const memory = new KernelMemory();

/** Asserts the same float32, zeros by sign and NaN by being one, and that nothing is written past the end. */
function compare(dtype: DecodedType, source: Uint8Array, count: number): void {
  memory.reset();
  const from = memory.place(source);
  const target = memory.room(count * 4);
  const guard = memory.room(64);
  memory.kernels[`decode${dtype}`](from, count, target);
  const expected = new Float32Array(count);
  const decoder = findDecoder(dtype);
  assert.ok(decoder);
  decoder.decode(source, expected);
  const actual = memory.floats(target, count);
  for (let i = 0; i < count; i++)
    assert.ok(Object.is(actual[i], expected[i]), `${dtype} value ${i}: ${actual[i]}, expected ${expected[i]}`);
  assert.ok(memory.bytes(guard, 64).every((byte) => byte === 0xa5));
}

const everyPattern = Uint16Array.from({ length: 65536 }, (_, pattern) => pattern);

function randomBytes(count: number, seed: number): Uint8Array {
  const random = randomFrom(seed);
  return Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
}

describe("kernels decode", () => {
  for (const dtype of ["F16", "BF16"] as const) {
    it(`${dtype} equals the plain decoder for every pattern and every length from 0 to 70`, () => {
      compare(dtype, new Uint8Array(everyPattern.buffer), 65536);
      for (let n = 0; n <= 70; n++) compare(dtype, new Uint8Array(everyPattern.slice(15_000, 15_000 + n).buffer), n);
    });
  }

  it("decodeF16 and decodeBF16 keep the bits of NaN", () => {
    const from = memory.place(everyPattern);
    const target = memory.room(65536 * 4);
    memory.kernels.decodeBF16(from, 65536, target);
    for (const pattern of [0x7f81, 0xffc1, 0x7fff]) assert.equal(memory.words(target, 65536)[pattern], (pattern << 16) >>> 0);
    memory.kernels.decodeF16(from, 65536, target);
    for (const pattern of [0x7c01, 0x7e00, 0x7fff])
      assert.equal(memory.words(target, 65536)[pattern], 0x7f800000 + ((pattern & 0x3ff) << 13));
  });

  for (const dtype of decodedTypes) {
    const { blockSize, blockBytes } = findDType(dtype)!;
    it(`${dtype} equals the plain decoder on random blocks, any scale included`, () => {
      for (const blocks of [0, 1, 2, 3, 7, 1000]) compare(dtype, randomBytes(blocks * blockBytes, blocks + 1), blocks * blockSize);
    });
  }
});
