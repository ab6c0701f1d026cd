import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { applyScales, scaledGroups } from "../../../src/core/awq/scaledGroups";
import { CancelledError, UsageError } from "../../../src/core/errors";
import type { GptqTarget, LayerTarget } from "../../../src/core/gptq/layerTarget";
import { defaultGptqOptions, type GptqOptions } from "../../../src/core/gptq/options";
import { runBlock } from "../../../src/core/model/block";
import { describeModel } from "../../../src/core/model/describe";
import { plainArithmetic } from "../../../src/core/model/plainArithmetic";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { countValues } from "../../../src/core/tensor/tensorInfo";
import type { LayerSummary, LayerTargets } from "../../../src/jobs/calibrated/blockMethod";
import { checkCalibratedMemory } from "../../../src/jobs/calibrated/calibratedMemory";
import { LayerStore } from "../../../src/jobs/calibrated/layerStore";
import { layerValues } from "../../../src/jobs/calibrated/layerValues";
import { linearsOf } from "../../../src/jobs/calibrated/stages";
import type { Engine } from "../../../src/jobs/engine";
import { decodeRun, openTensor, readBlocks } from "../../../src/jobs/tensorBytes";
import { randomFrom } from "../../support/distributions";
import { temporaryFolder } from "../../support/temporaryFolder";
import { tinyModel } from "../../support/tinyModel";
import { engineOf, quiet } from "./harness";

const random = randomFrom(5);
const sequences = Array.from({ length: 75 }, () => Int32Array.from({ length: 32 }, () => Math.floor(40 * random())));
const refused = (code: string) => (error: unknown) => error instanceof UsageError && error.code === code;

async function weightsOf(checkpoint: Checkpoint): Promise<Map<string, Float32Array>> {
  const values = new Map<string, Float32Array>();
  for (const [index, { name, shape }] of checkpoint.tensors.entries()) {
    const tensor = openTensor(checkpoint, index);
    values.set(name, decodeRun(tensor, await readBlocks(tensor, 0, countValues(shape))));
  }
  return values;
}

