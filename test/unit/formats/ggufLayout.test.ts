import assert from "node:assert/strict";
import { findDType } from "../../../src/core/tensor/dtype";
import { unavailability } from "../../../src/core/tensor/availability";
import { codesOf, namesOf, openBytes, warningOf } from "../../support/openBytes";
import { ggufF32, writeGguf, type WrittenGgufTensor } from "../../support/ggufWriter";
import { patternBytes } from "../../support/safetensorsWriter";

/** Type ids of ggml.h, with values and bytes of a block (formats reference, section 1.2). */
const ggmlTypes: readonly (readonly [id: number, name: string, values: number, bytes: number])[] = [
  [0, "F32", 1, 4], [1, "F16", 1, 2], [2, "Q4_0", 32, 18], [3, "Q4_1", 32, 20], [6, "Q5_0", 32, 22], [7, "Q5_1", 32, 24],
  [8, "Q8_0", 32, 34], [9, "Q8_1", 32, 36], [10, "Q2_K", 256, 84], [11, "Q3_K", 256, 110], [12, "Q4_K", 256, 144],
  [13, "Q5_K", 256, 176], [14, "Q6_K", 256, 210], [15, "Q8_K", 256, 292], [16, "IQ2_XXS", 256, 66], [17, "IQ2_XS", 256, 74],
  [18, "IQ3_XXS", 256, 98], [19, "IQ1_S", 256, 50], [20, "IQ4_NL", 32, 18], [21, "IQ3_S", 256, 110], [22, "IQ2_S", 256, 82],
  [23, "IQ4_XS", 256, 136], [24, "I8", 1, 1], [25, "I16", 1, 2], [26, "I32", 1, 4], [27, "I64", 1, 8], [28, "F64", 1, 8],
  [29, "IQ1_M", 256, 56], [30, "BF16", 1, 2], [34, "TQ1_0", 256, 54], [35, "TQ2_0", 256, 66], [39, "MXFP4", 32, 17],
  [40, "NVFP4", 64, 36], [41, "Q1_0", 128, 18], [42, "Q2_0", 64, 18],
]; // prettier-ignore

function tensor(name: string, type: number, ne: readonly number[], bytes: number, offset?: number): WrittenGgufTensor {
  return { name, type, ne, bytes: patternBytes(bytes), offset };
}

