import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { StoredStats } from "../../../src/extension/document/storedStats";
import { fakeStats } from "./fakeDocument";

describe("StoredStats", () => {
  const key = { uri: "file:///a.safetensors", content: "a:1:1", bins: 128 };
  const measured = new Map([[3, { ...fakeStats("w3"), mean: 1 / 3, kurtosis: null }]]);
  let folder = "";
  let failures: unknown[] = [];
  const store = () => new StoredStats(path.join(folder, "scans"), (error) => failures.push(error));

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "quantscope-stats-"));
    failures = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("gives back what it was given, to another session too", async () => {
    await store().save(key, measured);
    assert.deepEqual(await store().load(key), measured);
    assert.deepEqual(failures, []);
  });

  it("knows nothing of other contents, other bins, or files it never saw", async () => {
    await store().save(key, measured);
    assert.equal(await store().load({ ...key, content: "a:1:2" }), undefined);
    assert.equal(await store().load({ ...key, bins: 64 }), undefined);
    assert.equal(await store().load({ ...key, uri: "file:///b" }), undefined);
    assert.deepEqual(failures, []);
  });

  it("keeps only the newest content of a checkpoint", async () => {
    await store().save(key, measured);
    await store().save({ ...key, content: "a:2:2" }, measured);
    assert.equal(await store().load(key), undefined);
    assert.equal(readdirSync(path.join(folder, "scans")).length, 1);
  });

  it("takes a damaged file for none", async () => {
    await store().save(key, measured);
    const [name] = readdirSync(path.join(folder, "scans"));
    for (const content of ["{", '{"version":1}', '{"version":0,"tensors":[]}', "null"]) {
      writeFileSync(path.join(folder, "scans", name!), content);
      assert.equal(await store().load(key), undefined, content);
    }
    assert.deepEqual(failures, []);
  });

  it("forgets the oldest when there are many", async () => {
    for (let index = 0; index < 200; index += 1) await store().save({ ...key, uri: String(index) }, measured);
    const scans = path.join(folder, "scans");
    for (const name of readdirSync(scans)) utimesSync(path.join(scans, name), 2000, 2000);
    await store().save({ ...key, uri: "0" }, measured);
    await store().save({ ...key, uri: "new" }, measured);
    assert.equal(readdirSync(scans).length, 200);
    assert.ok(await store().load({ ...key, uri: "0" }));
    assert.ok(await store().load({ ...key, uri: "new" }));
  });

  it("reports what went wrong, and fails nobody", async () => {
    writeFileSync(path.join(folder, "scans"), "a file where the folder should be");
    await store().save(key, measured);
    assert.equal(failures.length, 1);
  });
});
