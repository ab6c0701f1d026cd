import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { valuesPerToken } from "../../../src/core/estimate/cacheShape";
import { estimateSize } from "../../../src/core/estimate/estimateSize";
import { type ModelShapes, shapesFromCheckpoint } from "../../../src/core/estimate/modelShapes";
import type { Checkpoint, MetadataEntry } from "../../../src/core/tensor/checkpoint";
import type { TensorInfo } from "../../../src/core/tensor/tensorInfo";
import { openPath } from "../../../src/io/openPath";
import { sharedOrSkip } from "../../support/shared";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample");

async function shapesAt(file: string): Promise<ModelShapes> {
  const checkpoint = await openPath(file);
  const shapes = await shapesFromCheckpoint(checkpoint);
  await checkpoint.close();
  return shapes;
}

/** Values that all layers cache of one token. */
function cached({ cache }: ModelShapes): number | undefined {
  return cache?.groups.reduce((sum, group) => sum + valuesPerToken(group), 0);
}

function bytesOf(shapes: ModelShapes, type: string): number {
  return estimateSize({ shapes, types: [type] }).rows.find((row) => row.type === type)!.bytes;
}

/** A checkpoint of nothing but headers. */
function headers(part: Partial<Checkpoint>, tensors: Partial<TensorInfo>[]): Checkpoint {
  const filled = tensors.map((tensor): TensorInfo => ({ name: "", dtype: "BF16", shape: [], file: 0, offset: 0, bytes: 0, ...tensor }));
  return {
    format: "safetensors",
    name: "model",
    files: [],
    tensors: filled,
    metadata: [],
    warnings: [],
    close: () => Promise.resolve(),
    ...part,
  };
}

