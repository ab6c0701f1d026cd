import assert from "node:assert/strict";
import { sizeAtBits } from "../../../src/core/estimate/sizeAtBits";

describe("size at bits per weight", () => {
  it("of 7.0e9 weights in four bits is 3.5 GB, an eighth of float32", () => {
    assert.deepEqual(sizeAtBits(7e9, 4), { parameters: 7e9, bytes: 3.5e9, plainBytes: 28e9, times: 8, saved: 0.875 });
  });

  it("takes whole bytes, and says where nothing is saved", () => {
    assert.equal(sizeAtBits(3, 4.5).bytes, 2);
    assert.ok(sizeAtBits(1e6, 32.5).saved < 0);
  });
});
