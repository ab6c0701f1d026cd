import { readFileSync } from "node:fs";
import path from "node:path";
import { readFixtureIndex } from "./fixtureIndex";
import { ggufF32, ggufString, ggufStrings, type GgufValue, writeGguf } from "./ggufWriter";
import { datTail, writeDat, writeImatrixGguf } from "./imatrixWriter";
import { writeNpy } from "./npyWriter";
import { externalData, field, node, number, tensorProto, varintBytes, writeOnnx } from "./onnxWriter";
import { patternBytes, writeSafetensors } from "./safetensorsWriter";
import { sharedPath } from "./shared";
import { writeTflite } from "./tfliteWriter";
import { counting, pickle, pickledTensor, writeLegacyTorch, writeTorch } from "./torchWriter";
import { writeZip } from "./zipWriter";

/** A file to damage, and how much of its start is worth damaging. */
export interface Seed {
  name: string;
  bytes: Uint8Array;
  headerBytes: number;
  /** Mutations; as many as the test has for each when absent. */
  rounds?: number;
}

/** Files of PyTorch, NumPy and ONNX are many and much alike. */
const mutationsPerArray = 40;
const largestFixture = 140_000;
const largestArray = 20_000;

/** Files written here: each format, with everything that its reader has a branch for. */
export function ownSeeds(): Seed[] {
  const nested: GgufValue = { type: "array", of: "array", values: [ggufStrings(["a", "b"]), { type: "array", of: "u8", values: [] }] };
  const bools: GgufValue = { type: "array", of: "bool", values: [{ type: "bool", value: true }] };
  const safetensors = writeSafetensors(
    [
      { name: "ü.weight", dtype: "F32", shape: [3, 5] },
      { name: "b", dtype: "F4", shape: [4] },
      { name: "c", dtype: "I64", shape: [] },
    ],
    { format: "pt", note: 'a "quoted" \u2028 text' },
  );
  const gguf = writeGguf({
    metadata: [
      ["general.architecture", ggufString("llama")],
      ["general.alignment", { type: "u32", value: 32 }],
      ["tokens", ggufStrings(["<s>", "é", ""])],
      ["nested", nested],
      ["bools", bools],
      ["split.count", { type: "u16", value: 1 }],
      ["f", { type: "f64", value: 0.5 }],
    ],
    tensors: [ggufF32("a", [5, 3]), { name: "q", type: 8, ne: [32, 2], bytes: patternBytes(68) }, ggufF32("b", [2])],
  });
  return [
    { name: "own.safetensors", bytes: safetensors, headerBytes: safetensors.length - 70 },
    { name: "own.gguf", bytes: gguf, headerBytes: gguf.length - 224 },
    { name: "own.onnx", bytes: onnx(), headerBytes: onnx().length },
    { name: "own.tflite", bytes: tflite(), headerBytes: tflite().length },
    ...importanceSeeds(),
    ...arraySeeds().map(({ name, bytes }) => ({ name, bytes, headerBytes: bytes.length })),
  ];
}

/** Everywhere that a model can have tensors, and every way in which it can have their values. */
function onnx(): Uint8Array {
  const constant = node("Constant", { outputs: ["c"], attributes: [[...field(1, "value_ints"), ...number(8, -1), ...number(8, 300)]] });
  const branch = [...field(1, "then_branch"), ...field(6, field(1, constant), field(5, tensorProto()))];
  return writeOnnx({
    nodes: [node("If", { name: "if", attributes: [branch] }), constant],
    initializers: [
      tensorProto(),
      tensorProto({ name: "int4", dims: [3], type: 22, rest: field(5, varintBytes(0x8f), varintBytes(7)) }),
      tensorProto({ name: "uint2", dims: [3, 3], type: 25, raw: new Uint8Array(3) }),
      tensorProto({ name: "external", rest: externalData({ location: "own.onnx", offset: "4", length: "8" }) }),
    ],
    graph: field(15, [...field(1, tensorProto({ name: "s" })), ...number(3, 10)]),
    rest: [...field(25, field(7, constant), field(1, "F"), field(10, "d")), ...field(14, field(1, "k"), field(2, "v"))],
  });
}

