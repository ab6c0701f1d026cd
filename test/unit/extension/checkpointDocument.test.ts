import assert from "node:assert/strict";
import { FormatError } from "../../../src/core/errors";
import { CheckpointDocument } from "../../../src/extension/document/checkpointDocument";
import { FakeEngine, FakeSource, fakeCheckpoint, fakeHost, settle } from "./fakeDocument";

function open(source = new FakeSource()) {
  const host = fakeHost(new FakeEngine());
  const document = new CheckpointDocument(source, host);
  const changes: string[] = [];
  const deletions: string[] = [];
  document.onDidChange((content) => changes.push(content.kind));
  document.onDidDelete((name) => deletions.push(name));
  return { source, host, document, changes, deletions };
}

describe("CheckpointDocument", () => {
  it("has its content after it was read, and closes the file at its end", async () => {
    const { document, source } = open();
    assert.equal(document.content, undefined);
    const content = await document.whenRead();
    assert.equal(content.kind === "ready" && content.snapshot.tensors.length, 3);
    document.dispose();
    await settle();
    assert.equal(source.closed, 1);
  });

  it("shows packed weights as they are stored when asked to", async () => {
    const source = new FakeSource();
    const plain = fakeCheckpoint(3);
    const stored = fakeCheckpoint(5).tensors;
    source.next = () => Promise.resolve({ ...plain, stored });
    const { document, changes } = open(source);
    const shown = async () => {
      const content = await document.whenReadable();
      return [content.snapshot.stored, content.checkpoint.tensors.length, content.opened.tensors.length];
    };
    assert.deepEqual(await shown(), [false, 3, 3]);
    await document.showStored(true);
    assert.deepEqual(await shown(), [true, 5, 3]);
    await document.showStored(true);
    assert.deepEqual(changes, ["ready"], "nothing is read again for what is shown already");
    await document.showStored(false);
    assert.deepEqual(await shown(), [false, 3, 3]);
    source.next = () => Promise.resolve(plain);
    await document.showStored(true);
    assert.deepEqual(await shown(), [undefined, 3, 3]);
  });

  it("turns a file that cannot be read into a finding", async () => {
    const source = new FakeSource();
    source.next = () => Promise.reject(new FormatError("sniff.lfs-pointer", "This is a pointer.", { hint: "Fetch it." }));
    const content = await open(source).document.whenRead();
    assert.deepEqual(content, {
      kind: "failed",
      diagnostic: { severity: "error", code: "sniff.lfs-pointer", message: "This is a pointer.", hint: "Fetch it." },
    });
  });

  it("reads again only what is different", async () => {
    const { document, source, changes } = open();
    await document.whenRead();
    await document.refresh();
    assert.equal(source.opened, 1);
    source.stamps.set("fake.safetensors", { bytes: 2, mtime: 2 });
    await document.refresh();
    assert.equal(source.opened, 2);
    assert.equal(source.closed, 1, "the old content is let go of");
    assert.deepEqual(changes, ["ready"]);
  });

  it("reads again a file written while it was being read, whatever its size and time say", async () => {
    const { document, source, changes } = open();
    await document.whenRead();
    source.stamps.set("fake.safetensors", { bytes: 1, mtime: Date.now() + 60_000 });
    await document.refresh();
    assert.deepEqual(changes, ["ready"]);
  });

  it("notices the files beside it that are part of it", async () => {
    const { document, source, changes } = open();
    await document.whenRead();
    assert.ok(document.concerns("fake.safetensors"));
    assert.ok(document.concerns("config.json"));
    assert.ok(!document.concerns("notes.txt"));
    source.stamps.set("config.json", { bytes: 10, mtime: 1 });
    await document.refresh();
    assert.deepEqual(changes, ["ready"]);
  });

  it("tells of a deletion, keeps its content, and reads the same file again when it is back", async () => {
    const { document, source, changes, deletions } = open();
    await document.whenRead();
    const stamp = source.stamps.get("fake.safetensors")!;
    source.stamps.delete("fake.safetensors");
    await document.refresh();
    assert.deepEqual(deletions, ["fake.safetensors"]);
    assert.equal(document.content?.kind, "ready");
    source.stamps.set("fake.safetensors", stamp);
    await document.refresh();
    assert.deepEqual(changes, ["ready"]);
  });

  it("takes the later of two readings, whichever ends first", async () => {
    const { document, source } = open();
    await document.whenRead();
    let finishSlow = (): void => undefined;
    source.next = () => new Promise((resolve) => (finishSlow = () => resolve(fakeCheckpoint(7))));
    const slow = document.reload();
    await settle();
    source.next = () => Promise.resolve(fakeCheckpoint(9));
    await document.reload();
    finishSlow();
    await slow;
    const content = document.content;
    assert.equal(content?.kind === "ready" && content.snapshot.tensors.length, 9);
  });

  it("closes what was still being read when it is disposed", async () => {
    const source = new FakeSource();
    let finish = (): void => undefined;
    source.next = () => new Promise((resolve) => (finish = () => resolve(fakeCheckpoint(1, () => (source.closed += 1)))));
    const { document } = open(source);
    await settle();
    document.dispose();
    finish();
    await settle();
    assert.equal(source.closed, 1);
  });
});
