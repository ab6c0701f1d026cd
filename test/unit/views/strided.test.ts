import assert from "node:assert/strict";
import type { FileRef } from "../../../src/core/fileRef";
import { openView } from "../../../src/core/views/registry";
import type { ByteSource } from "../../../src/core/views/byteSource";
import { MemoryFile } from "../../../src/io/memoryFile";
import { openSource } from "../../../src/jobs/tasks/byteSource";
import { Random } from "../../support/mutations";

/** Bytes that differ from each other and from their neighbours. */
function noise(bytes: number, seed = 1): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: bytes }, () => random.next(256));
}

/** Opens a memory source that counts reads. */
function counting(): { open: (ref: FileRef) => ByteSource; reads: () => number; bytes: () => number } {
  let reads = 0;
  let bytes = 0;
  return {
    reads: () => reads,
    bytes: () => bytes,
    open(ref) {
      const source = openSource(ref);
      return {
        read(offset, target) {
          reads++;
          bytes += target.length;
          source.read(offset, target);
        },
        close: () => source.close(),
      };
    },
  };
}

/** What a strided view must be, element by element. */
function expected(source: Uint8Array, offset: number, itemBytes: number, shape: readonly number[], strides: readonly number[]): Uint8Array {
  const values = shape.reduce((product, count) => product * count, 1);
  const result = new Uint8Array(values * itemBytes);
  for (let element = 0; element < values; element++) {
    let rest = element;
    let place = 0;
    for (let d = shape.length - 1; d >= 0; d--) {
      place += (rest % shape[d]!) * strides[d]!;
      rest = Math.floor(rest / shape[d]!);
    }
    result.set(source.subarray(offset + place * itemBytes, offset + (place + 1) * itemBytes), element * itemBytes);
  }
  return result;
}

describe("strided views", () => {
  const cases: [what: string, shape: number[], strides: number[]][] = [
    ["a scalar", [], []],
    ["a vector", [7], [1]],
    ["a column", [6], [8]],
    ["a transposed matrix", [8, 6], [1, 8]],
    ["rows and columns left out", [3, 3], [16, 3]],
    ["a repeated row", [5, 8], [0, 1]],
    ["a repeated element", [5, 8], [0, 0]],
    ["a diagonal", [6], [9]],
    ["permuted dimensions", [4, 2, 3], [1, 12, 4]],
    ["channels last", [2, 3, 4, 5], [60, 1, 15, 3]],
    ["windows that overlap", [10, 4], [2, 1]],
    ["dimensions of one", [1, 3, 1, 4, 1], [99, 4, 7, 1, 3]],
    ["sixteen dimensions", Array<number>(8).fill(2), [1, 2, 4, 8, 16, 32, 64, 128].reverse()],
  ];
  for (const [what, shape, strides] of cases) {
    it(`reads ${what}, whole and in any part`, () => {
      for (const itemBytes of [1, 2, 3, 4, 8, 12, 16]) {
        const offset = 5;
        const source = noise(offset + 260 * itemBytes, itemBytes);
        const all = expected(source, offset, itemBytes, shape, strides);
        const { ref } = MemoryFile.from("m", source);
        const view = openView({ kind: "strided", source: ref, offset, itemBytes, shape, strides }, openSource);
        const whole = new Uint8Array(all.length);
        view.read(0, whole);
        assert.deepEqual(whole, all);
        const random = new Random(3);
        for (let round = 0; round < 30; round++) {
          const start = random.next(all.length);
          // At any place of its buffer, as parts of WebAssembly memory are.
          const part = new Uint8Array(all.length + 3).subarray(round % 4, (round % 4) + 1 + random.next(all.length - start));
          view.read(start, part);
          assert.deepEqual(Uint8Array.from(part), all.subarray(start, start + part.length), `${itemBytes} bytes, ${start} +${part.length}`);
        }
        view.close();
      }
    });
  }

  it("reads large ones in windows, without reading far more than is asked for", () => {
    const [rows, columns] = [3000, 1100];
    const source = noise(4 * rows * columns);
    const shape = [columns, rows];
    const strides = [1, columns];
    const counted = counting();
    const view = openView(
      { kind: "strided", source: MemoryFile.from("m", source).ref, offset: 0, itemBytes: 4, shape, strides },
      counted.open,
    );
    const all = new Uint8Array(source.length);
    view.read(0, all);
    assert.deepEqual(all, expected(source, 0, 4, shape, strides));
    assert.ok(counted.bytes() <= 1.01 * source.length && counted.reads() < 20, `${counted.reads()} reads of ${counted.bytes()}`);
    // One row of the view is one column of the file: a read for each value would be 3000 reads.
    const before = counted.reads();
    const row = new Uint8Array(4 * rows);
    view.read(4 * rows * 17, row);
    assert.deepEqual(row, all.subarray(4 * rows * 17, 4 * rows * 18));
    assert.ok(counted.reads() - before < 20);
  });

  it("reads long runs by themselves, and puts them across each other", () => {
    for (const [itemBytes, shape, strides] of [
      [4, [4096, 100], [1, 20_000]],
      [8, [2100, 3, 40], [1, 700_000, 15_000]],
      [2, [40, 9000, 2], [50_000, 1, 20_000]],
    ] as const) {
      const source = noise(8 * 2_200_000);
      const { ref } = MemoryFile.from("m", source);
      const counted = counting();
      const view = openView({ kind: "strided", source: ref, offset: 3, itemBytes, shape, strides }, counted.open);
      const all = expected(source, 3, itemBytes, shape, strides);
      const whole = new Uint8Array(all.length);
      view.read(0, whole);
      assert.ok(Buffer.from(whole).equals(all));
      assert.ok(counted.bytes() <= 1.5 * all.length, `${counted.bytes()} bytes`);
      for (const [start, end] of [
        [5, 70_001],
        [all.length - 1_200_001, all.length - 1],
      ] as const) {
        // prettier-ignore
        const part = new Uint8Array(end - start);
        view.read(start, part);
        assert.ok(Buffer.from(part).equals(all.subarray(start, end)));
      }
      assert.throws(() => view.read(all.length - 1, new Uint8Array(2)), { code: "io.truncated" });
    }
  });

  it("reads few values that lie far apart one by one", () => {
    const bytes = 40 * 2 ** 20;
    const source = new Uint8Array(bytes);
    for (let index = 0; index < 20; index++) source[index * 2 ** 21] = index;
    const counted = counting();
    const ref = MemoryFile.from("m", source).ref;
    const view = openView({ kind: "strided", source: ref, offset: 0, itemBytes: 1, shape: [20], strides: [2 ** 21] }, counted.open);
    const values = new Uint8Array(20);
    view.read(0, values);
    assert.deepEqual([...values], [...Array(20).keys()]);
    assert.equal(counted.bytes(), 20);
  });
});
