import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { openPath } from "../../src/io/openPath";
import { LayerStore } from "../../src/jobs/calibrated/layerStore";
import { closeAllEditors, dismissed, quantscope, sampleFile, scratchFolder, until } from "./support/extension";

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

  it("runs the model on a text for GPTQ, and says why it cannot", async () => {
    const { api, extension } = await quantscope();
    // The workspace's copy has no tokenizer.
    const sample = vscode.Uri.joinPath(extension.extensionUri, "media", "sample", "model.safetensors");
    const write = (from: vscode.Uri, options: object) =>
      vscode.commands.executeCommand("quantscope.quantize", from, { type: "int4-sym-g128", samples: 2, length: 64, ...options });
    assert.equal(await write(sample, { method: "gptq", target: at("by-gptq") }), true);
    const [job] = api.jobs();
    assert.deepEqual([job?.target, job?.state.kind], ["model.safetensors", "done"]);
    assert.equal(await write(sample, { target: at("rounded") }), true);
    const bytesOf = (name: string) => readFileSync(at(`${name}/model.safetensors`).fsPath);
    assert.equal(bytesOf("by-gptq").length, bytesOf("rounded").length);
    assert.ok(!bytesOf("by-gptq").equals(bytesOf("rounded")));
    assert.equal(await write(sampleFile(), { method: "gptq", target: at("without-tokenizer") }), false);
    assert.ok(!existsSync(at("without-tokenizer").fsPath));
    // Integers with scales have no place in a GGUF file.
    assert.equal(await write(sample, { type: "Q4_K", method: "awq", target: at("by-awq.gguf") }), false);
    assert.ok(!existsSync(at("by-awq.gguf").fsPath));
    const left = readdirSync(folder.fsPath).filter((name) => name.endsWith(".layers"));
    assert.deepEqual(left, []);
  });

  it("keeps finished layers when it is cancelled, and goes on from there", async () => {
    const { api, extension } = await quantscope();
    const sample = vscode.Uri.joinPath(extension.extensionUri, "media", "sample", "model.safetensors");
    const options = { format: "gptq", type: "int4-sym-g128", method: "gptq", samples: 8, length: 128, target: at("stopped") };
    const layers = LayerStore.folderOf(at("stopped").fsPath);
    const running = Promise.resolve(vscode.commands.executeCommand("quantscope.quantize", sample, options));
    await until("the first block of layers", () => LayerStore.isBegun(at("stopped").fsPath));
    const [job] = api.jobs();
    await vscode.commands.executeCommand("quantscope.cancelJob", job);
    assert.equal(await running, true);
    assert.equal(api.jobs()[0]?.state.kind, "cancelled");
    assert.ok(existsSync(layers));
    assert.ok(!existsSync(at("stopped/model.safetensors").fsPath));
    assert.equal(await vscode.commands.executeCommand("quantscope.quantize", sample, options), true);
    assert.ok(existsSync(at("stopped/model.safetensors").fsPath));
    assert.ok(!existsSync(layers));
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

  it("asks for the method and its text, and shows the plan before the model is run", async () => {
    const { api, extension } = await quantscope();
    const before = api.jobs().length;
    const sample = vscode.Uri.joinPath(extension.extensionUri, "media", "sample", "model.safetensors");
    const options = { format: "gptq", type: "int4-sym-g128", method: "gptq", samples: 2, length: 64 };
    const running = Promise.resolve(vscode.commands.executeCommand("quantscope.quantize", sample, options));
    await acceptUntil("the pre-flight page", () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(isPreflight)));
    await closeAllEditors();
    assert.equal(await running, true);
    assert.equal(api.jobs().length, before);
  });

  it("asks, and takes no for an answer", async () => {
    assert.equal(await dismissed("quantscope.quantize", sampleFile()), true);
    assert.equal(await dismissed("quantscope.quantize", sampleFile(), { type: "Q4_K", keep: [] }), true);
  });
});
