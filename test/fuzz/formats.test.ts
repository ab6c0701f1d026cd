import assert from "node:assert/strict";
import { BoundedFolder } from "../support/boundedFolder";
import { openAnything } from "../support/checkInvariants";
import { fixtureSeeds, ownSeeds } from "../support/damageSeeds";
import { ggufF32, writeGguf } from "../support/ggufWriter";
import { mutate, Random } from "../support/mutations";
import { bytesOfWords, randomHalves, randomWords } from "../support/packedWriter";
import { patternBytes, type WrittenTensor, writeSafetensors } from "../support/safetensorsWriter";
import { counting, pickle, pickledTensor, writeTorch } from "../support/torchWriter";

const mutationsPerSeed = 1500;
/** Every byte of a header up to here is a place to cut; beyond, places are drawn. */
const everyCutBelow = 1200;

/** A layer of 32 × 64 weights as GPTQ, AWQ and bitsandbytes store it. */
function packedCheckpoints(): Record<string, { config: Record<string, unknown>; tensors: WrittenTensor[] }> {
  const [rows, columns, group] = [32, 64, 32];
  const words = (name: string, shape: number[]): WrittenTensor => {
    const count = shape.reduce((product, dimension) => product * dimension, 1);
    return { name, dtype: "I32", shape, bytes: bytesOfWords(randomWords(count, 3)) };
  };
  const halves = (name: string, shape: number[]): WrittenTensor => {
    return { name, dtype: "F16", shape, bytes: randomHalves(shape[0]! * shape[1]!, 4) };
  };
  const order: WrittenTensor = {
    name: "l.g_idx",
    dtype: "I32",
    shape: [columns],
    bytes: bytesOfWords(Uint32Array.from({ length: columns }, (_, column) => Math.floor(column / group))),
  };
  const gptq = { quant_method: "gptq", bits: 4, group_size: group, desc_act: true };
  const awq = { quant_method: "awq", bits: 4, group_size: group, zero_point: true, version: "gemm" };
  const nf4 = { quant_method: "bitsandbytes", load_in_4bit: true, bnb_4bit_quant_type: "nf4" };
  const state = new TextEncoder().encode(JSON.stringify({ quant_type: "nf4", blocksize: 64, dtype: "bfloat16", shape: [rows, columns] }));
  const floats = (count: number) => new Uint8Array(Float32Array.from({ length: count }, (_, index) => (index - 8) / 8).buffer);
  return {
    gptq: {
      config: gptq,
      tensors: [words("l.qweight", [columns / 8, rows]), words("l.qzeros", [2, rows / 8]), halves("l.scales", [2, rows]), order],
    },
    awq: {
      config: awq,
      tensors: [words("l.qweight", [columns, rows / 8]), words("l.qzeros", [2, rows / 8]), halves("l.scales", [2, rows])],
    },
    bitsandbytes: {
      config: nf4,
      tensors: [
        { name: "l.weight", dtype: "U8", shape: [(rows * columns) / 2, 1], bytes: patternBytes((rows * columns) / 2) },
        { name: "l.weight.absmax", dtype: "F32", shape: [(rows * columns) / 64], bytes: floats((rows * columns) / 64) },
        { name: "l.weight.quant_map", dtype: "F32", shape: [16], bytes: floats(16) },
        { name: "l.weight.quant_state.bitsandbytes__nf4", dtype: "U8", shape: [state.length], bytes: state },
      ],
    },
  };
}

function openOne(name: string, bytes: Uint8Array): Promise<"opened" | "refused"> {
  return openAnything(new BoundedFolder(new Map([[name, bytes]])), name);
}

