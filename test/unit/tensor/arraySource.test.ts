import assert from "node:assert/strict";
import type { FileRef } from "../../../src/core/fileRef";
import { columnMajorStrides, inStoredOrder } from "../../../src/core/tensor/arraySource";

const source: FileRef = { kind: "path", path: "x" };

/** Where values of that shape and these strides are found in the order in which they are stored, from byte 16 on. */
function storedPlace(shape: readonly number[], strides: readonly number[]): number | undefined {
  return inStoredOrder({ dtype: "F32", ref: { kind: "strided", source, offset: 16, itemBytes: 4, shape, strides }, offset: 0 })?.offset;
}

describe("values in the order in which they are stored", () => {
  it("are those of arrays whose dimensions are in another order", () => {
    assert.equal(storedPlace([3, 5], [1, 3]), 16);
    assert.equal(storedPlace([2, 3, 4, 5], [60, 1, 15, 3]), 16);
    assert.equal(storedPlace([1, 3, 1, 5], [7, 1, 9, 3]), 16);
    const shape = [4, 3, 2, 7];
    assert.equal(storedPlace(shape, columnMajorStrides(shape)), 16);
    const ref = { kind: "strided", source, offset: 16, itemBytes: 4, shape: [3, 5], strides: [1, 3] } as const;
    assert.deepEqual(inStoredOrder({ dtype: "F32", ref, offset: 0 }), { dtype: "F32", ref: source, offset: 16 });
  });

  it("are not had where some are left out or repeated, nor of other views", () => {
    for (const [shape, strides] of [
      [[3, 5], [1, 4]],
      [[3, 5], [0, 1]],
      [[3, 5], [0, 0]],
      [[10, 4], [2, 1]],
      [[7], [2]],
    ] as const) assert.equal(storedPlace(shape, strides), undefined, `${shape} ${strides}`); // prettier-ignore
    const ref = { kind: "swapped", source, offset: 16, itemBytes: 4, size: 60 } as const;
    assert.equal(inStoredOrder({ dtype: "F32", ref, offset: 0 }), undefined);
  });
});