function tflite(): Uint8Array {
  return writeTflite([
    { name: "a", type: 0, shape: [2, 2], data: patternBytes(16) },
    { name: "b", type: 9, shape: [3], data: patternBytes(3), scales: [0.5, 1, 2] },
  ]);
}

/** Importance matrices, of both kinds. */
function importanceSeeds(): Seed[] {
  const entries = ["attn_q", "attn_k", "ffn_up"].map((name, index) => ({
    name: `blk.0.${name}.weight`,
    calls: index,
    values: [1, 2, 3, 4],
  }));
  const dat = writeDat(entries, { tail: datTail(3, "wiki.train.raw") });
  const gguf = writeImatrixGguf([
    { name: "blk.0.attn_q.weight", sums: [[1, 2, 3]], counts: [2] },
    { name: "blk.0.ffn_up_exps.weight", sums: [[1, 2], [3, 4], [5, 6]], counts: [1, 0, 2] }, // prettier-ignore
  ]);
  return [
    { name: "imatrix.dat", bytes: dat, headerBytes: dat.length },
    { name: "imatrix.gguf", bytes: gguf, headerBytes: gguf.length },
  ];
}

/** PyTorch's and NumPy's: stored and deflated, in any order of bytes and dimensions, with what a pickle can have. */
function arraySeeds(): { name: string; bytes: Uint8Array }[] {
  const { dict, list, float, global, int, text, reduce, counts } = pickle;
  const object = dict({
    model: dict({ w: pickledTensor({ shape: [3, 4] }), t: pickledTensor({ shape: [4, 3], strides: [1, 4], numel: 12 }) }),
    e: pickledTensor({ shape: [5, 4], strides: [0, 1], numel: 12, offset: 4 }),
    rest: list(int(1), float(2), text("é"), reduce(global("os", "system"), text("ls")), reduce(global("torch", "Size"), counts(1, 2))),
  });
  const storages = { 0: counting(12) };
  const columns = writeNpy({ fortran: "True", descr: "'>f4'" }, counting(6));
  return [
    { name: "own.pt", bytes: writeTorch({ object, storages }) },
    { name: "deflated.pt", bytes: writeTorch({ object, storages, byteOrder: "big", deflate: true }) },
    { name: "legacy.bin", bytes: writeLegacyTorch(object, [["0", 12, counting(12)]]) },
    { name: "own.npy", bytes: columns },
    { name: "fields.npy", bytes: writeNpy({ descr: "[('a', '<f4'), ('b', '|u1', (2, 2))]", shape: "(3,)", version: 3 }, counting(6)) },
    {
      name: "own.npz",
      bytes: writeZip(
        [
          { name: "a.npy", bytes: columns, deflate: true },
          { name: "b.npy", bytes: columns },
        ],
        { zip64: true },
      ),
    },
  ];
}

/** Files of the real libraries, where they are at hand. */
export function fixtureSeeds(): Seed[] {
  const index = sharedPath("fixtures/index.json");
  if (!index) return [];
  const root = path.dirname(index);
  const files = [...readFixtureIndex(root, "safetensors"), ...readFixtureIndex(root, "gguf")].filter(
    (file) => file.bytes <= largestFixture,
  );
  const arrays = ["pytorch", "npy", "npz", "onnx", "tflite"]
    .flatMap((format) => readFixtureIndex(root, format))
    .filter((file) => file.bytes <= largestArray);
  const arraysOf = arrays.map((file) => {
    const bytes = new Uint8Array(readFileSync(path.join(root, file.path)));
    return { name: path.basename(file.path), bytes, headerBytes: bytes.length, rounds: mutationsPerArray };
  });
  const headers = files.map((file) => {
    const bytes = new Uint8Array(readFileSync(path.join(root, file.path)));
    const data = (file.tensors ?? []).reduce((sum, tensor) => sum + tensor.nbytes, 0);
    return { name: path.basename(file.path), bytes, headerBytes: Math.max(16, bytes.length - data) };
  });
  return [...headers, ...arraysOf];
}