describe("damaged files", function () {
  this.timeout(120_000);
  const seeds = [...ownSeeds(), ...fixtureSeeds()];

  it("cut at every byte of the header are refused or shown with what is missing", async () => {
    const random = new Random(7);
    for (const { name, bytes, headerBytes, rounds } of seeds) {
      const cuts =
        headerBytes <= everyCutBelow && rounds === undefined
          ? Array.from({ length: headerBytes + 8 }, (_, cut) => cut)
          : Array.from({ length: Math.min(300, rounds ?? 300) }, () => random.next(headerBytes));
      for (const cut of cuts) {
        if (cut < bytes.length) await openOne(name, bytes.subarray(0, cut));
      }
    }
  });

  it("with changed bytes and extreme numbers are refused or shown", async () => {
    const results = { opened: 0, refused: 0 };
    for (const [index, { name, bytes, headerBytes, rounds }] of seeds.entries()) {
      const random = new Random(1000 + index);
      for (let round = 0; round < (rounds ?? mutationsPerSeed); round++) results[await openOne(name, mutate(bytes, headerBytes, random))]++;
    }
    // A test in which everything is refused at once would test little.
    assert.ok(results.opened > 200 && results.refused > 200, JSON.stringify(results));
  });

  it("of a sharded checkpoint, index and shards, are refused or shown", async () => {
    const shard = (name: string): Uint8Array => writeSafetensors([{ name, dtype: "F32", shape: [8] }], { format: "pt" });
    const index = JSON.stringify({
      metadata: { total_size: 64 },
      weight_map: { a: "m-00001-of-00002.safetensors", b: "m-00002-of-00002.safetensors" },
    });
    const files = new Map<string, Uint8Array>([
      ["m.safetensors.index.json", new TextEncoder().encode(index)],
      ["m-00001-of-00002.safetensors", shard("a")],
      ["m-00002-of-00002.safetensors", shard("b")],
      ["config.json", new TextEncoder().encode('{"model_type":"llama","a":[1,{"b":null}]}')],
    ]);
    const random = new Random(5);
    const names = [...files.keys()];
    for (let round = 0; round < 1500; round++) {
      const name = random.pick(names);
      const damaged = new Map(files).set(name, mutate(files.get(name)!, 200, random));
      await openAnything(new BoundedFolder(damaged), random.pick([undefined, "m.safetensors.index.json", "m-00001-of-00002.safetensors"]));
    }
  });

  it("of a sharded PyTorch checkpoint, index and shards, are refused or shown", async () => {
    const shard = (name: string): Uint8Array =>
      writeTorch({ object: pickle.dict({ [name]: pickledTensor({ shape: [8] }) }), storages: { 0: counting(8) } });
    const names = ["pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"];
    const index = JSON.stringify({ metadata: { total_size: 64 }, weight_map: { a: names[0], b: names[1] } });
    const files = new Map<string, Uint8Array>([
      ["pytorch_model.bin.index.json", new TextEncoder().encode(index)],
      [names[0]!, shard("a")],
      [names[1]!, shard("b")],
    ]);
    const random = new Random(8);
    for (let round = 0; round < 500; round++) {
      const name = random.pick([...files.keys()]);
      const damaged = new Map(files).set(name, mutate(files.get(name)!, 600, random));
      await openAnything(new BoundedFolder(damaged), random.pick([undefined, ...files.keys()]));
    }
  });

  for (const [method, { config, tensors }] of Object.entries(packedCheckpoints())) {
    it(`of packed weights (${method}), header, configuration and values, are refused or shown`, async () => {
      const model = writeSafetensors(tensors);
      const files = new Map<string, Uint8Array>([
        ["model.safetensors", model],
        ["config.json", new TextEncoder().encode(JSON.stringify({ model_type: "llama", quantization_config: config }))],
      ]);
      const random = new Random(12);
      const results = { opened: 0, refused: 0 };
      for (let round = 0; round < 700; round++) {
        const name = random.pick([...files.keys()]);
        const damaged = new Map(files).set(name, mutate(files.get(name)!, 900, random));
        results[await openAnything(new BoundedFolder(damaged), "model.safetensors")]++;
      }
      assert.ok(results.opened > 50, JSON.stringify(results));
    });
  }

  it("of a split checkpoint are refused or shown", async () => {
    const part = (number: number): Uint8Array =>
      writeGguf({
        metadata: [
          ["split.no", { type: "u16", value: number }],
          ["split.count", { type: "u16", value: 2 }],
        ],
        tensors: [ggufF32(`t${number}`, [8])],
      });
    const files = new Map([
      ["m-00001-of-00002.gguf", part(0)],
      ["m-00002-of-00002.gguf", part(1)],
    ]);
    const random = new Random(6);
    const names = [...files.keys()];
    for (let round = 0; round < 1500; round++) {
      const name = random.pick(names);
      const damaged = new Map(files).set(name, mutate(files.get(name)!, 150, random));
      await openAnything(new BoundedFolder(damaged), random.pick([undefined, ...names]));
    }
  });

  it("of nothing but noise are refused", async () => {
    const random = new Random(9);
    const starts = [
      "",
      "GGUF\x03\0\0\0",
      "GGUF\x02\0\0\0\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0",
      "\x40\0\0\0\0\0\0\0{",
      '\x20\0\0\0\0\0\0\0{"a":{',
      "PK\x03\x04",
      "PK\x05\x06",
      "{",
      "\x80\x02",
      "\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.\x80\x02](",
      "\x08\x0a\x3a\x7f\x0a\x20",
      "\x1c\0\0\0TFL3\x14\0\x18\0",
      "\x93NUMPY\x01\0\x76\0{'descr': '",
    ];
    for (let round = 0; round < 2000; round++) {
      const noise = Uint8Array.from({ length: random.next(400) }, () => random.next(256));
      const bytes = new Uint8Array([...Buffer.from(random.pick(starts), "latin1"), ...noise]);
      await openOne(random.pick(["x.gguf", "x.safetensors", "x"]), bytes);
    }
  });
});
