import assert from "node:assert/strict";
import { limits } from "../../../src/core/limits";
import { openSource } from "../../../src/jobs/tasks/byteSource";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { datTail, int32, writeDat, writeImatrixGguf } from "../../support/imatrixWriter";
import { codesOf, namesOf, openBytes, refusalOf, warningOf } from "../../support/openBytes";

const q = { name: "blk.0.attn_q.weight", calls: 4, values: [4, 8, 12] };
const k = { name: "blk.0.attn_k.weight", calls: 3, values: [1, 2] };

/** Values of a tensor, read through its source as everything else does. */
function valuesOf(checkpoint: Checkpoint, index: number): number[] {
  const { source, shape } = checkpoint.tensors[index]!;
  const values = new Float32Array(shape.reduce((product, dimension) => product * dimension, 1));
  const bytes = openSource(source!.ref);
  bytes.read(0, new Uint8Array(values.buffer));
  bytes.close();
  return [...values];
}

describe("importance matrices of the older kind", () => {
  const open = (bytes: Uint8Array) => openBytes(bytes, "imatrix.dat");

  it("are one tensor a weight, its sums divided by how often the matrix was used, in float32", async () => {
    const checkpoint = await open(writeDat([q, k]));
    assert.equal(checkpoint.format, "imatrix");
    assert.deepEqual(namesOf(checkpoint), [q.name, k.name]);
    assert.deepEqual(
      checkpoint.tensors.map(({ shape }) => shape),
      [[3], [2]],
    );
    assert.deepEqual(valuesOf(checkpoint, 0), [1, 2, 3]);
    assert.deepEqual(valuesOf(checkpoint, 1), [Math.fround(1 / 3), Math.fround(2 / 3)]);
    assert.deepEqual(checkpoint.metadata, []);
  });

  it("say how much text there was, and which, when they do", async () => {
    const { metadata } = await open(writeDat([q], { tail: datTail(125, "wiki.train.raw") }));
    assert.deepEqual(
      metadata.map(({ key, value }) => [key, value]),
      [
        ["imatrix.chunk_count", 125],
        ["imatrix.dataset", "wiki.train.raw"],
      ],
    );
    const short = await open(writeDat([q], { tail: [int32(9)] }));
    assert.deepEqual(
      short.metadata.map(({ key }) => key),
      ["imatrix.chunk_count"],
    );
  });

  it("of a matrix that was never used keep their zeros", async () => {
    assert.deepEqual(valuesOf(await open(writeDat([{ ...q, calls: 0, values: [0, 0] }])), 0), [0, 0]);
  });

  for (const [what, bytes, code] of [
    ["a second entry of the same name", writeDat([q, q]), "imatrix.duplicate"],
    ["a name that is no UTF-8", writeDat([q, { ...k, name: Uint8Array.of(0xff, 0xfe) }]), "imatrix.bad-text"],
    ["a name longer than any", writeDat([q, { ...k, length: 5000 }]), "imatrix.bad-count"],
    ["a negative length of a name", writeDat([q, { ...k, length: -1 }]), "imatrix.bad-count"],
    ["negative calls", writeDat([q, { ...k, calls: -2 }]), "imatrix.bad-count"],
    ["an entry without values", writeDat([q, { ...k, values: [] }]), "imatrix.bad-count"],
    ["more values than the file has", writeDat([q, { ...k, count: 2_000_000_000 }]), "imatrix.truncated"],
    ["fewer entries than announced", writeDat([q, k], { total: 3 }), "imatrix.truncated"],
    ["a negative number of chunks", writeDat([q], { tail: datTail(-1, "x") }), "imatrix.bad-count"],
    ["a name of a data set that is cut", writeDat([q], { tail: [int32(1), int32(20), new Uint8Array(3)] }), "imatrix.truncated"],
    ["half a number at the end", writeDat([q], { tail: [new Uint8Array(2)] }), "imatrix.truncated"],
  ] as const) {
    it(`with ${what} are refused`, async () => {
      const error = await refusalOf(open(bytes));
      assert.equal(error.code, code);
      assert.ok(error.fields.expected && error.fields.found && error.fields.hint);
    });
  }

  for (const [what, bytes] of [
    ["no entries", writeDat([], { total: 0, tail: [new Uint8Array(40)] })],
    ["more entries than the limit", writeDat([q], { total: limits.imatrixEntries + 1 })],
    ["a first name of no weight", writeDat([{ ...q, name: "blk.0.attn_q" }])],
    ["a first entry larger than the file", writeDat([{ ...q, count: 1000 }])],
  ] as const) {
    it(`with ${what} are not taken for importance matrices`, async () => {
      assert.ok(!(await refusalOf(open(bytes))).code.startsWith("imatrix."));
    });
  }
});

describe("importance matrices in GGUF files", () => {
  const open = (bytes: Uint8Array) => openBytes(bytes, "imatrix.gguf");
  const dense = { name: "blk.0.attn_q.weight", sums: [[2, 4, 6]], counts: [2] };
  const experts = {
    name: "blk.0.ffn_up_exps.weight",
    sums: [
      [3, 6],
      [10, 20],
      [0, 0],
    ],
    counts: [3, 10, 0],
  };

  it("are one tensor a weight, and keep what they store", async () => {
    const checkpoint = await open(writeImatrixGguf([dense, experts]));
    assert.equal(checkpoint.format, "imatrix");
    assert.deepEqual(namesOf(checkpoint), [dense.name, experts.name]);
    assert.deepEqual(
      checkpoint.tensors.map(({ shape }) => shape),
      [[3], [3, 2]],
    );
    assert.deepEqual(valuesOf(checkpoint, 0), [1, 2, 3]);
    assert.deepEqual(valuesOf(checkpoint, 1), [1, 2, 1, 2, 0, 0], "one that was never used keeps its zeros");
    assert.equal(checkpoint.stored?.length, 4);
    assert.deepEqual(codesOf(checkpoint), []);
  });

  it("without the tensors that a weight needs, or with others, lack it and say why", async () => {
    const floats = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
    const sums = (name: string) => ({ name: `${name}.in_sum2`, type: 0, ne: [3, 1], bytes: floats });
    for (const counts of [
      [],
      [{ name: "a.counts", type: 0, ne: [1, 2], bytes: floats.subarray(0, 8) }],
      [{ name: "a.counts", type: 26, ne: [1, 1], bytes: floats.subarray(0, 4) }],
    ]) {
      const checkpoint = await open(writeImatrixGguf([dense], { tensors: [sums("a"), ...counts] }));
      assert.deepEqual(namesOf(checkpoint), []);
      assert.equal(warningOf(checkpoint, "imatrix.no-counts").tensor, "a.in_sum2");
    }
  });

  it("are no checkpoints of a model, and those are no importance matrices", async () => {
    const model = await open(writeImatrixGguf([dense], { metadata: [] }));
    assert.equal(model.format, "gguf");
    assert.deepEqual(namesOf(model), [`${dense.name}.in_sum2`, `${dense.name}.counts`]);
  });
});
