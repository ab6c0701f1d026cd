import assert from "node:assert/strict";
import { validateBlocks } from "../../src/core/measure/validateBlocks";
import { decodeBlocks } from "../../src/core/decode/ggml/decodeBlocks";
import { blockFormats } from "../../src/core/decode/ggml/formats";
import { randomFrom } from "../support/distributions";
import { ggmlName, ggmlOrSkip, ggmlTypeIds, type Ggml } from "../support/ggml";

const values = 1 << 16;
/** An intermediate form of dot products: ggml has no function that decodes or validates it. */
const intermediate = "Q8_1";

const randomBytes = (length: number, random: () => number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256));

describe("decoding against the real ggml library, any bytes", () => {
  let ggml: Ggml;
  before(function () {
    ggml = ggmlOrSkip(this);
  });

  for (const format of blockFormats.filter(({ id }) => id !== intermediate)) {
    it(`${format.id}: ${values} values bit-equal, NaN and infinite scales included`, () => {
      const bytes = randomBytes((values / format.size) * format.bytes, randomFrom(format.bytes));
      const decoded = new Float32Array(values);
      decodeBlocks(format, bytes, decoded);
      const expected = ggml.dequantize(ggmlName(format.id), bytes, values);
      const [ours, theirs] = [decoded, expected].map((floats) => new Uint32Array(floats.buffer)) as [Uint32Array, Uint32Array];
      const at = ours.findIndex((bits, i) => bits !== theirs[i] && !(Number.isNaN(decoded[i]) && Number.isNaN(expected[i])));
      assert.equal(at, -1, `value ${at % format.size} of block ${Math.floor(at / format.size)}: ${decoded[at]}, ggml ${expected[at]}`);
    });

    it(`${format.id}: blocks are valid where the library says so`, () => {
      const random = randomFrom(format.size);
      const valid = new Set<boolean>();
      for (let run = 0; run < 500; run++) {
        // Each byte on its own takes one of the values that make scales invalid, often enough.
        const bytes = randomBytes(3 * format.bytes, random).map((byte) => (random() < 0.05 ? (random() < 0.5 ? 0x7c : 0xff) : byte));
        const expected = ggml.validate(ggmlTypeIds[ggmlName(format.id)], bytes);
        const found = validateBlocks(format.id, bytes);
        assert.equal(found === undefined, expected, JSON.stringify(found));
        valid.add(expected);
      }
      assert.deepEqual([...valid].sort(), format.id === "NVFP4" ? [true] : [false, true]);
    });
  }

  for (const type of ["F32", "F16", "BF16"] as const) {
    it(`${type}: values are valid where the library says so`, () => {
      const random = randomFrom(7);
      for (let run = 0; run < 300; run++) {
        const bytes = randomBytes(4 * (1 + Math.floor(random() * 40)), random);
        assert.equal(validateBlocks(type, bytes) === undefined, ggml.validate(ggmlTypeIds[ggmlName(type)], bytes));
      }
    });
  }
});