describe("estimate of a checkpoint", () => {
  it("knows the sample's shapes, layers, heads and cache", async () => {
    const shapes = await shapesAt(sample);
    assert.equal(shapes.parameters, 4_196_608);
    assert.deepEqual(shapes.model, { layers: 4, groupedQueries: 2, experts: 0 });
    assert.equal(cached(shapes), 2 * 4 * 2 * 64);
    const [fp16] = estimateSize({ shapes, types: ["fp16"], context: 256 }).rows;
    assert.equal(fp16!.bytes, 2 * 4_196_608);
    assert.equal(fp16!.kvCacheBytes, 2 * 4 * 2 * 64 * 2 * 256);
  });

  it("gives the bytes of the tensor data llama.cpp writes for the sample", async () => {
    const shapes = await shapesAt(sample);
    const written: Record<string, number> = {
      F32: 16_786_432,
      F16: 8_397_824,
      Q8_0: 4_465_664,
      Q6_K: 3_449_856,
      Q5_K_M: 3_023_360,
      Q4_K_M: 2_621_952,
      Q4_0: 2_503_680,
      IQ4_XS: 2_388_992,
      Q3_K_M: 2_181_120,
      IQ3_XXS: 1_786_880,
      Q2_K: 1_763_328,
      TQ1_0: 1_397_760,
      IQ1_S: 1_189_888,
    };
    assert.deepEqual(Object.fromEntries(Object.keys(written).map((type) => [type, bytesOf(shapes, type)])), written);
  });

  it("differs from each published file only by the same header", async function () {
    const readme = readFileSync(sharedOrSkip(this, "sample/README.md"), "utf8");
    const shapes = await shapesAt(sample);
    const table = [...readme.matchAll(/^\| (\S+) \| ([\d,]+) \| ([\d.]+) \|/gm)];
    assert.equal(table.length, 32);
    const overheads = new Set<number>();
    for (const [, type, fileBytes, bitsPerWeight] of table as unknown as [string, string, string, string][]) {
      const [row] = estimateSize({ shapes, types: [type] }).rows.filter((candidate) => candidate.type === type);
      assert.equal(row!.bitsPerWeight.toFixed(2), bitsPerWeight, type);
      overheads.add(Number(fileBytes.replaceAll(",", "")) - row!.bytes);
    }
    assert.equal(overheads.size, 1);
  });

  it("equals the tensor data of a real Q4_K_M file, estimated from the F16 file", async function () {
    const actual = await openPath(sharedOrSkip(this, "sample/gguf/model-Q4_K_M.gguf"));
    const bytes = actual.tensors.reduce((sum, tensor) => sum + Math.ceil(tensor.bytes / 32) * 32, 0);
    await actual.close();
    const shapes = await shapesAt(sharedOrSkip(this, "sample/gguf/model-f16.gguf"));
    assert.equal(bytesOf(shapes, "Q4_K_M"), bytes);
    assert.deepEqual(shapes.model, { layers: 4, groupedQueries: 2, experts: 0 });
    assert.equal(cached(shapes), 1024);
  });

  it("counts codes, scales and zero-points of every matrix, and other tensors as stored", async () => {
    const shapes = await shapesFromCheckpoint(
      headers({}, [
        { name: "model.layers.0.self_attn.q_proj.weight", shape: [3, 130], bytes: 780 },
        { name: "model.norm.weight", shape: [130], bytes: 260 },
        { name: "model.layers.0.self_attn.rotary_emb.inv_freq", shape: [64], bytes: 256, dtype: "F32" },
        { name: "packed.weight", shape: [10, 10], bytes: 400, dtype: "I32" },
      ]),
    );
    assert.equal(shapes.parameters, 3 * 130 + 130 + 100);
    // 390 codes of 4 bits, two groups a row: 6 scales and 6 zero-points.
    assert.equal(bytesOf(shapes, "int4-g128"), 195 + 12 + 3 + 260 + 400);
    assert.equal(bytesOf(shapes, "nf4"), 195 + 4 * Math.ceil(390 / 64) + 260 + 400);
    // Codes, a code for each of the 7 blocks, a float32 for the 7, the offset.
    assert.equal(bytesOf(shapes, "nf4-dq"), 195 + 7 + 4 + 4 + 260 + 400);
    // Ten groups share an int32 for each place in a group.
    assert.equal(bytesOf(shapes, "hqq3-g64"), 4 * 64 + 4 * 7 + 260 + 400);
  });

  it("says how many tensors do not divide into blocks", async () => {
    const shapes = await shapesFromCheckpoint(
      headers({}, [{ name: "model.layers.0.self_attn.q_proj.weight", shape: [4, 896], bytes: 4 * 896 * 2 }]),
    );
    const [row] = estimateSize({ shapes, types: ["Q4_K_S"] }).rows;
    assert.equal(row!.bytes, ((4 * 896) / 32) * 22);
    assert.deepEqual(row!.note, { code: "wider", value: "1" });
  });

  it("stacks the experts of a layer as a GGUF file has them", async () => {
    const expert = (e: number): Partial<TensorInfo> => ({
      name: `model.layers.0.block_sparse_moe.experts.${e}.w2.weight`,
      shape: [256, 512],
      bytes: 262_144,
    });
    const shapes = await shapesFromCheckpoint(
      headers({ config: { num_local_experts: 4, num_hidden_layers: 1 } }, [0, 1, 2, 3].map(expert)),
    );
    assert.deepEqual(
      shapes.tensors.map(({ name, shape, storedBytes }) => ({ name, shape, storedBytes })),
      [{ name: "blk.0.ffn_down_exps.weight", shape: [4, 256, 512], storedBytes: 4 * 262_144 }],
    );
    assert.equal(shapes.model.experts, 4);
  });

  it("reads heads and cache off the matrices when there is no configuration", async () => {
    const layer = (n: number): Partial<TensorInfo>[] =>
      [
        ["q", 512],
        ["k", 128],
        ["v", 128],
      ].map(([part, rows]) => ({ name: `model.layers.${n}.self_attn.${part}_proj.weight`, shape: [Number(rows), 512] }));
    const shapes = await shapesFromCheckpoint(headers({}, [...layer(0), ...layer(1)]));
    assert.deepEqual(shapes.model, { layers: 2, groupedQueries: 4, experts: 0 });
    assert.equal(cached(shapes), 2 * (128 + 128));
  });

  it("finds the language model's figures inside a larger configuration", async () => {
    const text_config = { num_hidden_layers: 3, num_attention_heads: 8, num_key_value_heads: 4, hidden_size: 512 };
    const shapes = await shapesFromCheckpoint(headers({ config: { text_config } }, []));
    assert.equal(cached(shapes), 2 * 3 * 4 * 64);
  });

  it("does not size a compressed cache with the plain formula where its width is not known", async () => {
    const config = { kv_lora_rank: 512, num_hidden_layers: 3, num_attention_heads: 8, hidden_size: 512 };
    const shapes = await shapesFromCheckpoint(headers({ config }, [{ name: "model.norm.weight", shape: [512], bytes: 1024 }]));
    const [row] = estimateSize({ shapes, types: ["fp16"], context: 4096 }).rows;
    assert.equal(row!.kvCacheBytes, undefined);
    assert.equal(row!.totalBytes, row!.bytes);
  });

  it("sums key-value heads that differ between layers of a GGUF file", async () => {
    const entry = (key: string, value: number): MetadataEntry => ({ key: `toy.${key}`, type: "u32", value });
    const heads = [4, 0, 2];
    const metadata: MetadataEntry[] = [
      entry("block_count", 3),
      entry("embedding_length", 512),
      entry("attention.head_count", 8),
      {
        key: "toy.attention.head_count_kv",
        type: "array<u32>",
        length: 3,
        read: (start, count) => Promise.resolve(heads.slice(start, start + count)),
      },
    ];
    const shapes = await shapesFromCheckpoint(headers({ format: "gguf", architecture: "toy", metadata }, []));
    assert.equal(cached(shapes), (4 + 0 + 2) * 2 * 64);
    assert.equal(shapes.model.groupedQueries, 2);
  });
});
