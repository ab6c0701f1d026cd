import assert from "node:assert/strict";
import * as zlib from "node:zlib";
import { crc32 } from "../../../src/core/views/crc32";
import { patternBytes } from "../../support/safetensorsWriter";

describe("checksums of zip archives", () => {
  it("are those of zlib, for any length and in any parts", () => {
    const bytes = patternBytes(1000);
    for (let end = 0; end < 40; end++) assert.equal(crc32(bytes.subarray(0, end)), zlib.crc32(bytes.subarray(0, end)), `${end} bytes`);
    for (const cut of [1, 7, 8, 9, 500, 999]) assert.equal(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))), zlib.crc32(bytes));
  });
});
