import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { CancelledError } from "../../../src/core/errors";
import { writeFileAtomically } from "../../../src/io/atomicFile";
import { refusalOf } from "../../support/openBytes";
import { temporaryFolder } from "../../support/temporaryFolder";

describe("writing a file atomically", () => {
  const path = temporaryFolder();
  let folder: string;
  let count = 0;

  beforeEach(() => {
    folder = path(`case${count++}`);
    mkdirSync(folder);
  });

  const target = (): string => `${folder}/out.bin`;
  const text = (): string => readFileSync(target(), "utf8");

  it("creates the file, with nothing else beside it", async () => {
    await writeFileAtomically(target(), async (handle) => {
      await handle.write("hello ");
      await handle.write("world");
    });
    assert.equal(text(), "hello world");
    assert.deepEqual(readdirSync(folder), ["out.bin"]);
  });

  it("shows the old content until the new is whole", async () => {
    writeFileSync(target(), "old");
    await writeFileAtomically(target(), async (handle) => {
      await handle.write("new");
      await handle.sync();
      assert.equal(text(), "old");
      assert.equal(readdirSync(folder).length, 2);
    });
    assert.equal(text(), "new");
  });

  it("leaves the old file and nothing else when writing fails", async () => {
    writeFileSync(target(), "old");
    const failure = new Error("no");
    await assert.rejects(
      writeFileAtomically(target(), async (handle) => {
        await handle.write("half");
        throw failure;
      }),
      (error) => error === failure,
    );
    assert.deepEqual([text(), readdirSync(folder)], ["old", ["out.bin"]]);
  });

  it("leaves the old file and nothing else when it is cancelled, before, during or after writing", async () => {
    writeFileSync(target(), "old");
    const before = AbortSignal.abort();
    await assert.rejects(
      writeFileAtomically(target(), () => assert.fail("wrote"), before),
      CancelledError,
    );
    const during = new AbortController();
    await assert.rejects(
      writeFileAtomically(
        target(),
        async (handle) => {
          await handle.write("new");
          during.abort();
        },
        during.signal,
      ),
      CancelledError,
    );
    assert.deepEqual([text(), readdirSync(folder)], ["old", ["out.bin"]]);
  });

  it("survives a handle that the writer closed", async () => {
    await assert.rejects(writeFileAtomically(target(), (handle) => handle.close()));
    assert.deepEqual(readdirSync(folder), []);
  });

  it("writes through a link, and keeps the mode of what it replaces", async function () {
    if (process.platform === "win32") return this.skip();
    writeFileSync(`${folder}/real`, "old");
    chmodSync(`${folder}/real`, 0o640);
    symlinkSync("real", target());
    await writeFileAtomically(target(), async (handle) => void (await handle.write("new")));
    assert.equal(readFileSync(`${folder}/real`, "utf8"), "new");
    assert.equal(statSync(`${folder}/real`).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(folder).sort(), ["out.bin", "real"]);
  });

  it("explains where it cannot write", async () => {
    const missing = await refusalOf(writeFileAtomically(`${folder}/none/out.bin`, async () => undefined));
    assert.deepEqual([missing.code, missing.fields.file], ["io.not-found", "out.bin"]);
    writeFileSync(target(), "x");
    assert.equal((await refusalOf(writeFileAtomically(`${target()}/out.bin`, async () => undefined))).code, "io.not-found");
    mkdirSync(`${folder}/taken`);
    writeFileSync(`${folder}/taken/x`, "");
    const taken = await refusalOf(writeFileAtomically(`${folder}/taken`, async () => undefined));
    assert.deepEqual([taken.code, readdirSync(folder).sort()], ["io.is-folder", ["out.bin", "taken"]]);
  });

  it("refuses a folder before anything is written", async () => {
    mkdirSync(`${folder}/taken`);
    for (const name of ["taken", "new/"]) {
      const error = await refusalOf(writeFileAtomically(`${folder}/${name}`, () => assert.fail("wrote")));
      assert.equal(error.code, "io.is-folder", name);
    }
  });

  it("leaves a device or pipe what it is", async function () {
    if (process.platform === "win32") return this.skip();
    execFileSync("mkfifo", [target()]);
    const error = await refusalOf(writeFileAtomically(target(), () => assert.fail("wrote")));
    assert.equal(error.code, "io.not-a-file");
    assert.ok(statSync(target()).isFIFO());
    assert.deepEqual(readdirSync(folder), ["out.bin"]);
  });

  it("explains a full disk", async function () {
    if (process.platform !== "linux") return this.skip();
    const error = await refusalOf(
      writeFileAtomically(target(), async () => {
        writeFileSync("/dev/full", "x");
      }),
    );
    assert.equal(error.code, "io.no-space");
    assert.deepEqual(readdirSync(folder), []);
  });
});
