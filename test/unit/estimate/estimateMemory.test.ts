import assert from "node:assert/strict";
import { configuredModel } from "../../../src/core/estimate/configShapes";
import { devices, usableBytes, usualDevices } from "../../../src/core/estimate/devices";
import { estimateMemory, type MemoryInput } from "../../../src/core/estimate/estimateMemory";
import { shapesFromCheckpoint } from "../../../src/core/estimate/modelShapes";
import { listSchemes } from "../../../src/core/quant/registry";
import { fileTypes } from "../../../src/core/recipe/fileTypes";
import { deepseek, gptOss, llama3 } from "../../support/modelConfigs";

const GiB = 2 ** 30;
const MiB = 2 ** 20;

describe("memory of a model", () => {
  const asked: MemoryInput = { context: 8192, sequences: 1, memories: [12 * GiB, 24 * GiB] };

  it("adds weights, cache and working memory, and compares with each device", async () => {
    const { shapes } = configuredModel(llama3, "Llama-3-8B");
    const report = estimateMemory({ ...asked, shapes, types: ["Q4_K_M", "FP16", "FP32"] });
    assert.equal(report.isAssumed, false);
    assert.equal(report.trainedContext, 8192);
    assert.equal(report.cache?.bytes, GiB);
    const { working } = report;
    assert.equal(working?.bytes, 258.5 * MiB);
    const [fp32, fp16, mixture] = ["FP32", "FP16", "Q4_K_M"].map((type) => report.rows.find((row) => row.type === type)!);
    for (const row of report.rows) assert.equal(row.neededBytes, row.bytes + GiB + 258.5 * MiB);
    // As llama-quantize writes it: 4.58 GiB.
    assert.equal((mixture!.bytes / GiB).toFixed(2), "4.58");
    assert.deepEqual(mixture!.devices, [
      { fits: true, context: 8192 },
      { fits: true, context: 8192 },
    ]);
    assert.deepEqual(
      [fp16!.devices[0], fp32!.devices[1]],
      [
        { fits: false, context: 0 },
        { fits: false, context: 0 },
      ],
    );
  });

  it("takes for working memory what llama.cpp reports as its compute buffer", async () => {
    const work = async (config: Record<string, unknown>, context: number) =>
      estimateMemory({ ...asked, shapes: configuredModel(config, "model").shapes, types: ["FP16"], context }).working;
    const [short, long] = [await work(llama3, 512), await work(llama3, 8192)];
    assert.equal(short?.bytes, 258.5 * MiB);
    assert.equal(long?.withoutFlash, 560 * MiB);
    const llama2 = { ...llama3, intermediate_size: 11008, num_key_value_heads: 32, vocab_size: 32000 };
    assert.equal((await work(llama2, 512))?.bytes, 70.5 * MiB);
    assert.equal((await work(llama2, 4096))?.withoutFlash, 296 * MiB);
    // Half of the tokens, half of the logits.
    assert.equal((await work(llama2, 256))?.output, (70.5 * MiB) / 2);
    const oss = (await work(gptOss, 131_072))!;
    assert.ok(oss.bytes === oss.layer && Math.abs(oss.bytes / MiB / 456.98 - 1) < 0.05, String(oss.bytes / MiB));
  });

  it("counts the compressed queries and results of all heads in latent attention", async () => {
    const { shapes } = configuredModel({ ...deepseek, num_experts_per_tok: 6 }, "DeepSeek-V2");
    const { working } = estimateMemory({ ...asked, shapes, types: ["FP16"], context: 512 });
    assert.deepEqual([working?.attention, working?.feedForward], [128 * 2 * 576, 2 * 12288]);
    assert.equal(working?.bytes, 512 * ((128 * 2 * 576 + 2 * 5120) * 4 + 512 * 6));
  });

  it("counts the experts that a token passes through, and does not guess how many they are", async () => {
    const mixtral = { ...llama3, model_type: "mixtral", vocab_size: 32000, num_local_experts: 8 };
    const feedForward = async (config: Record<string, unknown>) =>
      estimateMemory({ ...asked, shapes: configuredModel(config, "model").shapes, types: ["FP16"] }).working?.feedForward;
    assert.equal(await feedForward({ ...mixtral, num_experts_per_tok: 2 }), 2 * 2 * 14336);
    assert.equal(await feedForward(mixtral), undefined);
    assert.equal(await feedForward({ ...llama3, model_type: "phi3" }), 2 * 14336);
  });

  it("of a size alone assumes a published shape, says so, and knows of no training", () => {
    const report = estimateMemory({ ...asked, parameters: 7e9, types: ["FP32", "FP16", "INT8", "INT4"] });
    assert.deepEqual([report.isAssumed, report.shapesOf, report.trainedContext], [true, "Llama-2-7B", undefined]);
    assert.deepEqual(
      report.rows.filter(({ kind }) => kind === "nominal").map(({ bytes }) => [(bytes / 1e9).toFixed(1), (bytes / GiB).toFixed(2)]),
      [
        ["28.0", "26.08"],
        ["14.0", "13.04"],
        ["7.0", "6.52"],
        ["3.5", "3.26"],
      ],
    );
  });

  it("says what is not known, and compares what is", async () => {
    const none = { format: "safetensors" as const, name: "model", files: [], metadata: [], warnings: [], close: () => Promise.resolve() };
    const tensor = { name: "conv.weight", dtype: "F32", shape: [64, 256], file: 0, offset: 0, bytes: 65_536 };
    const shapes = await shapesFromCheckpoint({ ...none, tensors: [tensor] });
    const report = estimateMemory({ ...asked, shapes, types: ["FP16"] });
    assert.deepEqual([report.cache, report.working], [undefined, undefined]);
    assert.deepEqual(report.rows[0]!.devices[0], { fits: true, context: null });
    assert.equal(report.rows[0]!.neededBytes, 32_768);
  });

  it("has every scheme of the registry and every file type of llama.cpp", () => {
    const types = new Set(estimateMemory({ ...asked, parameters: 7e9, types: "every" }).rows.map(({ type }) => type.toLowerCase()));
    const missing = [...listSchemes().map(({ id }) => id), ...fileTypes.map(({ name }) => name)].filter(
      (id) => !types.has(id.toLowerCase()),
    );
    assert.deepEqual(missing, []);
  });
});

describe("devices", () => {
  it("have names of their own, and less to use than they are sold with", () => {
    assert.equal(new Set(devices.map(({ id }) => id)).size, devices.length);
    for (const device of devices)
      assert.ok(usableBytes(device) < device.gib * GiB && usableBytes(device) > 0.4 * device.gib * GiB, device.name);
    for (const id of usualDevices)
      assert.ok(
        devices.some((device) => device.id === id),
        id,
      );
  });

  it("a Mac lets a model have what Metal recommends, as llama.cpp prints it", () => {
    const usable = (gib: number): number => usableBytes(devices.find(({ id }) => id === `mac-${gib}`)!);
    assert.equal((usable(16) / MiB).toFixed(2), "10922.67");
    assert.deepEqual(
      [24, 36].map((gib) => (usable(gib) / 1e6).toFixed(2)),
      ["17179.87", "28991.03"],
    );
  });
});
