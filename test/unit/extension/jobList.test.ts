import assert from "node:assert/strict";
import { CancelledError, throwIfAborted } from "../../../src/core/errors";
import { JobList, type JobRequest } from "../../../src/extension/jobs/jobList";
import type { JobContext } from "../../../src/jobs/contract";

function request(work: (context: JobContext) => Promise<number>, signal = new AbortController().signal): JobRequest<number> {
  return { title: "Scan", target: "model", uri: "file:///model", signal, work, describe: (result) => `${result} tensors` };
}

/** Work that lasts until it is cancelled. */
function endless(started: (context: JobContext) => void): JobRequest<number>["work"] {
  return (context) =>
    new Promise((_, reject) => {
      context.signal.addEventListener("abort", () => reject(new CancelledError()));
      started(context);
    });
}

describe("JobList", () => {
  it("follows a job from its start through its progress to its result", async () => {
    const jobs = new JobList();
    const kinds: string[] = [];
    jobs.onDidChange(() => kinds.push(JSON.stringify(jobs.entries[0]?.state)));
    const result = await jobs.run(
      request(async (context) => {
        context.progress(5, 10);
        return 3;
      }),
    );
    assert.equal(result, 3);
    assert.deepEqual(
      kinds.map((text) => JSON.parse(text) as unknown),
      [
        { kind: "running", doneBytes: 0, totalBytes: 0 },
        { kind: "running", doneBytes: 5, totalBytes: 10 },
        { kind: "done", result: "3 tensors" },
      ],
    );
  });

  it("cancels by identifier, and tells the caller", async () => {
    const jobs = new JobList();
    const running = jobs.run(request(endless(() => queueMicrotask(() => jobs.cancel(jobs.entries[0]!.id)))));
    await assert.rejects(running, CancelledError);
    assert.deepEqual(jobs.entries[0]?.state, { kind: "cancelled" });
  });

  it("cancels when the caller does", async () => {
    const jobs = new JobList();
    const caller = new AbortController();
    const running = jobs.run(
      request(
        endless(() => queueMicrotask(() => caller.abort())),
        caller.signal,
      ),
    );
    await assert.rejects(running, CancelledError);
    assert.equal(jobs.running.length, 0);
  });

  it("keeps the message of a failure and passes the failure on", async () => {
    const jobs = new JobList();
    await assert.rejects(jobs.run(request(() => Promise.reject(new Error("disk is gone")))), /disk is gone/);
    assert.deepEqual(jobs.entries[0]?.state, { kind: "failed", message: "disk is gone" });
  });

  it("ignores progress that arrives after the end", async () => {
    const jobs = new JobList();
    let late: JobContext | undefined;
    await jobs.run(
      request(async (context) => {
        late = context;
        return 1;
      }),
    );
    late?.progress(1, 2);
    assert.equal(jobs.entries[0]?.state.kind, "done");
  });

  it("lists the newest first, keeps twenty finished ones, and clears them but not the running", async () => {
    const jobs = new JobList();
    for (let index = 0; index < 25; index += 1) await jobs.run(request(() => Promise.resolve(index)));
    assert.equal(jobs.entries.length, 20);
    assert.deepEqual(jobs.entries[0]?.state, { kind: "done", result: "24 tensors" });
    const caller = new AbortController();
    const running = jobs.run(
      request(
        endless((context) => throwIfAborted(context.signal)),
        caller.signal,
      ),
    );
    jobs.clearFinished();
    assert.deepEqual(
      jobs.entries.map((job) => job.state.kind),
      ["running"],
    );
    caller.abort();
    await assert.rejects(running, CancelledError);
  });

  it("cancels everything when it is disposed", async () => {
    const jobs = new JobList();
    const running = jobs.run(request(endless(() => queueMicrotask(() => jobs.dispose()))));
    await assert.rejects(running, CancelledError);
  });
});
