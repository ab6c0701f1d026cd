import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAllEditors, quantscope, scratchFolder, until } from "./support/extension";

describe("GPTQ explorer", () => {
  const folder = scratchFolder("gptq");
  const model = vscode.Uri.joinPath(folder, "model.safetensors");

  before(async () => {
    // The sample of the workspace has no tokenizer.
    const { extension } = await quantscope();
    for (const name of ["config.json", "model.safetensors", "tokenizer.json"]) {
      const source = vscode.Uri.joinPath(extension.extensionUri, "media", "sample", name);
      await vscode.workspace.fs.copy(source, vscode.Uri.joinPath(folder, name));
    }
  });
  afterEach(closeAllEditors);

  it("quantizes a layer in many ways with one command, and lets go of the checkpoint with its tab", async () => {
    const { api } = await quantscope();
    const choice = { samples: 8, length: 128, tensor: "model.layers.0.self_attn.q_proj.weight" };
    assert.equal(await vscode.commands.executeCommand("quantscope.exploreGptq", model, choice), true);
    const { layer, figures } = await until(
      "all settings",
      async () => {
        const explorer = await api.gptqExplorer(model);
        return explorer?.run.kind === "done" && explorer;
      },
      120_000,
    );
    assert.deepEqual(layer, { tensor: choice.tensor, block: 0, rows: 256, columns: 256 });
    for (const points of Object.values(figures.sweeps)) assert.ok(points.every(({ gptq, rtn }) => gptq !== null && rtn !== null));
    assert.ok(figures.gptq!.outputError < figures.rtn!.outputError);
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.label, "GPTQ: model.safetensors");
    await closeAllEditors();
    await until("no document", () => api.documentState(model) === undefined);
  });
});
