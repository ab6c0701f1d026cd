import assert from "node:assert/strict";
import { decodeBlocks } from "../../src/core/decode/ggml/decodeBlocks";
import { blockFormats } from "../../src/core/decode/ggml/formats";
import { randomFrom } from "../support/distributions";
import { ggmlOrSkip, type Ggml } from "../support/ggml";

const values = 1 << 16;
/** ggml has no function that decodes this one: it occurs in dot products only. */
const withoutDecoder = new Set(["Q8_1"]);

/** ggml's name of a type in its functions. */
const functionName = (id: string): string => id.toLowerCase().replace(/k$/, "K");

describe("decoding against the real ggml library, any bytes", () => {
  let ggml: Ggml;
  before(function () {
    ggml = ggmlOrSkip(this);
  });

  for (const format of blockFormats) {
    if (withoutDecoder.has(format.id)) continue;
    it(`${format.id}: ${values} values bit-equal, NaN and infinite scales included`, () => {
      const random = randomFrom(format.bytes);
      const bytes = Uint8Array.from({ length: (values / format.size) * format.bytes }, () => Math.floor(random() * 256));
      const decoded = new Float32Array(values);
      decodeBlocks(format, bytes, decoded);
      const expected = ggml.dequantize(functionName(format.id), bytes, values);
      const [ours, theirs] = [decoded, expected].map((floats) => new Uint32Array(floats.buffer)) as [Uint32Array, Uint32Array];
      const at = ours.findIndex((bits, i) => bits !== theirs[i] && !(Number.isNaN(decoded[i]) && Number.isNaN(expected[i])));
      assert.equal(at, -1, `value ${at % format.size} of block ${Math.floor(at / format.size)}: ${decoded[at]}, ggml ${expected[at]}`);
    });
  }
});
