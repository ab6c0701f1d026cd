import assert from "node:assert/strict";
import path from "node:path";
import { CancelledError, UsageError } from "../../../src/core/errors";
import { defaultGptqOptions, type GptqOptions } from "../../../src/core/gptq/options";
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
    const { outputs: rows, inputs: columns } = few.linear;
    const [rtn] = await compare([{ method: "rtn", options: { ...g128, groupSize: 64 } }], few);
    // Rounding to nearest written out: a symmetric group's scale is that of its greatest magnitude, codes are 0 to 15 around 8.
    const errors = new Float64Array(rows * columns);
    for (let start = 0; start < errors.length; start += 64) {
      const group = weights.subarray(start, start + 64);
      const scale = Math.fround((2 * group.reduce((most, value) => Math.max(most, Math.abs(value)), 0)) / 15);
      group.forEach((value, i) => {
        errors[start + i] = value - scale * (Math.min(15, Math.max(0, roundHalfEven(Math.fround(value / scale)) + 8)) - 8);
      });
    }
    let [noise, signal] = [0, 0];
    for (let at = 0; at < inputs.length; at += columns) {
      for (let row = 0; row < rows; row++) {
        let [error, output] = [0, 0];
        for (let column = 0; column < columns; column++) {
          error += inputs[at + column]! * errors[row * columns + column]!;
          output += inputs[at + column]! * weights[row * columns + column]!;
        }
        noise += error ** 2;
        signal += output ** 2;
      }
    }
    close(few.signal, signal, "signal", 1e-3);
    close(rtn!.outputError, noise / signal, "output error", 1e-3);
    close(rtn!.weightRmse, Math.sqrt(sum(errors.map((error) => error ** 2)) / errors.length), "weights", 1e-3);
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

  /** What enters the layer, by the plain forward pass. */
  async function heldOutInputs(): Promise<number[]> {
    const values = new Map<string, Float32Array>();
    for (const [index, { name, shape }] of checkpoint.tensors.entries()) {
      const opened = openTensor(checkpoint, index);
      values.set(name, decodeRun(opened, await readBlocks(opened, 0, countValues(shape))));
    }
    const { hidden, embedding, layers } = await describeModel(checkpoint);
    const table = values.get(embedding.tensor)!;
    const found: number[] = [];
    for (const ids of splitSamples(samples.slice(0, 4)).heldOut) {
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
