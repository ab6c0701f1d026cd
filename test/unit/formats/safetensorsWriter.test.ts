import assert from "node:assert/strict";
import { FormatError } from "../../../src/core/errors";
import { layOutSafetensors } from "../../../src/core/formats/safetensors/writer";
import { openBytes } from "../../support/openBytes";

describe("the layout of a safetensors file", () => {
  const entries = [
    { name: "b", dtype: "F16", shape: [3] },
    { name: "codes", dtype: "F8_E4M3", shape: [2, 5] },
    { name: "a", dtype: "F16", shape: [2, 2] },
    { name: "__proto__", dtype: "F32", shape: [] },
    { name: "none", dtype: "F32", shape: [0, 4] },
  ];

  it("puts wide types first and leaves no holes, so that a reader has nothing to say", async () => {
    const { header, offsets, bytes } = layOutSafetensors(entries, { format: "pt" });
    const file = new Uint8Array(bytes);
    file.set(header);
    const checkpoint = await openBytes(file, "model.safetensors");
    assert.deepEqual(checkpoint.warnings, []);
    const found = new Map(checkpoint.tensors.map(({ name, offset, shape, dtype }) => [name, { offset, shape, dtype }]));
    entries.forEach(({ name, shape, dtype }, i) => assert.deepEqual(found.get(name), { offset: offsets[i], shape, dtype }));
    assert.deepEqual([...found.keys()].sort(), entries.map(({ name }) => name).sort());
    const at = (name: string): number => found.get(name)!.offset - header.length;
    assert.deepEqual([at("__proto__"), at("a"), at("b"), at("codes")], [0, 4, 12, 18]);
    assert.equal(header.length % 8, 0);
    assert.equal(bytes, header.length + 28);
  });

  it("refuses types that the format does not have", () => {
    for (const dtype of ["Q4_K", "nonsense"]) {
      assert.throws(
        () => layOutSafetensors([{ name: "t", dtype, shape: [256] }], {}),
        (error) => error instanceof FormatError && error.code === "safetensors.cannot-store" && error.fields.tensor === "t",
      );
    }
  });
});
