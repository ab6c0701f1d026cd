import assert from "node:assert/strict";
import * as vscode from "vscode";
import { writeSafetensors } from "../support/safetensorsWriter";
import { closeAllEditors, inWorkspace, openEditor, quantscope, sampleFile, scratchFolder, until, viewType } from "./support/extension";

describe("lesson", () => {
  const folder = scratchFolder("lesson");
  const [copy, other] = ["copy", "other"].map((name) => vscode.Uri.joinPath(folder, `${name}.safetensors`)) as [vscode.Uri, vscode.Uri];

  before(async () => {
    for (const target of [copy, other]) await vscode.workspace.fs.copy(sampleFile(), target, { overwrite: true });
  });
  afterEach(closeAllEditors);

  /** Opens the lesson, and says which checkpoint it is about. */
  async function subject(): Promise<string | undefined> {
    const { api } = await quantscope();
    assert.equal(await vscode.commands.executeCommand("quantscope.openLesson"), true);
    return (await api.lessonSubject())?.uri;
  }

  /** Opens a file with some bytes as a checkpoint. */
  async function openBytes(name: string, bytes: Uint8Array): Promise<void> {
    const file = vscode.Uri.joinPath(folder, name);
    await vscode.workspace.fs.writeFile(file, bytes);
    await openEditor(file);
  }

  it("is about the sample where no checkpoint is open, or none that figures can be about", async () => {
    const { extension } = await quantscope();
    const sample = vscode.Uri.joinPath(extension.extensionUri, "media", "sample", "model.safetensors").toString();
    assert.equal(await subject(), sample);
    await closeAllEditors();
    await openBytes("broken.safetensors", Buffer.from("no weights"));
    assert.equal(await subject(), sample);
    await closeAllEditors();
    await openBytes("vector.safetensors", writeSafetensors([{ name: "bias", dtype: "F32", shape: [2] }]));
    assert.equal(await subject(), sample);
  });

  it("is about the open checkpoint that the reader was at last, though something else is in front", async () => {
    // Neither the first that was opened, nor the last.
    for (const file of [copy, sampleFile(), other]) await openEditor(file);
    // Its page may not have been hidden yet: then it does not begin again.
    await vscode.commands.executeCommand("vscode.openWith", sampleFile(), viewType);
    await vscode.window.showTextDocument(inWorkspace("tiny-llama", "config.json"));
    assert.equal(await subject(), sampleFile().toString());
  });

  it("is about the tensor that is selected in its editor", async () => {
    const { api } = await quantscope();
    await openEditor(copy);
    const tensor = "model.layers.1.self_attn.o_proj.weight";
    assert.equal(await vscode.commands.executeCommand("quantscope.goToTensor", copy, tensor), true);
    await until("the selection", () => api.selectedTensor(copy) === tensor);
    assert.equal(await subject(), copy.toString());
    assert.deepEqual(await api.lessonSubject(), { uri: copy.toString(), tensor });
  });

  it("is about the checkpoint of a tab that was never shown where no other is open", async () => {
    const { api } = await quantscope();
    await vscode.window.showTextDocument(inWorkspace("tiny-llama", "config.json"));
    await vscode.commands.executeCommand("vscode.openWith", other, viewType, { background: true, preview: false });
    await until("its tab", () => vscode.window.tabGroups.activeTabGroup.tabs.length === 2);
    assert.equal(api.editorCount(other), 0);
    assert.equal(await subject(), other.toString());
  });

  it("is about another open checkpoint when that one was closed", async () => {
    await openEditor(copy);
    await openEditor(sampleFile());
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await vscode.window.showTextDocument(inWorkspace("tiny-llama", "config.json"));
    assert.equal(await subject(), copy.toString());
  });
});
