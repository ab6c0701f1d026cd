import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAllEditors, inWorkspace, openEditor, quantscope, sampleFile, until } from "./support/extension";

const playgrounds = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ label }) => label.startsWith("Playground:"));

describe("playground", () => {
  afterEach(closeAllEditors);

  it("opens on a checkpoint, and shows there what a link says", async () => {
    const { api } = await quantscope();
    const checkpoint = sampleFile();
    assert.equal(await vscode.commands.executeCommand("quantscope.openPlayground", checkpoint), true);
    assert.equal((await api.playground(checkpoint))?.scheme, "int4-sym-channel");
    const link = { checkpoint: checkpoint.toString(), scheme: "int3-g64", data: "shaped", shaped: { distribution: "student" } };
    assert.equal(await vscode.commands.executeCommand("quantscope.openPlayground", link), true);
    const state = await api.playground(checkpoint);
    assert.deepEqual([state?.scheme, state?.data, state?.shaped.distribution], ["int3-g64", "shaped", "student"]);
    await until("the page in front", () => playgrounds()[0]?.isActive);
    assert.equal(playgrounds().length, 1);
  });

  it("opens on the checkpoint that is open behind something else", async () => {
    const { api } = await quantscope();
    await openEditor(sampleFile());
    await vscode.window.showTextDocument(inWorkspace("tiny-llama", "config.json"));
    assert.equal(await vscode.commands.executeCommand("quantscope.openPlayground"), true);
    assert.ok(await api.playground(sampleFile()));
  });

  it("opens on the sample where no checkpoint is open", async () => {
    await quantscope();
    assert.equal(await vscode.commands.executeCommand("quantscope.openPlayground"), true);
    await until("the page", () => playgrounds().length === 1);
    assert.equal(playgrounds()[0]?.label, "Playground: model.safetensors");
  });
});
