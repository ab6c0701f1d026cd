import assert from "node:assert/strict";
import type { ComparedSetting, SettingErrors } from "../../../src/core/gptq/comparedSetting";
import { CancelledError } from "../../../src/core/errors";
import { passedGptqChoice, restoredGptqChoice, settingsOf } from "../../../src/extension/gptq/gptqChoice";
import { GptqExplorer, usualGptqChoice } from "../../../src/extension/gptq/gptqExplorer";
import { comparedSettings } from "../../../src/extension/gptq/settingsPlan";
import { JobList } from "../../../src/extension/jobs/jobList";
import type { JobContext } from "../../../src/jobs/contract";
import type { CollectedLayer, CollectLayerInput } from "../../../src/jobs/gptq/collectLayer";
import type { CompareSettingsInput } from "../../../src/jobs/gptq/compareSettings";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import type { GptqRun, GptqSettings } from "../../../src/protocol/gptq";
import { tinyModel } from "../../support/tinyModel";
import { checkpointOf, f32 } from "../jobs/harness";
import { settle } from "./fakeDocument";

interface Work<I> {
  input: I;
  context: JobContext;
  finish(): void;
  fail(error: unknown): void;
}

const sums = (tokens: number) => ({ sums: new SharedArrayBuffer(4), shape: { stride: 1, columns: 1, tokens } });

/** What a setting does to the made-up layer: the more bits the less. */
function errorsOf({ method, options }: ComparedSetting): SettingErrors {
  const outputError = (method === "gptq" ? 1 : 2) / options.bits + options.damping;
  return { outputError, weightRmse: 1, damping: options.damping, columns: { width: 1, output: [outputError], weightRmse: [1] } };
}

/** An engine that does what it is asked when the test says so. */
class WaitingEngine {
  readonly collections: Work<CollectLayerInput>[] = [];
  readonly comparisons: Work<CompareSettingsInput>[] = [];

  collectLayer(input: CollectLayerInput, context: JobContext): Promise<CollectedLayer> {
    const linear = { tensor: input.tensor, outputs: 1, inputs: 1 };
    const scaling = { group: [], isClipped: true, inputs: new SharedArrayBuffer(4) };
    const layer = { linear, weights: new SharedArrayBuffer(4), calibration: sums(24), heldOut: sums(8), signal: 1, scaling };
    return this.wait(this.collections, input, context, () => layer);
  }

  compareSettings(input: CompareSettingsInput, context: JobContext): Promise<void> {
    return this.wait(this.comparisons, input, context, () =>
      input.settings.forEach((setting, i) => void input.onErrors(i, errorsOf(setting), new SharedArrayBuffer(4))),
    );
  }

  private wait<I, R>(list: Work<I>[], input: I, context: JobContext, result: () => R): Promise<R> {
    return new Promise((resolve, reject) => {
      context.signal.addEventListener("abort", () => reject(new CancelledError()));
      list.push({ input, context, finish: () => resolve(result()), fail: reject });
    });
  }
}

async function open(checkpoint?: Checkpoint) {
  const engine = new WaitingEngine();
  const failures: unknown[] = [];
  const explorer = new GptqExplorer(checkpoint ?? (await tinyModel()), {
    engine: () => Promise.resolve(engine),
    jobs: new JobList(),
    uri: "file:///fake",
    text: { collect: "Collect", collected: String, compare: "Explore", compared: String, sample: "Sample text" },
    samples: () => Promise.resolve({ samples: [new Int32Array(24), new Int32Array(8)], dataset: "words.txt" }),
    reportFailure: (error) => failures.push(error),
  });
  const runs: GptqRun[] = [];
  explorer.onDidChangeRun(({ run }) => runs.push(run));
  return { explorer, engine, failures, runs };
}

async function explored() {
  const opened = await open();
  opened.explorer.start();
  await settle();
  opened.engine.collections[0]!.finish();
  await settle();
  opened.engine.comparisons[0]!.finish();
  await settle();
  return opened;
}

