import assert from "node:assert/strict";
import { EarlySync } from "../../../src/io/earlySync";

const large = 2 ** 26;

/** A disk that answers when it is told to. */
class SlowDisk {
  readonly requests: { done: () => void; failed: (error: Error) => void }[] = [];

  datasync(): Promise<void> {
    return new Promise((done, failed) => this.requests.push({ done, failed }));
  }
}

describe("syncing a file while it is written", () => {
  it("asks when much has been written, and not again before the answer", async () => {
    const disk = new SlowDisk();
    const sync = new EarlySync(disk);
    sync.wrote(1);
    assert.equal(disk.requests.length, 0);
    sync.wrote(large);
    sync.wrote(large);
    assert.equal(disk.requests.length, 1);
    disk.requests[0]!.done();
    await sync.end();
    sync.wrote(1);
    assert.equal(disk.requests.length, 2);
  });

  it("waits for the answer in the end", async () => {
    const disk = new SlowDisk();
    const sync = new EarlySync(disk);
    sync.wrote(large);
    let ended = false;
    const end = sync.end().then(() => (ended = true));
    await new Promise(setImmediate);
    assert.equal(ended, false);
    disk.requests[0]!.done();
    await end;
  });

  it("says in the end what failed, and asks no more", async () => {
    const disk = new SlowDisk();
    const sync = new EarlySync(disk);
    sync.wrote(large);
    disk.requests[0]!.failed(new Error("the disk is broken"));
    await new Promise(setImmediate);
    sync.wrote(large);
    assert.equal(disk.requests.length, 1);
    await assert.rejects(sync.end(), /broken/);
  });
});
