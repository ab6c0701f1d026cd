import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAllEditors, openEditor, quantscope, sampleFile, until } from "./support/extension";

/** Opens the Errors page of the sample, and waits until everything is measured. */
async function measured() {
  const { api } = await quantscope();
  assert.equal(await vscode.commands.executeCommand("quantscope.compareTypes", sampleFile()), true);
  return until(
    "all errors",
    async () => {
      const table = await api.errorTable(sampleFile());
      return table?.run.kind === "done" && table;
    },
    120_000,
  );
}

describe("errors page", () => {
  afterEach(closeAllEditors);

  it("opens with one command, and measures the usual types on every matrix by itself", async () => {
    const { api } = await quantscope();
    const table = await measured();
    assert.equal(table.tensors, 30);
    assert.equal(table.types.length, 9);
    assert.ok(table.types.every(({ total, isSampled }) => total && !isSampled));
    const errorOf = (type: string): number => table.types.find((entry) => entry.type === type)?.total?.relativeRmse ?? NaN;
    const falling = ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_0"].map(errorOf);
    assert.ok(
      falling.slice(1).every((error, i) => error > 0 && error < falling[i]!),
      falling.join(),
    );
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.equal(tab?.label, "Errors: model.safetensors");
    assert.equal(api.jobs()[0]?.state.kind, "done");
  });

  it("is one page a checkpoint: asked for again, it comes to the front with what it has", async () => {
    const { api } = await quantscope();
    await measured();
    // Opening an editor may scan.
    const jobs = () => api.jobs().filter(({ title }) => title === "Errors").length;
    const before = jobs();
    await openEditor(sampleFile());
    await measured();
    const pages = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ label }) => label.startsWith("Errors:"));
    await until("the page in front", () => pages()[0]?.isActive);
    assert.equal(pages().length, 1);
    assert.equal(jobs(), before, "nothing had to be measured again");
  });

  it("lets go of the checkpoint with its tab", async () => {
    const { api } = await quantscope();
    await measured();
    await closeAllEditors();
    await until("no table", async () => (await api.errorTable(sampleFile())) === undefined);
    await until("no document", () => api.documentState(sampleFile()) === undefined);
  });
});
