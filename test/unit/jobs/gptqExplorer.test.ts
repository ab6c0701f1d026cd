import assert from "node:assert/strict";
import path from "node:path";
import { CancelledError, UsageError } from "../../../src/core/errors";
import { quantizeAwqLayer } from "../../../src/core/awq/quantizeLayer";
import { searchScales } from "../../../src/core/awq/scaleSearch";
import { defaultGptqOptions, type GptqOptions } from "../../../src/core/gptq/options";
import { Arena } from "../../../src/core/linalg/arena";
import { runBlock } from "../../../src/core/model/block";
import { describeModel } from "../../../src/core/model/describe";
import { plainArithmetic } from "../../../src/core/model/plainArithmetic";
import { roundHalfEven } from "../../../src/core/quant/roundHalfEven";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { countValues } from "../../../src/core/tensor/tensorInfo";
import { folderOf, openPath } from "../../../src/io/openPath";
import type { CollectedLayer } from "../../../src/jobs/gptq/collectLayer";
import type { ComparedSetting, SettingErrors } from "../../../src/core/gptq/comparedSetting";
import { splitSamples } from "../../../src/jobs/gptq/splitSamples";
import { decodeRun, openTensor, readBlocks } from "../../../src/jobs/tensorBytes";
import { readSamples } from "../../../src/jobs/textSamples";
import { KernelMemory } from "../../support/kernelMemory";
import { engineOf, quiet } from "./harness";

const folder = path.join(__dirname, "..", "..", "..", "media", "sample");
const tensor = "model.layers.2.mlp.down_proj.weight";
const g128: GptqOptions = { ...defaultGptqOptions, order: "stored" };
const close = (found: number, expected: number, what: string, tolerance = 1e-4): void =>
  assert.ok(Math.abs(found - expected) <= tolerance * Math.abs(expected), `${what}: ${found}, expected ${expected}`);
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

