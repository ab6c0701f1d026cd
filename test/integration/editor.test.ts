import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAllEditors, inWorkspace, openEditor, opening, quantscope, report, sampleFile, until, viewType } from "./support/extension";

describe("checkpoint editor", () => {
  afterEach(closeAllEditors);

  it("is what VS Code opens a checkpoint with", async () => {
    await opening(sampleFile(), () => vscode.commands.executeCommand("vscode.open", sampleFile()));
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.viewType, viewType);
  });

  it("shows the tensors of the sample and scans it, since it is small", async () => {
    const { api } = await quantscope();
    await openEditor(sampleFile());
    const state = await until("a finished scan", () => {
      const now = api.documentState(sampleFile());
      return now?.kind === "ready" && now.scan.kind === "done" && now;
    });
    assert.equal(state.tensors, 39);
    assert.equal(state.measured, 39);
    report(`opened in ${state.openMs} ms`);
  });

  it("sums the active checkpoint up in the status bar, and only while it is active", async () => {
    const { api } = await quantscope();
    await openEditor(sampleFile());
    await until("the summary", () => api.statusText() === "Llama · 4.20 M weights · 16.0 bits/weight");
    await vscode.window.showTextDocument(inWorkspace("tiny-llama", "config.json"));
    await until("no summary", () => api.statusText() === undefined);
  });

  it("shares one document between editors, and lets go of it with the last", async () => {
    const { api } = await quantscope();
    await openEditor(sampleFile());
    await openEditor(sampleFile(), vscode.ViewColumn.Two);
    assert.equal(api.editorCount(sampleFile()), 2);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await until("one editor", () => api.editorCount(sampleFile()) === 1);
    assert.equal(api.documentState(sampleFile())?.kind, "ready");
    await closeAllEditors();
    await until("no document", () => api.documentState(sampleFile()) === undefined);
  });

  it("gives the page its picture again after it was hidden", async () => {
    const { api } = await quantscope();
    await openEditor(sampleFile());
    await vscode.window.showTextDocument(inWorkspace("tiny-llama", "config.json"), { preview: false });
    const again = new Promise<void>((resolve) => {
      const subscription = api.onDidInitializeEditor(({ result }) => {
        subscription.dispose();
        assert.equal(result.kind, "ready");
        resolve();
      });
    });
    await openEditor(sampleFile());
    await again;
  });

  it("shows figures of an earlier scan at once", async () => {
    const { api } = await quantscope();
    await openEditor(sampleFile());
    await until("a finished scan", () => {
      const now = api.documentState(sampleFile());
      return now?.kind === "ready" && now.scan.kind === "done";
    });
    await closeAllEditors();
    await until("no document", () => api.documentState(sampleFile()) === undefined);
    const jobs = api.jobs().length;
    const picture = new Promise<number>((resolve) => {
      const subscription = api.onDidInitializeEditor(({ result }) => {
        subscription.dispose();
        resolve(result.kind === "ready" ? result.summaries.length : -1);
      });
    });
    await openEditor(sampleFile());
    assert.equal(await picture, 39);
    assert.equal(api.jobs().length, jobs, "nothing had to be scanned");
  });
});
