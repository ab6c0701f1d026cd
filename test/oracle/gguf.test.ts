import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gguf } from "@huggingface/gguf";
import type { MetadataEntry } from "../../src/core/tensor/checkpoint";
import { openPath } from "../../src/io/openPath";
import { readAll } from "../support/fixtureIndex";
import { ggufF32, ggufString, ggufStrings, ggufTypeIds, writeGguf, type GgufTypeName, type GgufValue } from "../support/ggufWriter";
import { patternBytes } from "../support/safetensorsWriter";
import { sharedOrSkip } from "../support/shared";

/** Keys that the reference adds for the header's counts. */
const counts = new Set(["version", "tensor_count", "kv_count"]);

/** Both readers' view of one file must be the same: every key, type and value, and where every tensor lies. */
async function compare(file: string): Promise<void> {
  const expected = await gguf(file, { allowLocalFile: true, typedMetadata: true });
  const checkpoint = await openPath(file);
  assert.equal(checkpoint.formatVersion, expected.metadata.version);
  const keys = Object.entries(expected.typedMetadata).filter(([key]) => !counts.has(key));
  assert.deepEqual(
    checkpoint.metadata.map(({ key }) => key),
    keys.map(([key]) => key),
  );
  for (const [index, [, typed]] of keys.entries()) {
    const { value, type } = typed;
    const entry: MetadataEntry = checkpoint.metadata[index]!;
    assert.equal(entry.type.replace(/<.*/, ""), nameOf(type), entry.key);
    if (entry.read) {
      assert.equal(entry.type, `array<${nameOf("subType" in typed ? (typed.subType ?? -1) : -1)}>`);
      // The reference drops a byte order mark at the start of a string; it is a token of SentencePiece's like any other.
      const values = (await readAll(entry)).map((element) => (typeof element === "string" ? element.replace(/^\uFEFF/, "") : element));
      assert.deepEqual(values, value);
    } else assert.deepEqual(entry.value, value, entry.key);
  }
  assert.deepEqual(
    checkpoint.tensors.map(({ name, shape, offset }) => ({ name, shape, offset })),
    expected.tensorInfos.map(({ name, shape, offset }) => ({
      name,
      shape: shape.map(Number).reverse(),
      offset: Number(offset) + Number(expected.tensorDataOffset),
    })),
  );
  await checkpoint.close();
}

function nameOf(typeId: number): string | undefined {
  return Object.entries(ggufTypeIds).find(([, id]) => id === typeId)?.[0];
}

describe("GGUF reader against @huggingface/gguf", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "quantscope-gguf-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("reads files of our own with every type of value and of tensor", async () => {
    const numbers: GgufTypeName[] = ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "u64", "i64", "f64"];
    const scalars = numbers.map((type) => [`s.${type}`, { type, value: 7 } as GgufValue] as const);
    const arrays = numbers.map((type) => {
      const values = [1, 2, 3].map((value) => ({ type, value }) as GgufValue);
      return [`a.${type}`, { type: "array", of: type, values } as GgufValue] as const;
    });
    const texts = Array.from({ length: 3000 }, (_, index) => `tok${index}é`);
    const file = path.join(folder, "own.gguf");
    writeFileSync(
      file,
      writeGguf({
        alignment: 64,
        metadata: [
          ["general.architecture", ggufString("llama")],
          ["general.alignment", { type: "u32", value: 64 }],
          ["s.bool", { type: "bool", value: true }],
          ["tokens", ggufStrings(texts)],
          ...scalars,
          ...arrays,
        ],
        tensors: [
          ggufF32("a", [5, 3, 2]),
          { name: "q", type: 12, ne: [256, 2], bytes: patternBytes(288) },
          { name: "m", type: 39, ne: [32], bytes: patternBytes(17) },
          ggufF32("z", [1]),
        ],
      }),
    );
    await compare(file);
  });

  const shared = [
    "sample/gguf/model-f16.gguf",
    "sample/gguf/model-Q4_K_M.gguf",
    "fixtures/synthetic/gguf/all_quants.gguf",
    "fixtures/synthetic/gguf/many.gguf",
    "fixtures/synthetic/gguf/plain_types.gguf",
    "fixtures/synthetic/gguf/tiny_llama_q8_0.gguf",
    "fixtures/synthetic/gguf/version2.gguf",
    "fixtures/synthetic/gguf/vocab.gguf",
    "fixtures/ggerganov+llama.cpp/models/ggml-vocab-gpt-2.gguf",
    "fixtures/ggerganov+llama.cpp/models/ggml-vocab-llama-spm.gguf",
  ];
  for (const file of shared) {
    it(`reads ${path.basename(file)}`, async function () {
      this.timeout(20_000);
      await compare(sharedOrSkip(this, file));
    });
  }
});