describe("GPTQ explorer", function () {
  this.timeout(120_000);
  const engine = engineOf(2);
  let checkpoint: Checkpoint;
  let samples: Int32Array[];
  let layer: CollectedLayer;
  /** Of four samples, one of which is held out. */
  let few: CollectedLayer;

  before(async () => {
    checkpoint = await openPath(folder);
    const text = { path: path.join(folder, "calibration.txt") };
    ({ samples } = await readSamples(checkpoint, await folderOf(folder), text, { count: 32, length: 256 }, quiet().signal));
    layer = await engine().collectLayer({ checkpoint, samples, tensor }, quiet());
    few = await engine().collectLayer({ checkpoint, samples: samples.slice(0, 4), tensor }, quiet());
  });
  after(() => checkpoint.close());

  async function compare(settings: ComparedSetting[], of = layer): Promise<SettingErrors[]> {
    const found: SettingErrors[] = [];
    const onErrors = (index: number, errors: SettingErrors): void => void (found[index] = errors);
    await engine().compareSettings({ layer: of, settings, onErrors }, quiet());
    return found;
  }

  it("holds every fourth sample out", () => {
    const named = Array.from({ length: 9 }, (_, i) => Int32Array.of(i));
    const numbers = (ids: Int32Array[]): number[] => ids.map(([id]) => id!);
    const split = splitSamples(named);
    assert.deepEqual(
      [numbers(split.calibration), numbers(split.heldOut)],
      [
        [0, 1, 2, 4, 5, 6, 8],
        [3, 7],
      ],
    );
    assert.deepEqual(numbers(splitSamples(named.slice(0, 2)).heldOut), [1]);
    assert.throws(
      () => splitSamples(named.slice(0, 1)),
      (error) => error instanceof UsageError && error.code === "few-samples",
    );
    assert.deepEqual([layer.calibration.shape.tokens, layer.heldOut.shape.tokens], [24 * 256, 8 * 256]);
  });

  it("makes up for errors that rounding leaves: less on activations that it did not see, though weights are further off", async () => {
    const [gptq, rtn] = await compare([
      { method: "gptq", options: g128 },
      { method: "rtn", options: g128 },
    ]);
    assert.ok(gptq!.outputError < 0.85 * rtn!.outputError, `${gptq!.outputError} of ${rtn!.outputError}`);
    assert.ok(gptq!.weightRmse > rtn!.weightRmse, `${gptq!.weightRmse} and ${rtn!.weightRmse}`);
    assert.deepEqual([gptq!.damping, rtn!.damping], [0.01, 0]);
    for (const { outputError, weightRmse, columns } of [gptq!, rtn!]) {
      assert.deepEqual([columns.width, columns.output.length], [2, 384]);
      close(sum(columns.output), outputError, "the columns' parts add up");
      close(Math.sqrt(sum(columns.weightRmse.map((rmse) => rmse ** 2)) / 384), weightRmse, "so do the weights'");
    }
  });

  it("shows what was fitted to too few tokens: 768 of them for as many columns, which more damping helps", async () => {
    const [rtn, little, much] = await compare(
      [
        { method: "rtn", options: g128 },
        { method: "gptq", options: { ...g128, damping: 0.001 } },
        { method: "gptq", options: { ...g128, damping: 0.5 } },
      ],
      few,
    );
    assert.ok(little!.outputError > rtn!.outputError && much!.outputError < rtn!.outputError);
  });

  it("measures what running the layer on the held-out inputs gives", async () => {
    const inputs = await heldOutInputs();
    const weights = new Float32Array(few.weights);
    const [rtn] = await compare([{ method: "rtn", options: { ...g128, groupSize: 64 } }], few);
    // Rounding to nearest written out: a symmetric group's scale is that of its greatest magnitude, codes are 0 to 15 around 8.
    const errors = new Float64Array(weights.length);
    for (let start = 0; start < errors.length; start += 64) {
      const group = weights.subarray(start, start + 64);
      const scale = Math.fround((2 * group.reduce((most, value) => Math.max(most, Math.abs(value)), 0)) / 15);
      group.forEach((value, i) => {
        errors[start + i] = value - scale * (Math.min(15, Math.max(0, roundHalfEven(Math.fround(value / scale)) + 8)) - 8);
      });
    }
    const [noise, signal] = [squareOfOutputs(inputs, errors), squareOfOutputs(inputs, weights)];
    close(few.signal, signal, "signal", 1e-3);
    close(rtn!.outputError, noise / signal, "output error", 1e-3);
    close(rtn!.weightRmse, Math.sqrt(sum(errors.map((error) => error ** 2)) / errors.length), "weights", 1e-3);
  });

  it("finds for AWQ what its own search does with inputs that it was given, and judges that on the others", async () => {
    const { weights, scaling, linear } = few;
    const [w, columns] = [new Float32Array(weights), linear.inputs];
    assert.deepEqual([scaling.group, scaling.isClipped], [[weights], true], "the columns of down_proj are scaled by themselves");
    // 768 tokens, of which every second is kept.
    const calibration = await inputsOf([samples[0]!]);
    const inputs = new Float32Array(scaling.inputs);
    assert.equal(inputs.length, 384 * columns);
    for (const row of [0, 100, 127]) close(inputs[row * columns + 5]!, calibration[2 * row * columns + 5]!, `row ${row}`, 1e-3);
    const { kernels } = new KernelMemory();
    const arena = (): Arena => new Arena(kernels.memory);
    const heldOut = await heldOutInputs();
    for (const bits of [3, 4] as const) {
      const options = { bits, groupSize: 64, symmetric: false as const };
      const { scales } = searchScales(kernels, arena(), { weights: w, inputs, columns }, options);
      const layer = {
        weights: w.map((value, i) => value * scales[i % columns]!),
        inputs: inputs.map((value, i) => value / scales[i % columns]!),
        columns,
      };
      const found = quantizeAwqLayer(kernels, arena(), layer, options, true, () => undefined);
      const errors = Float64Array.from(found.codes, (code, i) => {
        const group = Math.floor(i / 64);
        return w[i]! - (found.scales[group]! * (code - found.zeros[group]!)) / scales[i % columns]!;
      });
      const all = { ...g128, ...options };
      const [awq, rtn] = await compare(
        [
          { method: "awq", options: all },
          { method: "rtn", options: all },
        ],
        few,
      );
      close(awq!.outputError, squareOfOutputs(heldOut, errors) / few.signal, `${bits} bits`, 1e-3);
      close(awq!.weightRmse, Math.sqrt(sum(errors.map((error) => error ** 2)) / errors.length), "weights", 1e-3);
      assert.ok(awq!.outputError < rtn!.outputError && awq!.damping === 0, `${awq!.outputError} of ${rtn!.outputError}`);
    }
    await assert.rejects(compare([{ method: "awq", options: { ...g128, groupSize: 100 } }], few), UsageError);
  });

  it("scales the layers that share an input together, and leaves queries and keys unclipped", async () => {
    const scalingOf = async (name: string) =>
      (await engine().collectLayer({ checkpoint, samples: samples.slice(0, 2), tensor: `model.layers.0.${name}.weight` }, quiet())).scaling;
    const [key, value, output] = [
      await scalingOf("self_attn.k_proj"),
      await scalingOf("self_attn.v_proj"),
      await scalingOf("self_attn.o_proj"),
    ];
    assert.deepEqual([key.group.length, key.isClipped, value.group.length, value.isClipped], [3, false, 3, true]);
    assert.deepEqual([output.group, output.isClipped], [[], true], "fewer value heads than query heads: nothing before it can be divided");
  });

  it("draws the values of a method as those of a scheme, in its form", async () => {
    const settings: ComparedSetting[] = [{ method: "gptq", options: { ...g128, groupSize: 64 } }];
    let [rmse, values] = [0, new SharedArrayBuffer(0)];
    const onErrors = (_: number, errors: SettingErrors, given: SharedArrayBuffer): void =>
      void ([rmse, values] = [errors.weightRmse, given]);
    await engine().compareSettings({ layer, settings, onErrors }, quiet());
    const index = checkpoint.tensors.findIndex(({ name }) => name === tensor);
    const input = { checkpoint, tensor: index, scheme: "int4-sym-g64", bins: 32 };
    const preview = await engine().preview({ ...input, values }, quiet());
    const plain = await engine().preview(input, quiet());
    close(preview.errors.rmse!, rmse, "RMSE", 1e-6);
    assert.deepEqual(preview.before, plain.before);
    assert.notDeepEqual(preview.after, plain.after);
    assert.equal(sum(preview.after.counts), sum(preview.before.counts));
    assert.deepEqual([preview.errors.bytes, preview.scheme], [plain.errors.bytes, "int4-sym-g64"]);
    const [w, y] = [new Float32Array(layer.weights), new Float32Array(values)];
    close(preview.errors.mae!, sum(w.map((value, i) => Math.abs(value - y[i]!))) / w.length, "MAE", 1e-5);
    await assert.rejects(engine().preview({ ...input, tensor: index === 0 ? 1 : 0, values }, quiet()));
  });

  it("loses less with more bits, and gives the same for any order of the settings", async () => {
    const settings = ([2, 3, 4, 8] as const).map((bits): ComparedSetting => ({
      method: "gptq",
      options: { ...g128, bits, groupSize: -1 },
    }));
    const found = (await compare(settings)).map(({ outputError }) => outputError);
    found.forEach((error, i) => i > 0 && assert.ok(error < found[i - 1]!, found.join()));
    const back = (await compare([...settings].reverse())).map(({ outputError }) => outputError);
    assert.deepEqual(back.reverse(), found);
  });

  it("tells progress, and stops when it is cancelled", async () => {
    const told: number[] = [];
    const progress = (done: number, total: number): void => void told.push(done / total);
    await engine().collectLayer({ checkpoint, samples, tensor }, { ...quiet(), progress });
    assert.deepEqual(
      [...told].sort((a, b) => a - b),
      told,
    );
    assert.equal(told.at(-1), 1);
    const settings = Array.from({ length: 9 }, (_, i): ComparedSetting => ({
      method: "gptq",
      options: { ...g128, damping: (i + 1) / 10 },
    }));
    const controller = new AbortController();
    let done = 0;
    const onErrors = (): void => void (++done === 2 && controller.abort());
    await assert.rejects(
      engine().compareSettings({ layer, settings, onErrors }, { ...quiet(), signal: controller.signal }),
      CancelledError,
    );
    assert.ok(done < 9, String(done));
  });

  it("refuses what is no linear layer, and options that make no sense", async () => {
    const refused = (code: string) => (error: unknown) => error instanceof UsageError && error.code === code;
    await assert.rejects(engine().collectLayer({ checkpoint, samples, tensor: "model.norm.weight" }, quiet()), refused("unknown-layer"));
    await assert.rejects(compare([{ method: "gptq", options: { ...g128, damping: 1 } }]), refused("bad-gptq-option"));
  });

  let heard: Promise<number[]> | undefined;
  /** What enters the layer on the sample of `few` that is held out. */
  const heldOutInputs = (): Promise<number[]> => (heard ??= inputsOf(splitSamples(samples.slice(0, 4)).heldOut));

  /** Σ(x·w)² over the rows w of the layer's shape and inputs x. */
  function squareOfOutputs(inputs: ArrayLike<number>, rows: ArrayLike<number>): number {
    const columns = few.linear.inputs;
    let result = 0;
    for (let at = 0; at < inputs.length; at += columns) {
      for (let row = 0; row < rows.length; row += columns) {
        let output = 0;
        for (let column = 0; column < columns; column++) output += inputs[at + column]! * rows[row + column]!;
        result += output ** 2;
      }
    }
    return result;
  }

  /** What enters the layer, by the plain forward pass. */
  async function inputsOf(sequences: readonly Int32Array[]): Promise<number[]> {
    const values = new Map<string, Float32Array>();
    for (const [index, { name, shape }] of checkpoint.tensors.entries()) {
      const opened = openTensor(checkpoint, index);
      values.set(name, decodeRun(opened, await readBlocks(opened, 0, countValues(shape))));
    }
    const { hidden, embedding, layers } = await describeModel(checkpoint);
    const table = values.get(embedding.tensor)!;
    const found: number[] = [];
    for (const ids of sequences) {
      const stream = Float32Array.from(Array.from(ids).flatMap((id) => Array.from(table.subarray(id * hidden, (id + 1) * hidden))));
      for (const block of layers.slice(0, 3)) {
        runBlock(block, stream, [ids.length], (name) => values.get(name)!, plainArithmetic, {
          listener: (name, rows) => {
            if (name === tensor) for (const value of rows) found.push(value);
          },
        });
      }
    }
    return found;
  }
});
