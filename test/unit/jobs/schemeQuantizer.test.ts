import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { CancelledError } from "../../../src/core/errors";
import { findScheme } from "../../../src/core/quant/registry";
import type { ByteScheme } from "../../../src/core/quant/scheme";
import { createControl, requestStop, TaskControl } from "../../../src/jobs/tasks/control";
import { schemeQuantizer } from "../../../src/jobs/tasks/schemeQuantizer";
import { Workspace } from "../../../src/jobs/tasks/workspace";
import { builtFiles } from "../../support/builtFiles";
import { randomFrom, sample } from "../../support/distributions";

describe("quantizer of a scheme", () => {
  const rows = 5;
  const columns = 4096;
  const values = sample("heavy tails", rows * columns, 3);
  const random = randomFrom(4);
  const importance = Float32Array.from({ length: columns }, () => random());
  let workspace: Workspace;
  before(() => {
    workspace = new Workspace(new WebAssembly.Module(readFileSync(builtFiles.kernelsFile)));
    workspace.floats(workspace.x, values.length).set(values);
  });

  function expected(scheme: ByteScheme, weights?: Float32Array): Uint8Array {
    const target = new Uint8Array(scheme.bytes([rows, columns]));
    scheme.quantizeRows(values, columns, target, weights);
    return target;
  }

  for (const id of ["f16", "fp8-e4m3", "Q8_0", "Q4_0", "Q4_1", "Q4_K", "Q6_K"]) {
    it(`gives the bytes of ${id}, with weights and without`, () => {
      const scheme = findScheme(id) as ByteScheme;
      const quantize = schemeQuantizer(scheme, { workspace, control: new TaskControl(createControl()) });
      assert.deepEqual(quantize(values.length, columns).slice(), expected(scheme));
      assert.deepEqual(quantize(values.length, values.length).slice(), expected(scheme));
      assert.deepEqual(quantize(values.length, columns, importance).slice(), expected(scheme, importance));
    });
  }

  it("stops plain code when the job is cancelled", () => {
    const control = createControl();
    const quantize = schemeQuantizer(findScheme("fp8-e4m3") as ByteScheme, { workspace, control: new TaskControl(control) });
    requestStop(control);
    assert.throws(() => quantize(values.length, columns), CancelledError);
  });
});
