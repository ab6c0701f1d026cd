import assert from "node:assert/strict";
import { Measurements } from "../../../src/extension/document/measurements";
import type { ScanState, TensorSummary } from "../../../src/protocol/editor";
import { FakeEngine, fakeCheckpoint, fakeHost, MemoryCache, settle } from "./fakeDocument";

const key = { uri: "file:///fake", content: "1", bins: 64 };

function measure(count: number, { engine = new FakeEngine(), cache = new MemoryCache(), decodable = [...Array(count).keys()] } = {}) {
  const host = fakeHost(engine, cache);
  const measurements = new Measurements(fakeCheckpoint(count), new Set(decodable), key, host);
  const states: ScanState[] = [];
  const batches: TensorSummary[][] = [];
  measurements.onDidChangeScan((state) => states.push(state));
  measurements.onDidMeasure((batch) => batches.push(batch));
  return { measurements, engine, host, states, batches };
}

describe("Measurements", () => {
  it("scans what can be decoded, once, and tells rows before the end", async () => {
    const { measurements, engine, states, batches } = measure(4, { decodable: [0, 1, 3] });
    measurements.scan();
    measurements.scan();
    await settle();
    assert.deepEqual(engine.asked, [[0, 1, 3]]);
    assert.deepEqual(
      batches.flat().map((summary) => summary.index),
      [0, 1, 3],
    );
    assert.equal(states[states.length - 1]?.kind, "done");
    assert.equal(measurements.summaries.length, 3);
    measurements.scan();
    await settle();
    assert.equal(engine.asked.length, 1, "nothing is left to measure");
  });

  it("sends few messages for many tensors", async () => {
    const { measurements, states, batches } = measure(2000);
    measurements.scan();
    await settle();
    assert.equal(batches.flat().length, 2000);
    assert.ok(batches.length <= 3, `${batches.length} batches`);
    assert.ok(states.length <= 4, `${states.length} states`);
  });

  it("keeps what was measured when it is cancelled, and goes on from there", async () => {
    const engine = new FakeEngine();
    const { measurements, host } = measure(5, { engine });
    let release = (): void => undefined;
    engine.gate = (index) => (index === 2 ? new Promise((resolve) => (release = resolve)) : Promise.resolve());
    measurements.scan();
    await settle();
    measurements.cancelScan();
    release();
    await settle();
    assert.deepEqual(measurements.scanState, { kind: "cancelled", tensors: 2 });
    assert.deepEqual(host.failures, []);
    assert.equal(host.jobs.entries[0]?.state.kind, "cancelled");
    engine.gate = () => Promise.resolve();
    measurements.scan();
    await settle();
    assert.deepEqual(engine.asked[1], [2, 3, 4]);
    assert.equal(measurements.scanState.kind, "done");
  });

  it("reports a failure as the scan's state, and once to the log", async () => {
    const engine = new FakeEngine();
    engine.failure = new Error("disk is gone");
    const { measurements, host } = measure(2, { engine });
    measurements.scan();
    await settle();
    assert.deepEqual(measurements.scanState, { kind: "failed", message: "disk is gone" });
    assert.equal(host.failures.length, 1);
  });

  it("measures a single tensor on demand, and knows it from then on", async () => {
    const { measurements, engine, batches } = measure(3);
    const { signal } = new AbortController();
    assert.equal((await measurements.detail(1, signal)).name, "w1");
    assert.equal((await measurements.detail(1, signal)).name, "w1");
    assert.deepEqual(engine.asked, [[1]]);
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.deepEqual(
      batches.flat().map((summary) => summary.index),
      [1],
    );
  });

  it("takes over what an earlier session measured, whole or in part, of the same content only", async () => {
    const cache = new MemoryCache();
    const first = measure(3, { cache });
    first.measurements.scan();
    await settle();

    const again = measure(3, { cache });
    await again.measurements.restore();
    assert.equal(again.measurements.scanState.kind, "done");
    assert.equal(again.measurements.summaries.length, 3);

    const larger = measure(4, { cache });
    await larger.measurements.restore();
    assert.equal(larger.measurements.scanState.kind, "none");
    assert.equal(larger.measurements.summaries.length, 3);

    const changed = new Measurements(fakeCheckpoint(3), new Set([0, 1, 2]), { ...key, content: "2" }, fakeHost(new FakeEngine(), cache));
    await changed.restore();
    assert.equal(changed.scanState.kind, "none");
  });

  it("stops with its content: nothing is told after it was disposed", async () => {
    const engine = new FakeEngine();
    const { measurements, states, batches } = measure(3, { engine });
    let release = (): void => undefined;
    engine.gate = () => new Promise((resolve) => (release = resolve));
    measurements.scan();
    await settle();
    const told = states.length + batches.length;
    measurements.dispose();
    release();
    await settle();
    assert.equal(states.length + batches.length, told);
  });
});
