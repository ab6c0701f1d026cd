import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { FileRef } from "../../../src/core/fileRef";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import type { ByteSource } from "../../../src/core/views/byteSource";
import { openView } from "../../../src/core/views/registry";
import { openSource } from "../../../src/jobs/tasks/byteSource";
import { type SharedControl, TaskControl } from "../../../src/jobs/tasks/control";
import { runHistogram } from "../../../src/jobs/tasks/histogramTask";
import { runScan } from "../../../src/jobs/tasks/scanTask";
import type { ResultOf, Task } from "../../../src/jobs/tasks/task";
import { Workspace } from "../../../src/jobs/tasks/workspace";
import { measureStats } from "../../../src/jobs/statsJob";
import type { TaskRunner } from "../../../src/jobs/jobRun";
import { builtFiles } from "../../support/builtFiles";
import { writeNpy } from "../../support/npyWriter";
import { openBytes } from "../../support/openBytes";
import { writeZip } from "../../support/zipWriter";
import { quiet } from "./harness";

/** Values of the array, which are three tasks and a little more. */
const rows = 26_000;
const columns = 1_000;

/** The array as numpy.savez_compressed writes it: little of it, so that it takes no time to be unpacked. */
async function archive(fortran: boolean): Promise<Checkpoint> {
  const values = new Float32Array(rows * columns);
  // Small integers, of which every sum is exact: a sum in another order has the same digits.
  for (let at = 0; at < values.length; at += 9_999) values[at] = 1 + (at % 31);
  const header = { descr: "'<f4'", fortran: fortran ? "True" : "False", shape: `(${rows}, ${columns})` };
  const bytes = writeNpy(header, new Uint8Array(values.buffer));
  return openBytes(writeZip([{ name: "w.npy", bytes, deflate: true }]), "w.npz");
}

/** One thread that counts what it reads of the file, as if that were on a disk. */
class CountingThread implements TaskRunner {
  readonly threads = 1;
  bytesRead = 0;
  private readonly workspace = new Workspace(new WebAssembly.Module(readFileSync(builtFiles.kernelsFile)));

  constructor(private readonly stamp: string) {}

  readonly open = (ref: FileRef): ByteSource => {
    if (ref.kind !== "memory") return openView(ref as Exclude<FileRef, { kind: "path" | "memory" }>, this.open);
    const inner = openSource(ref);
    return {
      stamp: this.stamp,
      read: (offset, target) => {
        this.bytesRead += target.length;
        inner.read(offset, target);
      },
      close: () => inner.close(),
    };
  };

  async run<T extends Task>(task: T, file: FileRef, control: SharedControl): Promise<ResultOf<T>> {
    await Promise.resolve();
    const source = this.open(file);
    const environment = { workspace: this.workspace, source, control: new TaskControl(control) };
    try {
      const result = task.kind === "scan" ? runScan(task, environment) : task.kind === "histogram" && runHistogram(task, environment);
      return result as ResultOf<T>;
    } finally {
      source.close();
    }
  }
}

describe("deflated arrays of several tasks", () => {
  const figures: unknown[] = [];

  for (const fortran of [false, true]) {
    it(`${fortran ? "column" : "row"} after ${fortran ? "column" : "row"}: unpacked once for each pass of statistics`, async () => {
      const checkpoint = await archive(fortran);
      const thread = new CountingThread(`stats/${fortran}`);
      const { tensors } = await measureStats(thread, { checkpoint }, quiet());
      figures.push({ ...tensors[0] });
      assert.equal(tensors[0]!.count, rows * columns);
      const packed = checkpoint.tensors[0]!.bytes;
      // Moments first, then the histogram, whose range is known by then.
      assert.equal(thread.bytesRead, 2 * packed);
    });
  }

  it("have the same statistics in both orders", () => assert.deepEqual(figures[0], figures[1]));

  it("column after column: unpacked once for 32 MiB of rows, in whatever parts they are read", async () => {
    const checkpoint = await archive(true);
    const { ref, offset } = checkpoint.tensors[0]!.source!;
    const thread = new CountingThread("rows");
    const bytes = 4 * rows * columns;
    const step = 700_001;
    let sum = 0;
    for (let start = 0; start < bytes; start += step) {
      const view = thread.open(ref);
      const part = new Uint8Array(Math.min(step, bytes - start));
      view.read(offset + start, part);
      view.close();
      for (const byte of part) sum += byte;
    }
    assert.equal(thread.bytesRead, 4 * checkpoint.tensors[0]!.bytes);
    let expected = 0;
    for (let at = 0; at < rows * columns; at += 9_999)
      for (const byte of new Uint8Array(Float32Array.of(1 + (at % 31)).buffer)) expected += byte;
    assert.equal(sum, expected);
  });
});
