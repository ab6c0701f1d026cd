import assert from "node:assert/strict";
import { openCheckpoint } from "../../../src/core/formats/open";
import { limits } from "../../../src/core/limits";
import { VscodeFolder, type VirtualFileSystem } from "../../../src/io/vscodeFolder";
import { namesOf, refusalOf } from "../../support/openBytes";
import { writeSafetensors } from "../../support/safetensorsWriter";

/** What `vscode.FileSystemError` throws. */
class FileSystemError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

const bytes = writeSafetensors([{ name: "s", dtype: "U8", shape: [3] }]);

/** A provider in memory, with folders and files of stated size. */
function provider(files: Readonly<Record<string, Uint8Array | number>>, broken?: string): VirtualFileSystem<string> & { reads: string[] } {
  const reads: string[] = [];
  const find = (uri: string): Uint8Array | number => {
    if (broken) throw new FileSystemError(broken);
    const found = files[uri];
    if (found === undefined) throw new FileSystemError("FileNotFound");
    return found;
  };
  return {
    reads,
    stat: async (uri) => {
      const found = find(uri);
      return typeof found === "number" ? { type: found < 0 ? 2 : 1, size: found } : { type: 1, size: found.length };
    },
    readFile: async (uri) => {
      reads.push(uri);
      const found = find(uri);
      return typeof found === "number" ? new Uint8Array(found) : found;
    },
    readDirectory: async () => {
      if (broken) throw new FileSystemError(broken);
      return Object.entries(files).map(
        ([uri, value]) => [uri.split("/").pop()!, value === -1 ? 2 : uri.endsWith("link") ? 65 : 1] as const,
      );
    },
  };
}

function folderOver(fs: VirtualFileSystem<string>): VscodeFolder<string> {
  return new VscodeFolder(fs, "repo:/model", "model", (folder, name) => `${folder}/${name}`);
}

describe("VscodeFolder", () => {
  it("opens a checkpoint into shared memory", async () => {
    const folder = folderOver(provider({ "repo:/model/model.safetensors": bytes, "repo:/model/sub": -1 }));
    assert.deepEqual(await folder.list(), ["model.safetensors"]);
    const checkpoint = await openCheckpoint(folder);
    assert.deepEqual(namesOf(checkpoint), ["s"]);
    const { file } = checkpoint.files[0]!;
    const ref = file!.ref;
    assert.ok(ref.kind === "memory" && ref.bytes instanceof SharedArrayBuffer);
    assert.deepEqual(new Uint8Array(ref.bytes), bytes);
    await checkpoint.close();
  });

  it("lists files and links to files", async () => {
    assert.deepEqual(await folderOver(provider({ "repo:/model/a": 1, "repo:/model/link": 1, "repo:/model/d": -1 })).list(), ["a", "link"]);
  });

  it("does not read what is too large, and says what to do", async () => {
    const fs = provider({ "repo:/model/big.safetensors": limits.virtualFileBytes + 1 });
    const error = await refusalOf(folderOver(fs).open("big.safetensors"));
    assert.deepEqual([error.code, error.fields.expected, error.fields.found], ["io.too-large", "at most 256 MiB", "257 MiB"]);
    assert.match(error.fields.hint ?? "", /Clone or download/);
    assert.deepEqual(fs.reads, []);
  });

  it("limits all open files together, and counts closed ones no more", async () => {
    const half = limits.virtualFileBytes / 2 + 1;
    const folder = folderOver(provider({ "repo:/model/a": half, "repo:/model/b": half }));
    const first = await folder.open("a");
    assert.equal((await refusalOf(folder.open("b"))).code, "io.too-large");
    await first.close();
    await first.close();
    const second = await folder.open("b");
    assert.equal((await refusalOf(folder.open("a"))).code, "io.too-large");
    await second.close();
  });

  it("distrusts the size that it was told", async () => {
    const fs = provider({ "repo:/model/a": 10 });
    fs.readFile = async () => new Uint8Array(limits.virtualFileBytes + 1);
    assert.equal((await refusalOf(folderOver(fs).open("a"))).code, "io.too-large");
  });

  it("explains the provider's errors", async () => {
    const codes: Record<string, string> = {
      FileNotFound: "io.not-found",
      FileIsADirectory: "io.is-folder",
      NoPermissions: "io.no-access",
      Unavailable: "io.failed",
      Unknown: "io.failed",
    };
    for (const [code, expected] of Object.entries(codes)) {
      const folder = folderOver(provider({}, code));
      for (const failing of [folder.open("a"), folder.list()]) {
        const error = await refusalOf(failing);
        assert.deepEqual([error.code, error.fields.found], [expected, code]);
        assert.ok(error.fields.hint);
      }
      assert.equal(await folder.exists("a"), false);
    }
  });

  it("opens a file where the provider cannot list, as that of git", async () => {
    const fs = provider({ "repo:/model/model.safetensors": bytes });
    fs.readDirectory = () => Promise.reject(new Error("Method not implemented."));
    assert.deepEqual(namesOf(await openCheckpoint(folderOver(fs), "model.safetensors")), ["s"]);
  });
});
