import assert from "node:assert/strict";
import { findTensor, globPattern, matchTensors } from "../../../src/cli/tensorNames";
import { checkpointOf, f32 } from "../jobs/harness";

const names = ["model.layers.0.q.weight", "model.layers.1.q.weight", "model.layers.10.q.bias", "a+b (c)"];

function checkpoint() {
  return checkpointOf(names.map((name) => f32(name, [1], Float32Array.of(1))));
}

describe("names of tensors", () => {
  it("match patterns as a whole", () => {
    const matches = (glob: string) => names.filter((name) => globPattern(glob).test(name));
    assert.deepEqual(matches("*"), names);
    assert.deepEqual(matches("*.q.weight"), names.slice(0, 2));
    assert.deepEqual(matches("model.layers.?.*"), names.slice(0, 2));
    assert.deepEqual(matches("model.layers.[1-9]*"), names.slice(1, 3));
    assert.deepEqual(matches("*.[!q].*"), names.slice(0, 2));
    assert.deepEqual(matches("a+b (c)"), ["a+b (c)"]);
    assert.deepEqual(matches("model"), []);
    assert.deepEqual(matches("modelxlayers*"), []);
  });

  it("give indices, all without a pattern", async () => {
    assert.deepEqual(matchTensors(await checkpoint(), "*.q.*"), [0, 1, 2]);
    assert.equal(matchTensors(await checkpoint(), undefined), undefined);
    assert.equal(findTensor(await checkpoint(), "a+b (c)"), 3);
  });

  it("are refused with the nearest ones", async () => {
    const opened = await checkpoint();
    const found = "model.layers.1.q.wieght";
    const hint = "Did you mean model.layers.1.q.weight, model.layers.0.q.weight, model.layers.10.q.bias?";
    assert.throws(() => findTensor(opened, found), { code: "no-tensor", fields: { found, hint } });
    assert.throws(() => matchTensors(opened, "nothing*"), { name: "UsageError", code: "no-tensor" });
    assert.throws(() => globPattern("[z-a]"), { code: "bad-glob" });
  });
});
