import assert from "node:assert/strict";
import { at } from "../../scripts/lib/paths.mjs";
import { run } from "../../scripts/lib/run.mjs";

describe("npm start", function () {
  this.timeout(240_000);

  it("prints an address where the sample checkpoint is open", async () => {
    const { code, output } = await run(process.execPath, [at("scripts/start.mjs"), "--check"]);
    assert.equal(code, 0, output);
    assert.match(output, /The sample checkpoint is open at http:\/\/127\.0\.0\.1:\d+\/ \(model\.safetensors/);
  });
});
