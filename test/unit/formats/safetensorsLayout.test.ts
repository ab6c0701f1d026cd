import assert from "node:assert/strict";
import { missingBytes, unavailability } from "../../../src/core/tensor/availability";
import { findDType } from "../../../src/core/tensor/dtype";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { codesOf, namesOf, openBytes, warningOf } from "../../support/openBytes";
import { patternBytes, writeRawSafetensors, writeSafetensors } from "../../support/safetensorsWriter";

/** A file of U8 tensors `a`, `b`, `c` … with the given ranges and `size` bytes of data. */
function withRanges(ranges: readonly (readonly [number, number])[], size: number): Promise<Checkpoint> {
  const members = ranges.map(([begin, end], index) => {
    const name = String.fromCharCode(97 + index);
    return `"${name}":{"dtype":"U8","shape":[${end - begin}],"data_offsets":[${begin},${end}]}`;
  });
  return openBytes(writeRawSafetensors(`{${members.join()}}`, patternBytes(size)));
}

describe("safetensors layout", () => {
  it("accepts tensors in any order that fill the buffer, empty ones included", async () => {
    const checkpoint = await withRanges([[6, 8], [0, 0], [2, 6], [6, 6], [0, 2], [8, 8]], 8); // prettier-ignore
    assert.deepEqual(checkpoint.warnings, []);
    assert.deepEqual(namesOf(checkpoint), ["a", "b", "c", "d", "e", "f"]);
  });

  it("reports gaps, at the start and between, with place and size", async () => {
    const checkpoint = await withRanges([[2, 4], [6, 8]], 8); // prettier-ignore
    assert.deepEqual(codesOf(checkpoint), ["safetensors.hole", "safetensors.hole"]);
    const start = checkpoint.tensors[0]!.offset - 2;
    assert.deepEqual(
      checkpoint.warnings.map(({ severity, tensor, offset, expected, found }) => [severity, tensor, offset, expected, found]),
      [
        ["warning", "a", start, "a tensor that begins at 0", "one that begins at 2"],
        ["warning", "b", start + 4, "a tensor that begins at 4", "one that begins at 6"],
      ],
    );
  });

  it("reports overlaps, also with a tensor that lies inside another", async () => {
    assert.match(warningOf(await withRanges([[0, 5], [4, 8]], 8), "safetensors.overlap").message, /"b" and "a"/); // prettier-ignore
    const inside = await withRanges([[0, 8], [2, 4], [6, 9]], 9); // prettier-ignore
    assert.deepEqual(codesOf(inside), ["safetensors.overlap", "safetensors.overlap"]);
    assert.equal(inside.warnings[1]!.severity, "error");
    assert.match(inside.warnings[1]!.message, /"c" and "a"/);
  });

  it("reports bytes after the last tensor", async () => {
    const warning = warningOf(await withRanges([[0, 4]], 7), "safetensors.trailing-bytes");
    assert.match(warning.message, / the 3 bytes at the end$/);
    const alone = await openBytes(writeRawSafetensors("{}", patternBytes(1)));
    assert.equal(warningOf(alone, "safetensors.trailing-bytes").offset, 10);
  });

  it("shows what is there of a file that was cut short, and says what is missing", async () => {
    const whole = writeSafetensors([
      { name: "a", dtype: "F32", shape: [4] },
      { name: "b", dtype: "F32", shape: [4] },
      { name: "c", dtype: "F32", shape: [4] },
      { name: "empty", dtype: "F32", shape: [0] },
    ]);
    const checkpoint = await openBytes(whole.subarray(0, whole.length - 20));
    assert.deepEqual(namesOf(checkpoint), ["a", "b", "c", "empty"]);
    const warning = warningOf(checkpoint, "file.truncated");
    assert.match(warning.message, /is cut short by 20 bytes: 2 of 4 tensors are whole/);
    assert.deepEqual([warning.expected, warning.found], [`${whole.length} bytes`, `${whole.length - 20} bytes`]);
    const cut = checkpoint.warnings.filter(({ code }) => code === "tensor.truncated");
    assert.deepEqual(
      cut.map(({ severity, tensor, expected, found }) => [severity, tensor, expected, found]),
      [
        ["error", "b", "16 bytes", "12 bytes"],
        ["error", "c", "16 bytes", "0 bytes"],
      ],
    );
    assert.deepEqual(
      checkpoint.tensors.map((tensor) => missingBytes(tensor, checkpoint.files[0]!.bytes)),
      [0, 4, 16, 0],
    );
    assert.deepEqual(
      checkpoint.tensors.map((tensor) => unavailability(checkpoint, tensor)),
      [undefined, "truncated", "truncated", undefined],
    );
  });

  it("counts the truncated tensors that it does not list", async () => {
    const tensors = Array.from({ length: 1200 }, (_, index) => ({ name: `t${index}`, dtype: "U8", shape: [1] }));
    const whole = writeSafetensors(tensors);
    const checkpoint = await openBytes(whole.subarray(0, whole.length - 1200));
    assert.equal(checkpoint.warnings.length, 1001);
    assert.match(checkpoint.warnings[1000]!.message, /And 201 more/);
  });

  it("takes the type from tensors whose bytes do not fit it, so that nothing decodes them", async () => {
    const header =
      '{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,12]},"b":{"dtype":"F6_E2M3","shape":[3],"data_offsets":[12,15]},' +
      '"c":{"dtype":"U8","shape":[],"data_offsets":[15,16]}}';
    const checkpoint = await openBytes(writeRawSafetensors(header, patternBytes(16)));
    assert.deepEqual(
      checkpoint.tensors.map(({ dtype, bytes }) => [dtype, bytes]),
      [
        ["F32?", 12],
        ["F6_E2M3?", 3],
        ["U8", 1],
      ],
    );
    const mismatch = warningOf(checkpoint, "safetensors.size-mismatch");
    assert.deepEqual(
      [mismatch.severity, mismatch.tensor, mismatch.expected, mismatch.found],
      ["error", "a", "16 bytes for F32 [2, 2]", "12 bytes"],
    );
    assert.equal(warningOf(checkpoint, "safetensors.misaligned").tensor, "b");
    assert.ok(checkpoint.tensors.slice(0, 2).every((tensor) => findDType(tensor.dtype) === undefined));
    assert.deepEqual(
      checkpoint.tensors.map((tensor) => unavailability(checkpoint, tensor)),
      ["unknown-type", "unknown-type", undefined],
    );
  });
});
