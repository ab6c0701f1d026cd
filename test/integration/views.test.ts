import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { writeSafetensors } from "../support/safetensorsWriter";
import { closeAllEditors, openEditor, opening, quantscope, sampleFile, scratchFolder, until } from "./support/extension";

function label(item: vscode.TreeItem): string {
  return typeof item.label === "string" ? item.label : (item.label?.label ?? "");
}

/** A folder whose name has what URIs escape. */
const shards = "two shards #2, 100 %3F";

describe("side bar", () => {
  const folder = scratchFolder("views");

  before(() => {
    const sharded = vscode.Uri.joinPath(folder, shards).fsPath;
    mkdirSync(sharded, { recursive: true });
    const names = [1, 2].map((index) => `model-0000${index}-of-00002.safetensors`);
    names.forEach((name, index) =>
      writeFileSync(`${sharded}/${name}`, writeSafetensors([{ name: `part${index}.weight`, dtype: "F16", shape: [16, 16] }])),
    );
    const map = Object.fromEntries(names.map((name, index) => [`part${index}.weight`, name]));
    writeFileSync(`${sharded}/model.safetensors.index.json`, JSON.stringify({ weight_map: map }));
    writeFileSync(vscode.Uri.joinPath(folder, "broken.gguf").fsPath, "this is not a checkpoint");
  });
  afterEach(closeAllEditors);

  it("lists the checkpoints of the workspace with type and size, shards as one", async () => {
    const { api } = await quantscope();
    await vscode.commands.executeCommand("quantscope.checkpoints.focus");
    await vscode.commands.executeCommand("quantscope.refreshCheckpoints");
    const rows = await until("described checkpoints", async () => {
      const items = await api.checkpointItems();
      return items.length === 3 && items.every(({ item }) => item.description) && items;
    });
    const found = new Map(rows.map(({ item }) => [label(item), item.description]));
    assert.equal(found.get("tiny-llama"), "BF16 · 8.40 MB");
    assert.match(String(found.get(shards)), /^F16 · [\d.]+ kB$/);
    assert.match(String(found.get("broken.gguf")), /^unreadable · 24 B$/);
    const sharded = rows.find(({ item }) => label(item) === shards);
    assert.ok(sharded);
    assert.equal((await api.checkpointItems(sharded.node)).length, 2);
    assert.equal(rows.find(({ item }) => label(item) === "tiny-llama")?.item.contextValue, "checkpoint");
  });

  it("finds a checkpoint that appears later", async () => {
    const { api } = await quantscope();
    writeFileSync(vscode.Uri.joinPath(folder, "later.safetensors").fsPath, writeSafetensors([{ name: "w", dtype: "F32", shape: [4] }]));
    await until("the new checkpoint", async () => (await api.checkpointItems()).some(({ item }) => label(item) === "later.safetensors"));
  });

  it("opens a folder with shards through its index", async () => {
    const { api } = await quantscope();
    const index = vscode.Uri.joinPath(folder, shards, "model.safetensors.index.json");
    await opening(index, () => vscode.commands.executeCommand("quantscope.openWith", vscode.Uri.joinPath(folder, shards)));
    const state = api.documentState(index);
    assert.equal(state?.kind, "ready");
    assert.equal(state.tensors, 2);
  });

  it("lists jobs with their result, and clears them", async () => {
    const { api } = await quantscope();
    const copy = vscode.Uri.joinPath(folder, "copy.safetensors");
    await vscode.workspace.fs.copy(sampleFile(), copy);
    await openEditor(copy);
    await vscode.commands.executeCommand("quantscope.scan", copy);
    const item = await until("a finished job", () =>
      api.jobItems().find((job) => label(job) === "Scan copy.safetensors" && /tensors in/.test(String(job.description))),
    );
    assert.match(String(item.description), /^39 tensors in [\d.]+ s$/);
    assert.equal(item.contextValue, "finishedJob");
    // Where the scan that nobody asked for was done before the command, there are two: what runs is not cleared.
    await until("no running job", () => api.jobs().every(({ state }) => state.kind !== "running"));
    await vscode.commands.executeCommand("quantscope.clearJobs");
    assert.deepEqual(api.jobItems(), []);
  });
});
