import assert from "node:assert/strict";
import { CancelledError } from "../../../src/core/errors";
import type { FileRef } from "../../../src/core/fileRef";
import { JobRun, type TaskRunner } from "../../../src/jobs/jobRun";
import type { SharedControl } from "../../../src/jobs/tasks/control";
import { TaskControl } from "../../../src/jobs/tasks/control";
import type { ResultOf, Task } from "../../../src/jobs/tasks/task";
import { quiet } from "./harness";

interface Waiting {
  offset: number;
  control: SharedControl;
  answer(): void;
  fail(error: Error): void;
}

/** A pool whose tasks end when the test says so. */
class SlowPool implements TaskRunner {
  readonly waiting: Waiting[] = [];

  constructor(readonly threads: number) {}

  run<T extends Task>(task: T, _file: FileRef, control: SharedControl): Promise<ResultOf<T>> {
    return new Promise((resolve, reject) => {
      const offset = task.kind === "range" ? task.slice.offset : -1;
      this.waiting.push({ offset, control, answer: () => resolve({ low: offset, high: offset } as ResultOf<T>), fail: reject });
    });
  }

  /** Ends the oldest task, and lets what follows from it happen. */
  async step(end: (task: Waiting) => void = (task) => task.answer()): Promise<number> {
    const task = this.waiting.shift();
    assert.ok(task);
    end(task);
    await new Promise(setImmediate);
    return task.offset;
  }
}

const file: FileRef = { kind: "path", path: "none" };
const large = { bytes: 1e9, effort: 1 };

function rangeTask(offset: number): Task & { kind: "range" } {
  return { kind: "range", slice: { dtype: "F32", offset, values: 1 }, of: "float32" };
}

describe("a job on the pool", () => {
  it("gives the pool as many tasks as it has threads, and begins what was begun first", async () => {
    const pool = new SlowPool(2);
    const done = JobRun.run(pool, quiet(), large, async (run) => {
      const first = [0, 1, 2, 3].map((offset) => run.task(rangeTask(offset), file));
      await first[0];
      await Promise.all([7, 8, 9].map((offset) => run.nextTask(rangeTask(offset), file)));
      await Promise.all(first);
    });
    assert.equal(pool.waiting.length, 2);
    const order: number[] = [];
    for (let i = 0; i < 7; i++) {
      assert.ok(pool.waiting.length <= 2);
      order.push(await pool.step());
    }
    assert.deepEqual(order, [0, 1, 7, 8, 9, 2, 3]);
    await done;
  });

  it("takes one thread for what is small, more where each byte is more work", async () => {
    for (const [effort, width] of [
      [1, 1],
      [16, 2],
    ] as const) {
      const pool = new SlowPool(4);
      const done = JobRun.run(pool, quiet(), { bytes: 2 * 2 ** 20, effort }, (run) =>
        Promise.all([0, 1, 2].map((offset) => run.task(rangeTask(offset), file))),
      );
      assert.equal(pool.waiting.length, width);
      for (let i = 0; i < 3; i++) await pool.step();
      await done;
    }
  });

  it("makes the pieces of a long job as they are needed, and hands on their results in order", async () => {
    const pool = new SlowPool(2);
    let made = 0;
    function* pieces(): Generator<number> {
      while (made < 1e6) yield made++;
    }
    const handed: number[] = [];
    const done = JobRun.run(pool, quiet(), large, (run) =>
      run.inOrder(
        pieces(),
        (piece) => run.task(rangeTask(piece), file),
        (piece, { low }) => void handed.push(piece, low),
      ),
    );
    const failed = assert.rejects(done, /disk/);
    pool.waiting.reverse();
    assert.deepEqual([await pool.step(), handed], [1, []]);
    assert.deepEqual([await pool.step(), handed], [0, [0, 0, 1, 1]]);
    await pool.step((task) => task.fail(new Error("disk")));
    await failed;
    assert.ok(made < 10, `${made} pieces were made`);
  });

  it("ends at once when it is cancelled, whatever its tasks do", async () => {
    const pool = new SlowPool(1);
    const controller = new AbortController();
    const context = { signal: controller.signal, progress: () => undefined };
    const done = JobRun.run(pool, context, large, (run) => Promise.all([0, 1].map((offset) => run.task(rangeTask(offset), file))));
    new TaskControl(pool.waiting[0]!.control).check();
    controller.abort();
    await assert.rejects(done, CancelledError);
    assert.throws(() => new TaskControl(pool.waiting[0]!.control).check(), CancelledError);
    await pool.step();
    assert.equal(pool.waiting.length, 0, "a task was started after the end");
  });

  it("fails with the first failure, and starts nothing more", async () => {
    const pool = new SlowPool(2);
    const done = JobRun.run(pool, quiet(), large, (run) => Promise.all([0, 1, 2].map((offset) => run.task(rangeTask(offset), file))));
    const failed = assert.rejects(done, /disk/);
    await pool.step((task) => task.fail(new Error("disk")));
    await pool.step((task) => task.fail(new CancelledError()));
    await failed;
    assert.equal(pool.waiting.length, 0);
  });

  it("counts a byte that is read twice once", async () => {
    const pool = new SlowPool(1);
    const told: number[] = [];
    const context = { signal: new AbortController().signal, progress: (done: number) => void told.push(done) };
    const done = JobRun.run(pool, context, { bytes: 1000, effort: 1 }, (run) => run.task(rangeTask(0), file));
    const control = new TaskControl(pool.waiting[0]!.control);
    control.advance(1000, 0.5);
    await new Promise((resolve) => setTimeout(resolve, 150));
    control.advance(1000, 0.5);
    await pool.step();
    await done;
    assert.deepEqual(told, [500, 1000]);
  });
});
