import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { CancelledError, UsageError } from "../../../src/core/errors";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { folderOf, openPath } from "../../../src/io/openPath";
import { LayerStore } from "../../../src/jobs/calibrated/layerStore";
import { type PreparedWrite, prepareWrite } from "../../../src/jobs/prepareWrite";
import { readSamples } from "../../../src/jobs/textSamples";
import { writePrepared } from "../../../src/jobs/writePrepared";
import { temporaryFolder } from "../../support/temporaryFolder";
import { engineOf, quiet } from "./harness";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample");

describe("writing layers that are quantized with calibration", function () {
  this.timeout(60_000);
  const engine = engineOf(2);
  const at = temporaryFolder();
  let checkpoint: Checkpoint;
  before(async () => {
    checkpoint = await openPath(sample);
  });
  after(() => checkpoint.close());

  /** @param onLayer is called as each layer is done */
  async function prepared(name: string, onLayer?: (done: number, total: number) => void): Promise<PreparedWrite> {
    const folder = await folderOf(sample);
    const text = { path: path.join(sample, "calibration.txt") };
    const { samples } = await readSamples(checkpoint, folder, text, { count: 2, length: 32 }, quiet().signal);
    const calibration = { method: "gptq" as const, samples, onLayer: (_: unknown, done: number, total: number) => onLayer?.(done, total) };
    const request = { to: "gptq" as const, type: "int4-sym-g128", method: "gptq", out: at(name), calibration };
    return prepareWrite(engine(), { checkpoint, folder }, request, quiet());
  }

  it("tells how far both parts are as one, and goes on from where it was stopped", async () => {
    const whole = await prepared("whole");
    const told: [number, number][] = [];
    const context = { ...quiet(), progress: (done: number, total: number) => void told.push([done, total]) };
    await writePrepared(engine(), checkpoint, whole, context);
    told.forEach(([done, total], i) => assert.ok(done <= total && done >= (told[i - 1]?.[0] ?? 0), `${done} of ${total}`));
    assert.equal(new Set(told.map(([, total]) => total)).size, 1);
    assert.equal(told.at(-1)![0], told.at(-1)![1]);
    assert.equal(await LayerStore.isBegun(at("whole")), false);

    const controller = new AbortController();
    // Four layers of seven make the second block begin.
    const stopped = await prepared("again", (done) => done === 9 && controller.abort());
    await assert.rejects(writePrepared(engine(), checkpoint, stopped, { ...quiet(), signal: controller.signal }), CancelledError);
    assert.equal(await LayerStore.isBegun(at("again")), true);
    await writePrepared(engine(), checkpoint, await prepared("again"), quiet());
    const bytes = (name: string) => readFileSync(path.join(at(name), "model.safetensors"));
    assert.ok(bytes("again").equals(bytes("whole")));

    await assert.rejects(async () => {
      const other = new AbortController();
      const discarded = await prepared("discarded", (done) => done === 9 && other.abort());
      await writePrepared(engine(), checkpoint, discarded, { ...quiet(), signal: other.signal });
    }, CancelledError);
    await LayerStore.discard(at("discarded"));
    assert.equal(existsSync(LayerStore.folderOf(at("discarded"))), false);
  });

  it("says before it begins how much memory it takes", async () => {
    const { calibrated } = await prepared("memory");
    const bytes = await engine().memoryForWrite(calibrated!);
    assert.ok(bytes > 1e6 && bytes < 1e9, String(bytes));
    // One window again and again: a text that nothing could hold.
    const long = new Array<Int32Array>(2 ** 17).fill(new Int32Array(4096));
    const tooLong = { ...calibrated!, calibration: { ...calibrated!.calibration, samples: long } };
    await assert.rejects(engine().memoryForWrite(tooLong), (error) => error instanceof UsageError && error.code === "too-large");
  });
});
