import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import {
  closeAllEditors,
  dismissed,
  inWorkspace,
  openEditor,
  opening,
  quantscope,
  sampleFile,
  scratchFolder,
  until,
} from "./support/extension";

describe("commands", () => {
  const folder = scratchFolder("commands");
  const tried = new Set<string>();

  async function succeeds(name: string, ...args: unknown[]): Promise<void> {
    tried.add(`quantscope.${name}`);
    assert.equal(await vscode.commands.executeCommand(`quantscope.${name}`, ...args), true, name);
  }

  afterEach(closeAllEditors);

  it("open the sample that comes with the extension", async () => {
    const { extension } = await quantscope();
    await opening(vscode.Uri.joinPath(extension.extensionUri, "media", "sample", "model.safetensors"), () => succeeds("openSample"));
  });

  it("open a file, and the checkpoint of a folder", async () => {
    await opening(sampleFile(), () => succeeds("openCheckpoint", sampleFile()));
    await closeAllEditors();
    await opening(sampleFile(), () => succeeds("openWith", inWorkspace("tiny-llama")));
  });

  it("ask which checkpoint to open when nothing is given, and take no for an answer", async () => {
    tried.add("quantscope.openCheckpoint");
    assert.equal(await dismissed("quantscope.openCheckpoint"), true);
  });

  it("ask for the text to run a model on, and take no for an answer", async () => {
    for (const command of ["quantscope.measurePerplexity", "quantscope.calibrate", "quantscope.collectImatrix", "quantscope.exploreGptq"]) {
      tried.add(command);
      assert.equal(await dismissed(command, sampleFile()), true, command);
    }
  });

  it("refuse a folder without checkpoints", async () => {
    assert.equal(await vscode.commands.executeCommand("quantscope.openWith", folder), false);
  });

  it("scan, cancel and reload the active checkpoint", async () => {
    const { api } = await quantscope();
    await openEditor(sampleFile());
    await succeeds("scan");
    await succeeds("cancelScan");
    await succeeds("reload");
    assert.equal(api.documentState(sampleFile())?.kind, "ready");
  });

  it("compare quantization types of a checkpoint", async () => {
    const { api } = await quantscope();
    await succeeds("compareTypes", sampleFile());
    await until("the page's table", () => api.errorTable(sampleFile()));
  });

  it("go to a tensor by name, and stay where they are when none is chosen", async () => {
    await openEditor(sampleFile());
    await succeeds("goToTensor", sampleFile(), "model.norm.weight");
    tried.add("quantscope.goToTensor");
    assert.equal(await dismissed("quantscope.goToTensor"), true);
  });

  it("need a checkpoint, and say so without one", async () => {
    for (const name of ["goToTensor", "scan", "cancelScan", "reload", "exportReport", "openAsText"]) {
      assert.equal(await vscode.commands.executeCommand(`quantscope.${name}`), false, name);
    }
  });

  it("open the same file as text", async () => {
    const index = vscode.Uri.joinPath(folder, "model.safetensors.index.json");
    await vscode.workspace.fs.writeFile(index, new TextEncoder().encode('{"weight_map":{}}'));
    await succeeds("openAsText", index);
    await until("a text editor", () => vscode.window.activeTextEditor?.document.uri.toString() === index.toString());
  });

  it("export the table as CSV, JSON and Markdown", async () => {
    const { api } = await quantscope();
    await openEditor(sampleFile());
    await until("a finished scan", () => {
      const now = api.documentState(sampleFile());
      return now?.kind === "ready" && now.scan.kind === "done";
    });
    const exported = async (ending: string) => {
      const target = vscode.Uri.joinPath(folder, `report.${ending}`);
      await succeeds("exportReport", sampleFile(), target);
      return readFileSync(target.fsPath, "utf8");
    };
    const csv = (await exported("csv")).trimEnd().split("\r\n");
    assert.equal(csv.length, 40);
    const [first, , line] = [csv[0]!.split(","), csv[1], csv.find((text) => text.startsWith("model.embed_tokens.weight,"))!.split(",")];
    assert.deepEqual([line[first.indexOf("dtype")], line[first.indexOf("shape")]], ["BF16", "2048x256"]);
    assert.ok(Number(line[first.indexOf("std")]) > 0);

    const json = JSON.parse(await exported("json")) as { tensors: unknown[]; stats: { tensors: { histogram: unknown }[] } };
    assert.equal(json.tensors.length, 39);
    assert.equal(json.stats.tensors.length, 39);
    assert.ok(json.stats.tensors[0]?.histogram);

    assert.match(await exported("md"), /\| model\.embed\\_tokens\.weight \| BF16 \| 2048 × 256 \|/);
  });

  it("show the log, refresh the side bar, cancel and clear jobs", async () => {
    await succeeds("showLog");
    await succeeds("refreshCheckpoints");
    await succeeds("cancelJob", { id: 123456 });
    await succeeds("clearJobs");
  });

  it("estimate: Enter copies the marked row", async () => {
    tried.add("quantscope.estimateSize");
    await vscode.env.clipboard.writeText("");
    const running = vscode.commands.executeCommand("quantscope.estimateSize", "7B");
    await until("a copied row", async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return (await vscode.env.clipboard.readText()) !== "";
    });
    assert.equal(await running, true);
    assert.match(await vscode.env.clipboard.readText(), /28\.0 GB/);
  });

  it("estimate: Enter completes the name of a published model, then copies", async () => {
    await vscode.env.clipboard.writeText("");
    const running = vscode.commands.executeCommand("quantscope.estimateSize", "gpt-oss-1");
    await until("a copied row", async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return (await vscode.env.clipboard.readText()) !== "";
    });
    assert.equal(await running, true);
    assert.match(await vscode.env.clipboard.readText(), /^gpt-oss-120b · .*467 GB/);
  });

  it("estimate: the size of a file and of a folder, and no for an answer", async () => {
    assert.equal(await dismissed("quantscope.estimateSize", sampleFile()), true);
    assert.equal(await dismissed("quantscope.estimateSize", inWorkspace("tiny-llama")), true);
  });

  it("estimate: a config.json and a folder without weights are a model, and Enter copies its size", async () => {
    const config = vscode.Uri.joinPath(folder, "only-config", "config.json");
    const original = await vscode.workspace.fs.readFile(inWorkspace("tiny-llama", "config.json"));
    await vscode.workspace.fs.writeFile(config, original);
    for (const about of [config, vscode.Uri.joinPath(config, "..")]) {
      await vscode.env.clipboard.writeText("");
      const running = vscode.commands.executeCommand("quantscope.estimateSize", about);
      await until("a copied row", async () => {
        await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
        return (await vscode.env.clipboard.readText()) !== "";
      });
      assert.equal(await running, true);
      assert.match(await vscode.env.clipboard.readText(), /^only-config\/config\.json · FP32: /);
      await succeeds("openEstimator", about);
    }
  });

  it("open the Size Estimator: of a line, of a file, and again", async () => {
    for (const about of ["70b q4_k_m 8k", sampleFile(), undefined])
      await succeeds("openEstimator", ...(about === undefined ? [] : [about]));
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(({ label }) => label === "Size Estimator");
    assert.equal(tabs.length, 1);
  });

  it("quantize: asks what to write, and takes no for an answer", async () => {
    tried.add("quantscope.quantize");
    assert.equal(await dismissed("quantscope.quantize", sampleFile()), true);
  });

  it("show the Errors page of a checkpoint", async () => {
    await succeeds("compareTypes", sampleFile());
    await until("the Errors page", () =>
      vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.startsWith("Errors:"))),
    );
  });

  it("open the walkthrough, and do what the button of a step does", async () => {
    await succeeds("openWalkthrough");
    await opening(sampleFile(), () => succeeds("openWith", sampleFile()));
    await succeeds("walkthroughStep", "histogram");
  });

  it("open the lesson, and ask before its progress is forgotten", async () => {
    const isShown = () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => /lesson/i.test(label)));
    await succeeds("openLesson", "mechanics");
    await until("the lesson", isShown);
    await succeeds("openLessonSteps");
    // VS Code refuses to show modal questions to tests.
    tried.add("quantscope.resetLesson");
    assert.equal(await vscode.commands.executeCommand("quantscope.resetLesson"), false);
  });

  it("open the playground", async () => {
    await succeeds("openPlayground", sampleFile());
  });

  it("were all tried", async () => {
    const { extension } = await quantscope();
    const { contributes } = extension.packageJSON as { contributes: { commands: { command: string }[] } };
    const contributed = contributes.commands.map((command) => command.command);
    assert.deepEqual(
      contributed.filter((command) => !tried.has(command)),
      [],
    );
  });
});
