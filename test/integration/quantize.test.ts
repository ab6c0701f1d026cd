import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { openPath } from "../../src/io/openPath";
import { closeAllEditors, quantscope, sampleFile, scratchFolder, until } from "./support/extension";

/** Answers nothing: closes every question that a command asks, until it ends. */
async function dismissed(...args: unknown[]): Promise<unknown> {
  const running = Promise.resolve(vscode.commands.executeCommand("quantscope.quantize", ...args));
  let over = false;
  void running.finally(() => (over = true));
  while (!over) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
  }
  return running;
}

/** Takes the marked answer of the question on the screen until `look` is content. */
async function acceptUntil(what: string, look: () => boolean): Promise<void> {
  await until(what, async () => {
    if (!look()) await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    return look();
  });
}

function isPreflight(tab: vscode.Tab): boolean {
  return tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith("quantscope.preflight");
}

describe("Quantize…", () => {
  const folder = scratchFolder("quantized");
  const at = (name: string) => vscode.Uri.joinPath(folder, name);
  const quantize = (options: object) => vscode.commands.executeCommand("quantscope.quantize", sampleFile(), options);

  afterEach(closeAllEditors);

  it("writes a GGUF file of the given type, and lists the job", async () => {
    const { api } = await quantscope();
    const target = at("q4.gguf");
    assert.equal(await quantize({ format: "gguf", type: "Q4_K_M", target }), true);
    const checkpoint = await openPath(target.fsPath);
    try {
      const typeOf = (name: string) => checkpoint.tensors.find((tensor) => tensor.name === name)?.dtype;
      assert.deepEqual([checkpoint.format, checkpoint.tensors.length], ["gguf", 39]);
      assert.deepEqual([typeOf("output.weight"), typeOf("blk.0.attn_q.weight")], ["Q6_K", "Q4_K"]);
    } finally {
      await checkpoint.close();
    }
    const [job] = api.jobs();
    assert.deepEqual([job?.target, job?.state.kind], ["q4.gguf", "done"]);
  });

  it("takes a type and what to keep from the Errors page", async () => {
    const target = at("kept.gguf");
    assert.equal(await quantize({ type: "Q4_K", keep: ["model.layers.0.mlp.down_proj.weight"], target }), true);
    const checkpoint = await openPath(target.fsPath);
    try {
      const counts = new Map<string, number>();
      for (const { dtype } of checkpoint.tensors) counts.set(dtype, (counts.get(dtype) ?? 0) + 1);
      assert.equal(counts.get("Q8_0"), 1);
      assert.equal(checkpoint.tensors.find(({ dtype }) => dtype === "Q8_0")?.name, "blk.0.ffn_down.weight");
    } finally {
      await checkpoint.close();
    }
  });

  it("writes a Modelfile for Ollama, and a folder of safetensors", async () => {
    assert.equal(await quantize({ format: "ollama", type: "Q8_0", target: at("o.gguf") }), true);
    assert.match(readFileSync(at("o.Modelfile").fsPath, "utf8"), /^FROM \.\/o\.gguf/);
    assert.equal(await quantize({ format: "safetensors", type: "F16", target: at("f16") }), true);
    assert.ok(statSync(at("f16/model.safetensors").fsPath).size > 8_000_000);
    assert.ok(existsSync(at("f16/config.json").fsPath));
  });

  it("leaves a target as it was when it cannot be written", async () => {
    const target = at("old.gguf");
    writeFileSync(target.fsPath, "old");
    assert.equal(await quantize({ type: "IQ1_S", target }), false);
    assert.equal(await quantize({ type: "int4-g128", target }), false);
    assert.equal(readFileSync(target.fsPath, "utf8"), "old");
  });

  it("asks step by step, shows the plan before anything is written, and writes nothing when that is closed", async () => {
    const hasPlan = (): boolean => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(isPreflight));
    const running = quantize({ format: "gguf", type: "Q4_K", keep: [] });
    await acceptUntil("the pre-flight page", hasPlan);
    await new Promise((resolve) => setTimeout(resolve, 700));
    await closeAllEditors();
    assert.equal(await running, true);
    assert.ok(!existsSync(vscode.Uri.joinPath(sampleFile(), "..", "model-Q4_K_S.gguf").fsPath));
  });

  it("asks, and takes no for an answer", async () => {
    assert.equal(await dismissed(sampleFile()), true);
    assert.equal(await dismissed(sampleFile(), { type: "Q4_K", keep: [] }), true);
  });
});
