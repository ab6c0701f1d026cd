import assert from "node:assert/strict";
import type { RandomAccessFile } from "../../../src/core/file";
import { DiagnosticList } from "../../../src/core/formats/diagnosticList";
import { reportZeroTail } from "../../../src/core/formats/zeroTail";
import { MemoryFile } from "../../../src/io/memoryFile";
import { openBytes, warningOf } from "../../support/openBytes";
import { writeSafetensors } from "../../support/safetensorsWriter";

const kib = 1024;

/** A file of U8 tensors of the given sizes, zero from `zeroFrom` bytes into its data on. */
function withZeros(sizes: readonly number[], zeroFrom: number): { bytes: Uint8Array; start: number } {
  const bytes = writeSafetensors(sizes.map((size, index) => ({ name: `t${index}`, dtype: "U8", shape: [size] })));
  const start = bytes.length - sizes.reduce((sum, size) => sum + size, 0);
  bytes.fill(0, start + zeroFrom);
  return { bytes, start };
}

describe("zero tail", () => {
  for (const zeroFrom of [1, 4096, 99_999, 300 * kib + 1, 900 * kib]) {
    it(`is found to the byte when it begins ${zeroFrom} bytes into the data`, async () => {
      const { bytes, start } = withZeros([kib, 500 * kib, 500 * kib, kib], zeroFrom);
      const warning = warningOf(await openBytes(bytes), "file.zero-tail");
      assert.deepEqual([warning.severity, warning.offset], ["warning", start + zeroFrom]);
      assert.match(warning.message, /"t3"|and 1 more/);
      assert.ok(warning.hint);
    });
  }

  it("names three tensors and counts the others", async () => {
    const { bytes } = withZeros(Array<number>(10).fill(40 * kib), 100 * kib);
    const warning = warningOf(await openBytes(bytes), "file.zero-tail");
    assert.match(warning.message, /: "t2", "t3", "t4" and 5 more$/);
    assert.equal(warning.tensor, "t2");
  });

  it("is not seen in small tensors that are zero, nor in data that ends otherwise", async () => {
    for (const [sizes, zeroFrom] of [
      [[300 * kib, 16 * kib], 300 * kib],
      [[300 * kib, kib], 300 * kib - 100],
      [[2000], 0],
      [[300 * kib], 300 * kib],
    ] as const) {
      const { warnings } = await openBytes(withZeros(sizes, zeroFrom).bytes);
      assert.deepEqual(warnings, []);
    }
  });

  it("is seen when a few KiB inside a tensor are zero", async () => {
    const { bytes } = withZeros([300 * kib], 290 * kib);
    assert.ok(warningOf(await openBytes(bytes), "file.zero-tail"));
  });

  it("is not mistaken because of zero blocks among the data", async () => {
    const { bytes, start } = withZeros([2000 * kib, 2000 * kib], 3900 * kib);
    for (let block = 0; block < 60; block++) if (block % 3 > 0) bytes.fill(0, start + block * 64 * kib, start + (block + 1) * 64 * kib);
    bytes.fill(1, start + 3850 * kib, start + 3900 * kib);
    assert.equal(warningOf(await openBytes(bytes), "file.zero-tail").offset, start + 3900 * kib);
  });

  it("costs few small reads in a huge file", async () => {
    const size = 2 ** 44;
    const dataEnd = 2 ** 40 + 12_345;
    let bytesRead = 0;
    const sparse: RandomAccessFile = {
      name: "huge",
      ref: MemoryFile.from("huge", new Uint8Array(0)).ref,
      size,
      read: async (offset, target) => {
        bytesRead += target.length;
        target.fill(1);
        if (offset + target.length > dataEnd) target.fill(0, Math.max(0, dataEnd - offset));
      },
      close: async () => undefined,
    };
    const diagnostics = new DiagnosticList();
    await reportZeroTail(sparse, [{ name: "t", dtype: "U8", shape: [size], file: 0, offset: 0, bytes: size }], diagnostics);
    assert.equal(diagnostics.result()[0]?.offset, dataEnd);
    assert.ok(bytesRead < 500_000, `${bytesRead} bytes read`);
  });

  it("is looked for in what is there of a file that was cut", async () => {
    const { bytes } = withZeros([300 * kib, 300 * kib], 100 * kib);
    const checkpoint = await openBytes(bytes.subarray(0, bytes.length - 200 * kib));
    assert.ok(warningOf(checkpoint, "file.zero-tail"));
    assert.ok(warningOf(checkpoint, "file.truncated"));
  });
});
