import assert from "node:assert/strict";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { writeSafetensors } from "../support/safetensorsWriter";
import { closeAllEditors, openEditor, quantscope, scratchFolder, until } from "./support/extension";

function weights(count: number): Uint8Array {
  return writeSafetensors(Array.from({ length: count }, (_, index) => ({ name: `layer.${index}.weight`, dtype: "F32", shape: [8, 4] })));
}

describe("files that are not what they should be, or change", () => {
  const folder = scratchFolder("files");
  const file = (name: string) => vscode.Uri.joinPath(folder, name);

  afterEach(closeAllEditors);

  async function tensorsBecome(uri: vscode.Uri, count: number): Promise<void> {
    const { api } = await quantscope();
    await until(`${count} tensors`, () => {
      const state = api.documentState(uri);
      return state?.kind === "ready" && state.tensors === count;
    });
  }

  async function failsWith(uri: vscode.Uri, code: RegExp): Promise<void> {
    const { api } = await quantscope();
    const state = await until("a failure", () => {
      const now = api.documentState(uri);
      return now?.kind === "failed" && now;
    });
    assert.match(state.code, code);
    assert.notEqual(state.message, "");
  }

  it("reads a file again when it is written over", async () => {
    const uri = file("written.safetensors");
    writeFileSync(uri.fsPath, weights(2));
    await openEditor(uri);
    await tensorsBecome(uri, 2);
    writeFileSync(uri.fsPath, weights(5));
    await tensorsBecome(uri, 5);
  });

  it("reads a file again when another takes its place", async () => {
    const uri = file("replaced.safetensors");
    writeFileSync(uri.fsPath, weights(1));
    await openEditor(uri);
    await tensorsBecome(uri, 1);
    writeFileSync(`${uri.fsPath}.part`, weights(3));
    renameSync(`${uri.fsPath}.part`, uri.fsPath);
    await tensorsBecome(uri, 3);
  });

  it("shows what is missing while a file is being downloaded, and the whole of it afterwards", async () => {
    const uri = file("download.safetensors");
    const whole = weights(4);
    writeFileSync(uri.fsPath, whole.subarray(0, 40));
    await openEditor(uri);
    await failsWith(uri, /truncated|header|eof|end/i);
    writeFileSync(uri.fsPath, whole);
    await tensorsBecome(uri, 4);
  });

  it("says that a file was deleted, keeps what it showed, and reads it again when it is back", async () => {
    const { api } = await quantscope();
    const uri = file("deleted.safetensors");
    writeFileSync(uri.fsPath, weights(2));
    await openEditor(uri);
    await tensorsBecome(uri, 2);
    let deleted = "";
    const subscription = api.onDidDeleteFile(uri, (name) => (deleted = name));
    rmSync(uri.fsPath);
    await until("the deletion", () => deleted === "deleted.safetensors");
    subscription.dispose();
    assert.equal(api.documentState(uri)?.kind, "ready");
    writeFileSync(uri.fsPath, weights(6));
    await tensorsBecome(uri, 6);
  });

  it("notices that another shard changes", async () => {
    const { api } = await quantscope();
    const shard = (index: number) => file(`sharded-0000${index}-of-00002.safetensors`);
    const tensor = (index: number, rows: number) => writeSafetensors([{ name: `part${index}.weight`, dtype: "F32", shape: [rows, 4] }]);
    for (const index of [1, 2]) writeFileSync(shard(index).fsPath, tensor(index, 4));
    const map = Object.fromEntries([1, 2].map((index) => [`part${index}.weight`, `sharded-0000${index}-of-00002.safetensors`]));
    const index = file("sharded.safetensors.index.json");
    writeFileSync(index.fsPath, JSON.stringify({ metadata: { total_size: 128 }, weight_map: map }));
    await openEditor(index);
    await tensorsBecome(index, 2);
    const read = new Promise<void>((resolve) => {
      const subscription = api.onDidReadDocument(index, () => {
        subscription.dispose();
        resolve();
      });
    });
    writeFileSync(shard(2).fsPath, tensor(2, 16));
    await read;
    assert.equal(api.documentState(index)?.kind, "ready");
  });

  it("names a Git LFS pointer, a web page, and an empty file", async () => {
    const cases: [string, string, RegExp][] = [
      [
        "pointer.safetensors",
        `version https://git-lfs.github.com/spec/v1\noid sha256:${"0123456789abcdef".repeat(4)}\nsize 4976698672\n`,
        /lfs/,
      ],
      ["page.gguf", "<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>\n", /html/],
      ["empty.safetensors", "", /empty/],
    ];
    for (const [name, content, code] of cases) {
      writeFileSync(file(name).fsPath, content);
      await openEditor(file(name));
      await failsWith(file(name), code);
    }
  });
});
