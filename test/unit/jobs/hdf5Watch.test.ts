import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { FormatError } from "../../../src/core/errors";
import type { FileRef } from "../../../src/core/fileRef";
import { hdf5ReaderOf } from "../../../src/io/hdf5Reader";
import { readValues } from "../../../src/jobs/valuesJob";
import { createControl } from "../../../src/jobs/tasks/control";
import { WorkerPool } from "../../../src/jobs/workerPool";
import { provideBuiltHdf5 } from "../../support/hdf5";
import { writeHdf5 } from "../../support/hdf5Writer";
import { openBytes } from "../../support/openBytes";
import { temporaryFolder } from "../../support/temporaryFolder";
import { quiet } from "./harness";

const kernelsFile = path.join(__dirname, "..", "..", "..", "dist", "kernels.wasm");
const patience = 300;

function datasetOf(dataset: string): FileRef {
  const place = { source: { kind: "path", path: "/models/bad.h5" }, offset: 0, bytes: 1 } as const;
  return {
    kind: "swapped",
    source: { kind: "hdf5", ...place, dataset, shape: [1], itemBytes: 4, chunks: null },
    offset: 0,
    itemBytes: 4,
    size: 4,
  };
}

function isEndless(error: FormatError): boolean {
  assert.equal(error.code, "hdf5.endless");
  assert.deepEqual([error.fields.file, error.fields.tensor], ["bad.h5", "dense/kernel"]);
  return true;
}

describe("a dataset that the HDF5 library does not come to an end with", function () {
  this.timeout(30_000);
  const at = temporaryFolder();

  it("ends the thread of a job, with an error that names file and tensor, and the next job works", async () => {
    // Hangs inside of a call for that dataset; long work between calls is no reason to give up.
    writeFileSync(
      at("worker.js"),
      `exports.runTask = ({ file, pulse }) => {
        const word = new Int32Array(pulse);
        Atomics.add(word, 0, 1);
        if (file.source.dataset === "dense/kernel") for (;;);
        Atomics.add(word, 0, 1);
        for (const until = Date.now() + ${2 * patience}; Date.now() < until; );
        return { ok: true, result: "done" };
      };`,
    );
    const pool = new WorkerPool({ workerFile: at("worker.js"), kernelsFile, threads: 1, hdf5Patience: patience });
    try {
      const task = { kind: "range", slices: [] } as never;
      await assert.rejects(pool.run(task, datasetOf("dense/kernel"), createControl()), isEndless);
      assert.equal(await pool.run(task, datasetOf("dense/bias"), createControl()), "done");
    } finally {
      await pool.dispose();
    }
  });

  it("ends the thread that reads pages, and the next page has another", async () => {
    writeFileSync(
      at("reader.js"),
      `const { parentPort } = require("node:worker_threads");
      parentPort.on("message", ({ ref, bytes }) => {
        if (ref.source.dataset === "dense/kernel") for (;;);
        parentPort.postMessage({ ok: true, bytes: new Uint8Array(bytes).fill(7) });
      });`,
    );
    const reader = hdf5ReaderOf(at("reader.js"), patience);
    const [bad, good] = [reader.read(datasetOf("dense/kernel"), 0, 4), reader.read(datasetOf("dense/bias"), 0, 4)];
    await assert.rejects(bad, isEndless);
    assert.deepEqual([...(await good)], [7, 7, 7, 7]);
  });
});

describe("a page of an HDF5 dataset", () => {
  before(provideBuiltHdf5);

  it("is read in a thread of its own", async () => {
    const values = Float32Array.from({ length: 600 }, (_, index) => index / 8);
    const bytes = await writeHdf5((file) => {
      file.create_dataset({ name: "w", data: values, shape: [20, 30], chunks: [7, 8], compression: "gzip" });
    });
    const checkpoint = await openBytes(bytes, "m.h5");
    const page = await readValues({ checkpoint, tensor: 0, row: 5, rows: 2, column: 3, columns: 4 }, quiet());
    assert.deepEqual(
      page.values,
      [5, 6].map((row) => [3, 4, 5, 6].map((column) => (row * 30 + column) / 8)),
    );
  });
});
