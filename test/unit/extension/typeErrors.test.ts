import assert from "node:assert/strict";
import { CancelledError } from "../../../src/core/errors";
import { typeErrors } from "../../../src/extension/playground/typeErrors";
import type { ErrorsInput, ErrorsReport, JobContext } from "../../../src/jobs/contract";
import { fakeCheckpoint, fakeErrors } from "./fakeDocument";

/** An engine that gives a tenth of the values first, and all of them unless it was told to stop. */
class SamplingEngine {
  wasStopped = false;

  async errors(input: ErrorsInput, { signal }: JobContext): Promise<ErrorsReport> {
    const report = (error: number): ErrorsReport => ({
      tensors: [{ name: "w0", shape: [4, 8], types: Object.fromEntries(input.types.map((type) => [type, fakeErrors(error)])) }],
      total: {},
      skipped: [],
      elapsedMs: 1,
      bytesRead: 1,
    });
    input.onSampled?.({ ...report(0.5), share: 0.1 });
    await Promise.resolve();
    this.wasStopped = signal.aborted;
    if (signal.aborted) throw new CancelledError();
    return report(0.25);
  }
}

/** A checkpoint whose first tensor has so many values. */
function checkpointOf(rows: number) {
  const checkpoint = fakeCheckpoint(1);
  return { ...checkpoint, tensors: [{ ...checkpoint.tensors[0]!, shape: [rows, 1024] }] };
}

describe("errors of the playground", () => {
  const life = new AbortController();

  it("are those of all values, after a sample", async () => {
    const engine = new SamplingEngine();
    const sampled: number[] = [];
    const found = await typeErrors(engine, { checkpoint: checkpointOf(16), tensor: 0 }, ["int4"], life.signal, ({ share }) =>
      sampled.push(share),
    );
    assert.deepEqual(found, { figures: { int4: fakeErrors(0.25) }, share: 1 });
    assert.deepEqual([sampled, engine.wasStopped], [[0.1], false]);
  });

  it("stop at the sample where there are many values", async () => {
    const engine = new SamplingEngine();
    const none = () => assert.fail("the sample is the answer");
    const found = await typeErrors(engine, { checkpoint: checkpointOf(100_000), tensor: 0 }, ["int4"], life.signal, none);
    assert.deepEqual(found, { figures: { int4: fakeErrors(0.5) }, share: 0.1 });
    assert.equal(engine.wasStopped, true);
  });

  it("are withdrawn with the request", async () => {
    const aborted = AbortSignal.abort();
    const values = { checkpoint: checkpointOf(100_000), tensor: 0 };
    await assert.rejects(
      typeErrors(new SamplingEngine(), values, ["int4"], aborted, () => undefined),
      CancelledError,
    );
  });
});
