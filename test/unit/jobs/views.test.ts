import assert from "node:assert/strict";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { MemoryFile } from "../../../src/io/memoryFile";
import { engineOf, quiet } from "./harness";

const values = Float32Array.from({ length: 600 }, (_, i) => Math.fround(Math.sin(i)));

/** A tensor of big-endian floats that begin at byte 12 of their file. */
function bigEndianCheckpoint(): Checkpoint {
  const bytes = new Uint8Array(12 + 4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setFloat32(12 + 4 * i, value));
  const file = MemoryFile.from("big", bytes);
  const source = {
    dtype: "F32",
    ref: { kind: "swapped", source: file.ref, offset: 12, itemBytes: 4, size: 4 * values.length },
    offset: 0,
  } as const;
  const tensor = { name: "w", dtype: "F32", shape: [20, 30], file: 0, offset: 12, bytes: 4 * values.length, source };
  return {
    format: "numpy",
    name: "big",
    files: [{ name: "big", bytes: file.size, file }],
    tensors: [tensor],
    metadata: [],
    warnings: [],
    close: () => file.close(),
  };
}

describe("views", () => {
  const engine = engineOf();

  it("feed every job like stored bytes", async () => {
    const checkpoint = bigEndianCheckpoint();
    const { tensors } = await engine().stats({ checkpoint }, quiet());
    assert.equal(tensors[0]!.min, Math.min(...values));
    const page = await engine().values({ checkpoint, tensor: 0, row: 3, rows: 2, column: 7, columns: 5 }, quiet());
    assert.deepEqual(page.values[1], Array.from(values.subarray(4 * 30 + 7, 4 * 30 + 12)));
    const { total } = await engine().errors({ checkpoint, types: ["bf16"] }, quiet());
    assert.ok(total["bf16"]!.rmse! > 0 && total["bf16"]!.rmse! < 0.01);
  });
});
