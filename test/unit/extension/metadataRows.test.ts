import assert from "node:assert/strict";
import type { MetadataEntry } from "../../../src/core/tensor/checkpoint";
import { metadataElements, metadataPage } from "../../../src/extension/editor/metadataRows";

const vocabulary = Array.from({ length: 280_000 }, (_, index) => `token${index}`);
const asked: [number, number][] = [];
const metadata: MetadataEntry[] = [
  { key: "general.name", type: "string", value: "Sample Llama" },
  { key: "llama.block_count", type: "u32", value: 4 },
  { key: "general.parameters", type: "u64", value: 2n ** 60n },
  { key: "general.license", type: "string", value: "x".repeat(5000) },
  {
    key: "tokenizer.tokens",
    type: "array<string>",
    length: vocabulary.length,
    read: (start, count) => {
      asked.push([start, count]);
      return Promise.resolve(vocabulary.slice(start, start + count));
    },
  },
];

describe("metadata", () => {
  it("finds by key and by text of scalars, without regard to case", async () => {
    const page = await metadataPage(metadata, "LLAMA", 0, 10);
    assert.deepEqual(
      page.rows.map((row) => [row.key, row.text]),
      [
        ["general.name", "Sample Llama"],
        ["llama.block_count", "4"],
      ],
    );
  });

  it("pages, and counts all that was found", async () => {
    const page = await metadataPage(metadata, "", 1, 2);
    assert.equal(page.total, 5);
    assert.deepEqual(
      page.rows.map((row) => row.key),
      ["llama.block_count", "general.parameters"],
    );
    assert.equal(page.rows[1]?.text, String(2n ** 60n));
  });

  it("cuts long texts and reads only the first elements of an array", async () => {
    asked.length = 0;
    const { rows } = await metadataPage(metadata, "", 3, 2);
    assert.equal(rows[0]?.text.length, 200);
    assert.ok(rows[1]?.text.startsWith("token0, token1"));
    assert.equal(rows[1]?.length, 280_000);
    assert.deepEqual(asked, [[0, 16]]);
  });

  it("reads elements by range, and a scalar whole", async () => {
    assert.deepEqual(await metadataElements(metadata, "tokenizer.tokens", 279_999, 5), { total: 280_000, values: ["token279999"] });
    assert.deepEqual(await metadataElements(metadata, "general.license", 0, 5), { total: 1, values: ["x".repeat(5000)] });
    assert.equal(await metadataElements(metadata, "no.such.key", 0, 5), undefined);
  });

  it("writes 32-bit floats as the shortest decimal, and leaves 64-bit ones alone", async () => {
    const stored = Math.fround(1e-5);
    const floats: MetadataEntry[] = [
      { key: "epsilon", type: "f32", value: stored },
      { key: "scale", type: "f32", value: Math.fround(1 / 3) },
      { key: "exact", type: "f64", value: stored },
      { key: "list", type: "array<f32>", length: 2, read: () => Promise.resolve([Math.fround(0.1), 500_000]) },
    ];
    const { rows } = await metadataPage(floats, "", 0, 4);
    assert.deepEqual(
      rows.map((row) => row.text),
      ["0.00001", "0.33333334", String(stored), "0.1, 500000"],
    );
  });
});
