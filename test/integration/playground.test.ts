import assert from "node:assert/strict";
import * as vscode from "vscode";
import { writeSafetensors } from "../support/safetensorsWriter";
import { closeAllEditors, inWorkspace, openEditor, quantscope, sampleFile, scratchFolder, until } from "./support/extension";

const playgrounds = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ label }) => label.startsWith("Playground:"));

describe("playground", () => {
  const folder = scratchFolder("playground");

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

  it("begins with the tensor that is selected in the editor", async () => {
    const { api } = await quantscope();
    await openEditor(sampleFile());
    const tensor = "model.layers.1.self_attn.o_proj.weight";
    assert.equal(await vscode.commands.executeCommand("quantscope.goToTensor", sampleFile(), tensor), true);
    await until("the selection", () => api.selectedTensor(sampleFile()) === tensor);
    assert.equal(await vscode.commands.executeCommand("quantscope.openPlayground"), true);
    assert.equal((await api.playground(sampleFile()))?.tensor, tensor);
  });

  it("shows everything again when the file changes", async () => {
    const { api, extension } = await quantscope();
    const checkpoint = vscode.Uri.joinPath(folder, "model.safetensors");
    for (const name of ["config.json", "model.safetensors", "tokenizer.json"]) {
      const source = vscode.Uri.joinPath(extension.extensionUri, "media", "sample", name);
      await vscode.workspace.fs.copy(source, vscode.Uri.joinPath(folder, name), { overwrite: true });
    }
    const tensor = "model.layers.1.self_attn.o_proj.weight";
    const link = { checkpoint: checkpoint.toString(), tensor, method: "gptq", scheme: "int4-sym-g64" };
    assert.equal(await vscode.commands.executeCommand("quantscope.openPlayground", link), true);
    const isCollected = (): boolean =>
      api.jobs().some(({ title, uri, state }) => title === "Collect Activations" && uri === checkpoint.toString() && state.kind === "done");
    await until("a run of the model", isCollected, 120_000);
    assert.equal((await api.playground(checkpoint))?.method, "gptq");
    // No linear layer is left: the page goes back to rounding when it is told.
    await vscode.workspace.fs.writeFile(checkpoint, writeSafetensors([{ name: tensor, dtype: "F32", shape: [256, 256] }]));
    await until("the new content", async () => (await api.playground(checkpoint))?.method === "rtn");
  });

  it("opens on the sample where no checkpoint is open", async () => {
    await quantscope();
    assert.equal(await vscode.commands.executeCommand("quantscope.openPlayground"), true);
    await until("the page", () => playgrounds().length === 1);
    assert.equal(playgrounds()[0]?.label, "Playground: model.safetensors");
  });
});
