import assert from "node:assert/strict";
import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from "node:fs";
import { CancelledError } from "../../../src/core/errors";
import { openPath } from "../../../src/io/openPath";
import { Engine } from "../../../src/jobs/engine";
import { builtFiles } from "../../support/builtFiles";
import { sample } from "../../support/distributions";
import { writeSafetensors } from "../../support/safetensorsWriter";
import { temporaryFolder } from "../../support/temporaryFolder";
import { checkpointOf, engineOf, f32, quiet } from "./harness";

/** A file with a header for `tensors` float32 tensors of `values` values each, and a hole instead of them. */
function writeSparse(path: string, tensors: number, values: number): void {
  const entries = Array.from({ length: tensors }, (_, i) => {
    return [`t${i}`, { dtype: "F32", shape: [values / 4096, 4096], data_offsets: [4 * values * i, 4 * values * (i + 1)] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)).padEnd(8192));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const handle = openSync(path, "w");
  writeSync(handle, Buffer.concat([length, header]));
  ftruncateSync(handle, 8 + header.length + 4 * values * tensors);
  closeSync(handle);
}

describe("a running job", () => {
  const engine = engineOf();
  const at = temporaryFolder();

  for (const [name, tensors, values] of [
    ["one tensor of 20 GB", 1, 5e9 - (5e9 % 4096)],
    ["twenty of 1 GB", 20, 250_003_456],
  ] as const) {
    it(`stops soon after it is cancelled: ${name}`, async () => {
      writeSparse(at("large.safetensors"), tensors, values);
      const checkpoint = await openPath(at("large.safetensors"));
      const controller = new AbortController();
      const context = {
        signal: controller.signal,
        progress: (done: number) => {
          if (done > 0) controller.abort();
        },
      };
      await assert.rejects(engine().stats({ checkpoint }, context), CancelledError);
      // The scan to its end would take longer than the test may. The workers are free again.
      const small = await checkpointOf([f32("a", [2], Float32Array.of(1, 2))]);
      assert.equal((await engine().stats({ checkpoint: small }, quiet())).tensors[0]!.mean, 1.5);
      await checkpoint.close();
    });
  }

  it("does not start once it is cancelled", async () => {
    const checkpoint = await checkpointOf([f32("a", [2], Float32Array.of(1, 2))]);
    const context = { signal: AbortSignal.abort(), progress: () => assert.fail("it ran") };
    await assert.rejects(engine().stats({ checkpoint }, context), CancelledError);
    await assert.rejects(engine().errors({ checkpoint, types: ["int8"] }, context), CancelledError);
    await assert.rejects(engine().heatmap({ checkpoint, tensor: 0, width: 2, height: 2 }, context), CancelledError);
    await assert.rejects(engine().values({ checkpoint, tensor: 0, row: 0, rows: 1, column: 0, columns: 2 }, context), CancelledError);
  });

  it("is cancelled when the engine is stopped, and the engine starts again when it is used again", async () => {
    writeSparse(at("stopped.safetensors"), 1, 5e8 - (5e8 % 4096));
    const checkpoint = await openPath(at("stopped.safetensors"));
    const own = new Engine({ ...builtFiles, threads: 2 });
    const job = own.stats({ checkpoint }, quiet());
    await Promise.all([assert.rejects(job, CancelledError), own.dispose()]);
    const small = await checkpointOf([f32("a", [2], Float32Array.of(1, 2))]);
    assert.equal((await own.stats({ checkpoint: small }, quiet())).tensors[0]!.mean, 1.5);
    await own.dispose();
    await checkpoint.close();
  });

  it("takes little memory, however large the file", async function () {
    this.timeout(60_000);
    writeSparse(at("memory.safetensors"), 1, 750_002_176);
    const checkpoint = await openPath(at("memory.safetensors"));
    const before = process.memoryUsage().rss;
    let most = before;
    const context = { ...quiet(), progress: () => void (most = Math.max(most, process.memoryUsage().rss)) };
    const report = await engine().stats({ checkpoint }, context);
    assert.equal(report.tensors[0]!.zero, 750_002_176);
    assert.ok(most - before < 300e6, `${(most - before) / 1e6} MB more for a file of 3 GB`);
    await checkpoint.close();
  });
});

describe("a job that fails", () => {
  const at = temporaryFolder();
  const engine = engineOf();

  it("says that a file became shorter after it was opened", async () => {
    const values = sample("normal", 3_000_000, 1);
    writeFileSync(at("cut.safetensors"), writeSafetensors([f32("a", [3000, 1000], values)]));
    const checkpoint = await openPath(at("cut.safetensors"));
    const handle = openSync(at("cut.safetensors"), "r+");
    ftruncateSync(handle, 5_000_000);
    closeSync(handle);
    await assert.rejects(engine().stats({ checkpoint }, quiet()), { name: "FormatError", code: "io.truncated" });
    await assert.rejects(engine().errors({ checkpoint, types: ["Q4_0"] }, quiet()), { code: "io.truncated" });
    await checkpoint.close();
  });

  it("says that a file is gone", async () => {
    const checkpoint = await checkpointOf([f32("a", [2], Float32Array.of(1, 2))]);
    const file = checkpoint.files[0]!;
    const gone = { ...checkpoint, files: [{ ...file, file: { ...file.file!, ref: { kind: "path" as const, path: at("gone") } } }] };
    await assert.rejects(engine().stats({ checkpoint: gone }, quiet()), { name: "FormatError", code: "io.not-found" });
  });

  it("says that a worker died, and does not wait for it", async () => {
    const checkpoint = await checkpointOf([f32("a", [2], Float32Array.of(1, 2))]);
    for (const [name, script] of [
      ["at its start", "process.exit(3);"],
      ["while loading", "throw new Error('no');"],
      ["at work", "exports.runTask = () => process.exit(3);"],
      ["by an error in a callback", "exports.runTask = () => new Promise(() => setTimeout(() => { throw new Error('late'); }, 5));"],
    ] as const) {
      writeFileSync(at("worker.js"), script);
      const own = new Engine({ ...builtFiles, workerFile: at("worker.js"), threads: 2 });
      await assert.rejects(own.stats({ checkpoint }, quiet()), /worker thread stopped/, name);
      await own.dispose();
    }
    const none = new Engine({ ...builtFiles, workerFile: at("none.js") });
    await assert.rejects(none.stats({ checkpoint }, quiet()), /none\.js is missing/);
  });
});