describe("quantizing layers with calibration", function () {
  this.timeout(60_000);
  const engine = engineOf(2);
  const single = engineOf(1);
  const folder = temporaryFolder();
  let checkpoint: Checkpoint;
  let linears: string[];

  before(async () => {
    checkpoint = await tinyModel();
    linears = (await describeModel(checkpoint)).layers.flatMap(linearsOf).map(({ tensor }) => tensor);
  });

  const all = (target: LayerTarget): LayerTargets => new Map(linears.map((tensor) => [tensor, target]));
  const integers = (options: Partial<GptqOptions> = {}): GptqTarget => ({
    kind: "integers",
    options: { ...defaultGptqOptions, groupSize: 8, ...options },
  });
  const awq: LayerTarget = { kind: "awq", options: { bits: 4, groupSize: 8, symmetric: false }, groupSize: 8, isClipped: true };

  async function quantize(name: string, targets: LayerTargets, on: Engine = engine(), more: { stopAfter?: number; key?: string } = {}) {
    const controller = new AbortController();
    const layers: LayerSummary[] = [];
    const store = await on.quantizeLayers(
      {
        checkpoint,
        sequences,
        targets,
        openStore: (blocks) => LayerStore.open(folder(name), more.key ?? "key", blocks),
        onLayer(layer, done, total) {
          layers.push(layer);
          assert.deepEqual([done, total], [layers.length, targets.size]);
          if (done === more.stopAfter) controller.abort();
        },
      },
      { ...quiet(), signal: controller.signal },
    );
    return { store, layers };
  }

  const filesOf = (name: string): Buffer[] => [0, 1].map((block) => readFileSync(folder(name, `block-0000${block}.layers`)));

  for (const [name, target] of [
    ["integers", integers()],
    ["awq", awq],
    ["smoothquant", { ...awq, options: { bits: 8, groupSize: 8, symmetric: "span" }, isClipped: false, smoothing: 0.5 }],
  ] as const) {
    it(`${name}: every layer once, and the same bytes with any number of threads`, async () => {
      const { layers } = await quantize(name, all(target));
      assert.deepEqual(layers.map(({ tensor }) => tensor).sort(), [...linears].sort());
      assert.ok(layers.every(({ loss }) => loss > 0));
      await quantize(`${name}-single`, all(target), single());
      assert.deepEqual(filesOf(`${name}-single`), filesOf(name));
    });
  }

  it("GPTQ: the outputs of the first layers change less than by rounding to nearest", async () => {
    const weights = await weightsOf(checkpoint);
    const { layers } = await describeModel(checkpoint);
    const inputs = new Map<string, Float32Array[]>();
    const { embedding, hidden } = await describeModel(checkpoint);
    const table = weights.get(embedding.tensor)!;
    const ids = sequences.flatMap((sequence) => [...sequence]);
    const stream = Float32Array.from(ids.flatMap((id) => [...table.subarray(id * hidden, (id + 1) * hidden)]));
    const lengths = sequences.map(({ length }) => length);
    runBlock(layers[0]!, stream, lengths, (tensor) => weights.get(tensor)!, plainArithmetic, {
      listener: (tensor, values) => inputs.set(tensor, [...(inputs.get(tensor) ?? []), values.slice()]),
    });
    const { store } = await quantize("against", all(integers({ bits: 3 })));
    for (const stored of (await store.list(0)).slice(0, 3)) {
      const layer = await store.load(0, stored);
      const original = weights.get(layer.tensor)!;
      const values = new Float32Array(layerValues(layer, integers({ bits: 3 })));
      const rounded = roundToNearest(original, 8, 3);
      const rows = inputs.get(layer.tensor)!;
      const [ours, plain] = [outputError(original, values, rows, hidden), outputError(original, rounded, rows, hidden)];
      assert.ok(ours < 0.9 * plain, `${layer.tensor}: ${ours} against ${plain}`);
    }
  });

  it("goes on where a run was stopped, and ends with the same bytes", async () => {
    const target = all(integers());
    await quantize("whole", target);
    await assert.rejects(quantize("stopped", target, engine(), { stopAfter: 9 }), CancelledError);
    assert.ok(existsSync(folder("stopped", "block-00000.layers")));
    assert.ok(!existsSync(folder("stopped", "block-00001.layers")));
    const before = statSync(folder("stopped", "block-00000.layers")).mtimeMs;
    const { store, layers } = await quantize("stopped", target);
    assert.equal(store.finished, 1);
    assert.equal(layers.length, 14);
    assert.equal(statSync(folder("stopped", "block-00000.layers")).mtimeMs, before);
    assert.deepEqual(filesOf("stopped"), filesOf("whole"));
    await store.remove();
    assert.ok(!existsSync(folder("stopped")));
  });

  it("begins anew for another text or other types, and where a file is damaged", async () => {
    await quantize("key", all(integers()));
    const first = filesOf("key");
    assert.equal((await quantize("key", all(integers({ bits: 8 })), engine(), { key: "other" })).store.finished, 0);
    assert.notDeepEqual(filesOf("key"), first);
    const path = folder("key", "block-00000.layers");
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 1));
    assert.equal((await quantize("key", all(integers({ bits: 8 })), engine(), { key: "other" })).store.finished, 0);
    assert.deepEqual(readFileSync(path), bytes);
    assert.equal(readdirSync(folder("key")).length, 3);
  });

  it("refuses what does not fit in memory, with the reason", async () => {
    const description = await describeModel(checkpoint);
    const lengths = sequences.map(({ length }) => length);
    const check = (bytes: number): number => checkCalibratedMemory(checkpoint, description, lengths, all(integers()), 2, bytes);
    assert.ok(check(2 ** 30) < 2 ** 30);
    assert.throws(() => check(2 ** 20), refused("too-large"));
  });

  it("AWQ: scales moved to what comes before leave the outputs as they were", async () => {
    const weights = await weightsOf(checkpoint);
    const { layers, hidden } = await describeModel(checkpoint);
    const [layer] = layers;
    const run = (): Float32Array => {
      const stream = Float32Array.from({ length: 20 * hidden }, (_, i) => Math.sin(i));
      runBlock(layer!, stream, [20], (tensor) => weights.get(tensor)!, plainArithmetic);
      return stream;
    };
    const before = run();
    const groups = scaledGroups(layer!);
    // Query heads share their keys and values here, so attention's output is left out.
    assert.deepEqual(
      groups.map((group) => group.layers.length),
      [3, 2, 1],
    );
    for (const group of groups) {
      const scales = Float32Array.from({ length: group.layers[0]!.inputs }, (_, i) => 0.5 + (i % 7) / 4);
      assert.equal(applyScales(group, scales, (tensor) => weights.get(tensor)!).length, 1);
    }
    run().forEach((value, i) => assert.ok(Math.abs(value - before[i]!) < 2e-5 * Math.max(1, Math.abs(before[i]!)), `value ${i}`));
  });
});

/** Symmetric, a scale for each group of columns. */
function roundToNearest(weights: Float32Array, group: number, bits: number): Float32Array {
  const result = new Float32Array(weights.length);
  const most = 2 ** (bits - 1);
  for (let start = 0; start < weights.length; start += group) {
    const largest = weights.subarray(start, start + group).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const scale = (2 * largest) / (2 * most - 1);
    for (let i = start; i < start + group; i++) {
      result[i] = scale * Math.min(most - 1, Math.max(-most, Math.round(weights[i]! / scale)));
    }
  }
  return result;
}

/** Σ over inputs and outputs of the squared change. */
function outputError(original: Float32Array, values: Float32Array, inputs: readonly Float32Array[], columns: number): number {
  let sum = 0;
  for (const rows of inputs) {
    for (let token = 0; token < rows.length; token += columns) {
      for (let row = 0; row < original.length; row += columns) {
        let change = 0;
        for (let c = 0; c < columns; c++) change += rows[token + c]! * (values[row + c]! - original[row + c]!);
        sum += change * change;
      }
    }
  }
  return sum;
}
