import assert from "node:assert/strict";
import fc from "fast-check";
import { countBytes, countOf, decodeUtf8, findInvalidUtf8, hexBytes, quoteName, showUtf8 } from "../../../src/core/formats/text";

describe("text of files", () => {
  it("finds the first invalid byte exactly where the platform's decoder refuses", () => {
    const bytes = fc.uint8Array({ maxLength: 12 }).chain((random) =>
      // Mixes valid sequences with noise, so that cut and overlong forms come up.
      fc.array(fc.constantFrom(..."aéह😀")).map((letters) => new Uint8Array([...new TextEncoder().encode(letters.join("")), ...random])),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        const bad = findInvalidUtf8(input);
        assert.equal(bad < 0, decodeUtf8(input) !== undefined);
        if (bad >= 0) assert.notEqual(decodeUtf8(input.subarray(0, bad)), undefined);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });

  it("refuses surrogates, overlong forms and code points beyond the last", () => {
    for (const hex of ["eda080", "c080", "e08080", "f0808080", "f4908080", "f5808080", "80", "c3", "e282", "f09f98"]) {
      assert.equal(findInvalidUtf8(Buffer.from(hex, "hex")), 0, hex);
    }
  });

  it("shows bytes that are no text, and keeps the text around them", () => {
    assert.equal(showUtf8(Buffer.from("häßlich")), "häßlich");
    assert.equal(showUtf8(Buffer.from([0x61, 0xff, 0xc3, 0xa4, 0xe2, 0x82])), "a\\xFFä\\xE2\\x82");
    assert.equal(showUtf8(Buffer.from([0xef, 0xbb, 0xbf, 0x61])), "\uFEFFa");
  });

  it("writes numbers and names for people", () => {
    assert.equal(countOf(1234567), "1,234,567");
    assert.equal(countOf(999), "999");
    assert.equal(countBytes(1), "1 byte");
    assert.equal(countBytes(1000), "1,000 bytes");
    assert.equal(hexBytes(Uint8Array.of(0, 15, 255), 2), "00 0f");
    assert.equal(quoteName('a"\n'), '"a\\"\\n"');
    assert.equal(quoteName("x".repeat(200)).length, 120);
  });
});
