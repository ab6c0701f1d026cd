import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import { closeAllEditors, openEditor, quantscope, scratchFolder, until } from "./support/extension";

describe("calibration", () => {
  const folder = scratchFolder("calibration");
  const text = vscode.Uri.joinPath(folder, "words.txt");
  const model = vscode.Uri.joinPath(folder, "model.safetensors");

  before(async () => {
    const words = "The small model reads these words and nothing else. ".repeat(40);
    await vscode.workspace.fs.writeFile(text, new TextEncoder().encode(words));
    // The sample of the workspace has no tokenizer.
    const { extension } = await quantscope();
    for (const name of ["config.json", "model.safetensors", "tokenizer.json"]) {
      await vscode.workspace.fs.copy(
        vscode.Uri.joinPath(extension.extensionUri, "media", "sample", name),
        vscode.Uri.joinPath(folder, name),
      );
    }
  });
  afterEach(closeAllEditors);

  /** Runs the sample on a few words, and waits until every input is measured. */
  async function calibrated() {
    const { api } = await quantscope();
    const choice = { text: text.fsPath, samples: 2, length: 32 };
    assert.equal(await vscode.commands.executeCommand("quantscope.calibrate", model, choice), true);
    return until(
      "all inputs",
      async () => {
        const calibration = await api.calibration(model);
        return calibration?.run.kind === "done" && calibration;
      },
      120_000,
    );
  }

  it("runs the model on a text with one command, and measures what enters every linear layer", async () => {
    const { inputs } = await calibrated();
    // Four layers: of attention and of the feed-forward net each, what enters, and what leaves.
    assert.equal(inputs.length, 16);
    assert.deepEqual(
      inputs[0]!.weights.map((name) => name.split(".").at(-2)),
      ["q_proj", "k_proj", "v_proj"],
    );
    for (const { columns, values, min, max, methods, sweep } of inputs) {
      assert.equal(values, 2 * 32 * columns);
      assert.ok(min < 0 && max > 0);
      assert.deepEqual(Object.keys(methods), ["minmax", "percentile", "mse", "entropy"]);
      assert.deepEqual(
        sweep.map(({ samples }) => samples),
        [1, 2],
      );
    }
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.label, "Calibration: model.safetensors");
  });

  it("lets go of the checkpoint with its tab", async () => {
    const { api } = await quantscope();
    await calibrated();
    await closeAllEditors();
    await until("no calibration", async () => (await api.calibration(model)) === undefined);
    await until("no document", () => api.documentState(model) === undefined);
  });

  it("writes an importance matrix of the same text, in both kinds, and opens it", async () => {
    const { api } = await quantscope();
    for (const [name, head] of [
      ["words.gguf", "GGUF"],
      ["words.dat", "\x1c\0\0\0"],
    ] as const) {
      const target = vscode.Uri.joinPath(folder, name);
      const choice = { text: text.fsPath, length: 32, target };
      assert.equal(await vscode.commands.executeCommand("quantscope.collectImatrix", model, choice), true);
      assert.equal(readFileSync(target.fsPath).toString("latin1", 0, 4), head);
      await openEditor(target);
      const state = api.documentState(target);
      assert.ok(state?.kind === "ready" && state.tensors === 28, JSON.stringify(state));
    }
  });
});