describe("GPTQ explorer of a page", () => {
  it("begins with the last weight of the middle block, and measures all settings around the chosen ones", async () => {
    const { explorer, engine, runs } = await explored();
    assert.equal(explorer.layers.length, 14);
    assert.equal(explorer.layers[explorer.layer]!.tensor, "model.layers.0.mlp.down_proj.weight");
    assert.deepEqual(explorer.choice.settings, { ...usualGptqChoice.settings, groupSize: -1 }, "rows are shorter than groups");
    assert.deepEqual(explorer.text, { name: "words.txt", tokens: { calibration: 24, heldOut: 8 } });
    // Nine dampings and four numbers of bits, of which one is in both; rounding knows of bits only.
    assert.equal(engine.comparisons[0]!.input.settings.length, 9 + 3 + 4);
    const { sweeps, gptq, rtn } = explorer.figures;
    assert.deepEqual(
      sweeps.bits.map(({ value, gptq: error }) => [value, error]),
      [2, 3, 4, 8].map((bits) => [bits, 1 / bits + 0.01]),
    );
    assert.deepEqual([sweeps.damping.length, sweeps.groupSize.map(({ value }) => value)], [9, [-1]]);
    assert.ok(gptq!.outputError < rtn!.outputError);
    assert.equal(runs.at(-1)!.kind, "done");
    assert.deepEqual([...new Set(runs.flatMap((run) => (run.kind === "running" ? [run.phase] : [])))], ["model", "settings"]);
  });

  it("compares only what is missing with other settings, without running the model again", async () => {
    const { explorer, engine } = await explored();
    explorer.setSettings({ ...explorer.choice.settings, bits: 3 });
    await settle();
    assert.deepEqual([engine.collections.length, engine.comparisons.length], [1, 2]);
    // Eight dampings at three bits; the ninth and all roundings were there.
    assert.equal(engine.comparisons[1]!.input.settings.length, 8);
    explorer.setSettings({ ...explorer.choice.settings, bits: 4 });
    await settle();
    assert.ok(engine.comparisons[1]!.context.signal.aborted);
    assert.deepEqual([engine.comparisons.length, explorer.run.kind], [2, "done"]);
  });

  it("lets a run of the model go on when only settings change, and begins one for another layer", async () => {
    const { explorer, engine } = await open();
    explorer.start();
    await settle();
    explorer.setSettings({ ...explorer.choice.settings, symmetric: false });
    await settle();
    assert.deepEqual([engine.collections.length, engine.collections[0]!.context.signal.aborted], [1, false]);
    engine.collections[0]!.finish();
    await settle();
    assert.equal(engine.comparisons.length, 1, "the run with the settings before is over");
    assert.ok(engine.comparisons[0]!.input.settings.every(({ options }) => !options.symmetric));
    explorer.setLayer(13);
    await settle();
    assert.ok(engine.comparisons[0]!.context.signal.aborted);
    assert.equal(engine.collections[1]!.input.tensor, "model.layers.1.mlp.down_proj.weight");
  });

  it("keeps what was measured when it is cancelled, and goes on from there", async () => {
    const { explorer, engine, failures } = await open();
    explorer.start();
    await settle();
    explorer.cancel();
    await settle();
    assert.equal(explorer.run.kind, "cancelled");
    explorer.start();
    await settle();
    engine.collections[1]!.finish();
    await settle();
    const { input } = engine.comparisons[0]!;
    void input.onErrors(0, errorsOf(input.settings[0]!), new SharedArrayBuffer(4));
    explorer.cancel();
    await settle();
    assert.deepEqual([explorer.run.kind, explorer.figures.rtn !== null], ["cancelled", true]);
    explorer.start();
    await settle();
    assert.equal(engine.comparisons[1]!.input.settings.length, input.settings.length - 1);
    assert.deepEqual([engine.collections.length, failures], [2, []]);
  });

  it("forgets all with another text", async () => {
    const { explorer, engine } = await explored();
    explorer.choose({ text: "/texts/other.txt", samples: 4 });
    await settle();
    assert.deepEqual([explorer.figures.gptq, explorer.text.name, engine.collections.length], [null, "other.txt", 2]);
  });

  it("says why it failed, and why a model cannot be explored", async () => {
    const { explorer, engine, failures } = await open();
    explorer.start();
    await settle();
    engine.collections[0]!.fail(new Error("no tokenizer"));
    await settle();
    assert.deepEqual(explorer.run, { kind: "failed", message: "no tokenizer" });
    assert.equal(failures.length, 1);
    const none = await open(await checkpointOf([f32("a.weight", [2, 2], new Float32Array(4))]));
    none.explorer.start();
    await settle();
    assert.deepEqual([none.explorer.layers, none.explorer.run.kind, none.engine.collections.length], [[], "failed", 0]);
  });

  it("takes no settings that are not offered, and brings back those a page had", () => {
    const settings: GptqSettings = { bits: 3, groupSize: 32, damping: 0.1, symmetric: false, order: "activation" };
    assert.deepEqual(settingsOf({ ...settings }), settings);
    for (const wrong of [{ bits: 5 }, { groupSize: 7 }, { damping: -1 }, { symmetric: "yes" }, { order: "random" }]) {
      assert.equal(settingsOf({ ...settings, ...wrong }), undefined, JSON.stringify(wrong));
    }
    const state = { choice: { text: "/a.txt", samples: 4, tensor: "x.weight", settings } };
    assert.deepEqual(restoredGptqChoice(state), state.choice);
    assert.deepEqual(restoredGptqChoice({ choice: { settings: { bits: "many" } } }), usualGptqChoice);
    assert.deepEqual(passedGptqChoice({ samples: 2, tensor: "x.weight" }), { samples: 2, tensor: "x.weight" });
    assert.equal(passedGptqChoice({ tensor: "x.weight" }), undefined);
    assert.equal(comparedSettings(settings, 768).filter(({ method }) => method === "rtn").length, 4 + 3);
  });
});