describe("GGUF layout", () => {
  it("knows every type of ggml, with exact sizes", async () => {
    const tensors = ggmlTypes.map(([id, name, values, bytes]) => tensor(name, id, [2 * values, 3], 6 * bytes));
    const checkpoint = await openBytes(writeGguf({ tensors }));
    assert.deepEqual(checkpoint.warnings, []);
    assert.deepEqual(
      checkpoint.tensors.map(({ dtype, shape, bytes }) => [dtype, shape, bytes]),
      ggmlTypes.map(([, name, values, bytes]) => [name, [3, 2 * values], 6 * bytes]),
    );
  });

  it("lists types that ggml removed, and types of forks, with the bytes they have", async () => {
    const checkpoint = await openBytes(
      writeGguf({
        tensors: [tensor("a", 0, [8], 32), tensor("old", 4, [32], 64), tensor("fork", 144, [256], 96), tensor("end", 200, [7], 40)],
      }),
    );
    assert.deepEqual(
      checkpoint.tensors.map(({ dtype, bytes }) => [dtype, bytes]),
      [
        ["F32", 32],
        ["Q4_2", 64],
        ["type 144", 96],
        ["type 200", 64],
      ],
    );
    assert.deepEqual(codesOf(checkpoint), ["gguf.removed-type", "gguf.unknown-type", "gguf.unknown-type"]);
    assert.ok(checkpoint.tensors.slice(1).every(({ dtype }) => findDType(dtype) === undefined));
    for (const id of [4, 5, 31, 32, 33, 36, 37, 38]) {
      const removed = await openBytes(writeGguf({ tensors: [tensor("old", id, [32], 64)] }));
      assert.equal(warningOf(removed, "gguf.removed-type").found, String(id));
    }
  });

  it("notices a fork that gives one of ggml's ids to blocks of another size", async () => {
    // Blocks of 128 values in 34 bytes under the id of Q2_0, which has 64 in 18.
    const sizes = [4096, 8192, 2048];
    const tensors = sizes.map((values, index) => tensor(`t${index}`, 42, [values], (values / 128) * 34));
    const checkpoint = await openBytes(writeGguf({ tensors: [...tensors, ggufF32("norm", [8])] }));
    assert.deepEqual(
      checkpoint.tensors.map(({ dtype, bytes }) => [dtype, bytes]),
      [
        ["Q2_0?", 1088],
        ["Q2_0?", 2176],
        ["Q2_0?", 544],
        ["F32", 32],
      ],
    );
    const warning = warningOf(checkpoint, "gguf.fork-type");
    assert.match(warning.message, /42.*Q2_0.*a type id from a fork/);
    assert.equal(codesOf(checkpoint).length, 1);
    assert.equal(unavailability(checkpoint, checkpoint.tensors[0]!), "unknown-type");
  });

  it("does not take one misplaced tensor for a fork", async () => {
    const tensors = [tensor("a", 8, [32], 34), tensor("b", 8, [32], 34), tensor("c", 8, [32], 34, 256)];
    const checkpoint = await openBytes(writeGguf({ tensors }));
    assert.ok(checkpoint.tensors.every(({ dtype }) => dtype === "Q8_0"));
    assert.equal(codesOf(checkpoint)[0], "gguf.offset");
  });

  it("takes the type from rows that are no whole blocks", async () => {
    const checkpoint = await openBytes(writeGguf({ tensors: [tensor("a", 12, [128, 2], 144), ggufF32("b", [8])] }));
    assert.deepEqual(
      checkpoint.tensors.map(({ dtype, bytes }) => [dtype, bytes]),
      [
        ["Q4_K?", 160],
        ["F32", 32],
      ],
    );
    const warning = warningOf(checkpoint, "gguf.bad-row");
    assert.deepEqual([warning.severity, warning.tensor, warning.found], ["error", "a", "rows of 128"]);
  });

  it("reports gaps and tensors out of order, which ggml refuses, and shows them", async () => {
    const gap = await openBytes(writeGguf({ tensors: [ggufF32("a", [8]), { ...ggufF32("b", [8]), offset: 64 }] }));
    const warning = warningOf(gap, "gguf.offset");
    assert.deepEqual([warning.severity, warning.tensor], ["warning", "b"]);
    assert.match(warning.hint ?? "", /llama\.cpp refuses/);
    const swapped = await openBytes(writeGguf({ tensors: [{ ...ggufF32("a", [8]), offset: 32 }, { ...ggufF32("b", [8]), offset: 0 }] })); // prettier-ignore
    assert.deepEqual(namesOf(swapped), ["a", "b"]);
    assert.deepEqual(codesOf(swapped), ["gguf.offset", "gguf.offset"]);
    const unaligned = await openBytes(writeGguf({ tensors: [ggufF32("a", [4]), { ...ggufF32("b", [2]), offset: 16 }] }));
    assert.equal(warningOf(unaligned, "gguf.offset").tensor, "b");
  });

  it("reports overlaps", async () => {
    const checkpoint = await openBytes(writeGguf({ tensors: [ggufF32("a", [16]), { ...ggufF32("b", [16]), offset: 32 }] }));
    assert.deepEqual(codesOf(checkpoint), ["gguf.offset", "gguf.overlap", "gguf.trailing-bytes"]);
    assert.match(checkpoint.warnings[1]!.message, /"b" and "a"/);
    assert.equal(checkpoint.warnings[1]!.severity, "error");
  });

  it("lists tensors past the end of a file that was cut short", async () => {
    const whole = writeGguf({ tensors: [ggufF32("a", [8]), ggufF32("b", [8]), ggufF32("c", [8])] });
    const checkpoint = await openBytes(whole.subarray(0, whole.length - 40));
    assert.deepEqual(
      checkpoint.tensors.map((found) => [found.name, found.bytes, unavailability(checkpoint, found)]),
      [
        ["a", 32, undefined],
        ["b", 32, "truncated"],
        ["c", 32, "truncated"],
      ],
    );
    assert.deepEqual(codesOf(checkpoint), ["file.truncated", "tensor.truncated", "tensor.truncated"]);
    assert.deepEqual([checkpoint.warnings[1]!.tensor, checkpoint.warnings[1]!.found], ["b", "24 bytes"]);
    const headerOnly = await openBytes(whole.subarray(0, whole.length - 96));
    assert.equal(headerOnly.warnings.filter(({ code }) => code === "tensor.truncated").length, 3);
  });

  it("does not mind that the last tensor is not padded, and mentions bytes after it", async () => {
    const whole = writeGguf({ tensors: [ggufF32("a", [8]), ggufF32("b", [3])] });
    assert.deepEqual((await openBytes(whole.subarray(0, whole.length - 20))).warnings, []);
    const longer = new Uint8Array([...whole, 1, 2, 3]);
    assert.deepEqual([warningOf(await openBytes(longer), "gguf.trailing-bytes").severity], ["info"]);
  });

  it("reports an interrupted download", async () => {
    const bytes = writeGguf({ tensors: [ggufF32("a", [65_536]), ggufF32("b", [65_536])] });
    bytes.fill(0, bytes.length - 300_000);
    assert.equal(warningOf(await openBytes(bytes), "file.zero-tail").offset, bytes.length - 300_000);
  });
});
