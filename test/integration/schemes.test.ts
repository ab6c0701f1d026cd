import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import { closeAllEditors, openEditor, quantscope, sampleFile, until } from "./support/extension";

/** A file system without ranges and without a disk: one good checkpoint, and one that claims to be larger than what is read whole. */
class MemoryFiles implements vscode.FileSystemProvider {
  private readonly events = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.events.event;
  readonly files = new Map<string, { bytes: Uint8Array; size: number }>();

  private find(uri: vscode.Uri): { bytes: Uint8Array; size: number } {
    const file = this.files.get(uri.path);
    if (!file) throw vscode.FileSystemError.FileNotFound(uri);
    return file;
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    if (uri.path === "/") return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    return { type: vscode.FileType.File, ctime: 1, mtime: 1, size: this.find(uri).size };
  }

  readDirectory(): [string, vscode.FileType][] {
    return [...this.files.keys()].map((path) => [path.slice(1), vscode.FileType.File]);
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.find(uri).bytes;
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}

describe("checkpoints that are not on a disk", () => {
  const files = new MemoryFiles();
  let registration: vscode.Disposable;

  before(() => {
    const bytes = new Uint8Array(readFileSync(sampleFile().fsPath));
    files.files.set("/sample.safetensors", { bytes, size: bytes.length });
    files.files.set("/huge.safetensors", { bytes: bytes.subarray(0, 8), size: 3e9 });
    registration = vscode.workspace.registerFileSystemProvider("quantscope-memory", files, { isReadonly: true });
  });
  after(() => registration.dispose());
  afterEach(closeAllEditors);

  it("are read whole, and scanned", async () => {
    const { api } = await quantscope();
    const uri = vscode.Uri.from({ scheme: "quantscope-memory", path: "/sample.safetensors" });
    await openEditor(uri);
    const state = await until("a finished scan", () => {
      const now = api.documentState(uri);
      return now?.kind === "ready" && now.scan.kind === "done" && now;
    });
    assert.equal(state.measured, 39);
  });

  it("are refused with a reason when they are too large for that", async () => {
    const { api } = await quantscope();
    const uri = vscode.Uri.from({ scheme: "quantscope-memory", path: "/huge.safetensors" });
    await openEditor(uri);
    const state = api.documentState(uri);
    assert.equal(state?.kind, "failed");
    assert.equal(state.code, "io.too-large");
  });

  for (const uri of [
    vscode.Uri.from({
      scheme: "git",
      path: "/gone/model.safetensors",
      query: JSON.stringify({ path: "/gone/model.safetensors", ref: "HEAD" }),
    }),
    vscode.Uri.from({ scheme: "untitled", path: "untitled-1.safetensors" }),
    vscode.Uri.from({ scheme: "no-such-scheme", path: "/model.gguf" }),
  ]) {
    it(`show a reason, not an error, when nothing can be read: ${uri.scheme}`, async () => {
      const { api } = await quantscope();
      await openEditor(uri);
      const state = api.documentState(uri);
      assert.equal(state?.kind, "failed");
      assert.notEqual(state.message, "");
    });
  }

  it("show both sides of a comparison without taking the diff editor down", async () => {
    const left = vscode.Uri.from({ scheme: "quantscope-memory", path: "/sample.safetensors" });
    const { api } = await quantscope();
    await vscode.commands.executeCommand("vscode.diff", left, sampleFile(), "sample");
    for (const uri of [left, sampleFile()]) await until("both documents", () => api.documentState(uri)?.kind === "ready");
    // Newer versions make the label of such a tab themselves.
    assert.match(vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? "", /^sample/);
  });
});
