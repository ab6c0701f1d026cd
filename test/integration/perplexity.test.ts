import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { closeAllEditors, quantscope, sampleFile, scratchFolder, until } from "./support/extension";

describe("perplexity page", () => {
  const folder = scratchFolder("texts");
  afterEach(closeAllEditors);

  /** The sample with its tokenizer. */
  async function sample(): Promise<vscode.Uri> {
    const { extension } = await quantscope();
    return vscode.Uri.joinPath(extension.extensionUri, "media", "sample", "model.safetensors");
  }

  it("measures a text in types that a caller names, without asking", async () => {
    const { api } = await quantscope();
    const uri = await sample();
    const text = vscode.Uri.joinPath(folder, "tiny.txt").fsPath;
    writeFileSync(text, "And Abraham journeyed from thence toward the south country, and dwelled between Kadesh and Shur.\n".repeat(3));
    const types = ["q4_0", "nf4", "no such type"];
    assert.equal(await vscode.commands.executeCommand("quantscope.measurePerplexity", uri, { text, samples: 2, length: 16, types }), true);
    const state = await until(
      "the perplexities",
      async () => {
        const found = await api.perplexityTable(uri);
        return found?.run.kind === "done" && found;
      },
      60_000,
    );
    assert.deepEqual(
      state.rows.map(({ id }) => id),
      ["original", "type:Q4_0", "type:nf4"],
    );
    for (const { figures } of state.rows) assert.ok(figures && figures.perplexity > 1 && figures.windows === 2);
    assert.deepEqual(state.text, { name: "tiny.txt", windows: 2, length: 16, scored: 7, isWhole: false });
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.label, "Perplexity: model.safetensors");
    assert.equal(api.jobs()[0]?.state.kind, "done");
    await closeAllEditors();
    await until("no table", async () => (await api.perplexityTable(uri)) === undefined);
  });

  it("says why a checkpoint without a tokenizer cannot read a text, and nothing else breaks", async () => {
    const { api } = await quantscope();
    const uri = sampleFile();
    assert.equal(await vscode.commands.executeCommand("quantscope.measurePerplexity", uri, { types: ["Q4_0"] }), true);
    const state = await until("the reason", async () => {
      const found = await api.perplexityTable(uri);
      return found?.run.kind === "failed" && found;
    });
    assert.ok(state.run.kind === "failed");
    assert.match(state.run.message, /has no tokenizer/);
  });
});
