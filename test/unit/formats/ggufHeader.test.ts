import assert from "node:assert/strict";
import { codesOf, namesOf, openBytes, refusalOf, warningOf } from "../../support/openBytes";
import { ggufF32, ggufString, ggufStrings, writeGguf, type GgufValue, type WrittenGguf } from "../../support/ggufWriter";
import { patternBytes } from "../../support/safetensorsWriter";

const architecture = ["general.architecture", ggufString("llama")] as const;
const tensors = [ggufF32("a.weight", [5, 3]), ggufF32("b", [9])];

/** A small file with `bytes` written over it from `offset` on. */
function patched(file: WrittenGguf, offset: number, bytes: readonly number[]): Uint8Array {
  const written = writeGguf(file);
  written.set(bytes, offset);
  return written;
}

/** Little-endian bytes of a number. */
function little(value: bigint, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, index) => Number((BigInt.asUintN(64, value) >> BigInt(8 * index)) & 255n));
}

describe("GGUF header", () => {
  for (const version of [2, 3]) {
    it(`is read in version ${version}: tensors row-major with absolute offsets`, async () => {
      const bytes = writeGguf({ version, metadata: [architecture], tensors });
      const checkpoint = await openBytes(bytes);
      const start = bytes.length - 64 - 64;
      assert.deepEqual(checkpoint.tensors, [
        { name: "a.weight", dtype: "F32", shape: [3, 5], file: 0, offset: start, bytes: 60 },
        { name: "b", dtype: "F32", shape: [9], file: 0, offset: start + 64, bytes: 36 },
      ]);
      assert.deepEqual(checkpoint.warnings, []);
      assert.deepEqual(
        [checkpoint.format, checkpoint.formatVersion, checkpoint.name, checkpoint.architecture],
        ["gguf", version, "model.bin", "llama"],
      );
    });
  }

  it("is read without tensors, without keys, and without either", async () => {
    assert.deepEqual((await openBytes(writeGguf({ metadata: [architecture] }))).metadata.length, 1);
    assert.deepEqual(namesOf(await openBytes(writeGguf({ tensors }))), ["a.weight", "b"]);
    const empty = await openBytes(writeGguf({}));
    assert.deepEqual([empty.tensors, empty.metadata, empty.warnings, empty.architecture], [[], [], [], undefined]);
  });

  it("is read with tensors of rank 0 and of no values", async () => {
    const checkpoint = await openBytes(
      writeGguf({ tensors: [ggufF32("scalar", []), { name: "empty", type: 8, ne: [32, 0], bytes: new Uint8Array(0) }, ggufF32("b", [1])] }),
    );
    assert.deepEqual(
      checkpoint.tensors.map(({ shape, bytes }) => [shape, bytes]),
      [
        [[], 4],
        [[0, 32], 0],
        [[1], 4],
      ],
    );
    assert.deepEqual(checkpoint.warnings, []);
  });

  describe("is refused, with offset, expectation, finding and hint,", () => {
    const short = { metadata: [architecture] };
    const cases: [what: string, bytes: Uint8Array, code: string, offset: number][] = [
      ["in version 1", writeGguf({ version: 1 }), "gguf.obsolete-version", 4],
      ["in version 4", writeGguf({ version: 4 }), "gguf.unknown-version", 4],
      ["in version 0", writeGguf({ version: 0 }), "gguf.unknown-version", 4],
      ["in big-endian byte order", writeGguf({ version: 0x03000000 }), "gguf.big-endian", 4],
      ["cut after the magic", writeGguf({}).subarray(0, 4), "gguf.header-cut", 0],
      ["cut in the counts", writeGguf({}).subarray(0, 20), "gguf.header-cut", 8],
      ["with more tensors than bytes", writeGguf({ ...short, tensorCount: 1000n }), "gguf.bad-count", 8],
      ["with 2^63 tensors", writeGguf({ ...short, tensorCount: 2n ** 63n }), "gguf.bad-count", 8],
      ["with more keys than bytes", writeGguf({ ...short, metadataCount: 10n }), "gguf.bad-count", 16],
      ["with 2^64 - 1 keys", writeGguf({ ...short, metadataCount: 2n ** 64n - 1n }), "gguf.bad-count", 16],
      ["with a key that leads past the end", patched(short, 24, little(60_000n, 8)), "gguf.header-cut", 32],
      ["with a key beyond the limit", patched(short, 24, little(65_536n, 8)), "gguf.string-too-long", 24],
      ["with a value of an unknown type", patched(short, 52, [13]), "gguf.bad-value-type", 52],
      ["with a string beyond the limit", patched(short, 56, little(2n ** 26n + 1n, 8)), "gguf.string-too-long", 56],
      ["with a string that leads past the end", patched(short, 56, [6]), "gguf.header-cut", 64],
    ];
    for (const [what, bytes, code, offset] of cases) {
      it(what, async () => {
        const error = await refusalOf(openBytes(bytes));
        assert.deepEqual([error.code, error.fields.offset, error.fields.file], [code, offset, "model.bin"]);
        for (const field of ["expected", "found", "hint"] as const) assert.ok(error.fields[field], field);
      });
    }
  });

  it("names big-endian files as what they are", async () => {
    const { message, fields } = await refusalOf(openBytes(writeGguf({ version: 0x03000000 })));
    assert.match(message, /big-endian/);
    assert.match(fields.hint ?? "", /little-endian/);
  });

  it("is refused with a tensor name or rank that only damage explains", async () => {
    const entryAt = writeGguf({ metadata: [architecture], tensors: [] }).length;
    const file = { metadata: [architecture], tensors: [ggufF32("a", [3])] };
    assert.equal((await refusalOf(openBytes(patched(file, entryAt, little(70_000n, 8))))).code, "gguf.bad-tensor-name");
    assert.equal((await refusalOf(openBytes(patched(file, entryAt + 9, little(65n, 4))))).code, "gguf.bad-rank");
  });

  it("reports what ggml refuses but can be shown", async () => {
    const long = "n".repeat(64);
    const checkpoint = await openBytes(
      writeGguf({
        metadata: [["", ggufString("x")], ["k", ggufString("first")], ["k", ggufString("second")], ["general.architecture", { type: "u8", value: 1 }]], // prettier-ignore
        tensors: [ggufF32(long, [2]), ggufF32("five", [1, 2, 1, 2, 1])],
      }),
    );
    assert.deepEqual(codesOf(checkpoint), ["gguf.empty-key", "gguf.duplicate-key", "gguf.long-name", "gguf.rank"]);
    assert.deepEqual(
      checkpoint.metadata.map(({ key, value }) => [key, value]),
      [
        ["", "x"],
        ["k", "first"],
        ["k", "second"],
        ["general.architecture", 1],
      ],
    );
    assert.deepEqual(checkpoint.tensors[1]!.shape, [1, 2, 1, 2, 1]);
    assert.equal(checkpoint.architecture, undefined);
    assert.ok(checkpoint.warnings.every((warning) => warning.severity === "warning" && warning.offset !== undefined));
  });

  it("shows names and text that are no UTF-8", async () => {
    const bad = Uint8Array.of(0x61, 0xff);
    const checkpoint = await openBytes(
      writeGguf({
        metadata: [
          ["general.architecture", ggufString(bad)],
          [bad, ggufString("x")],
        ],
        tensors: [{ ...ggufF32("", [1]), name: bad }],
      }),
    );
    assert.deepEqual([checkpoint.architecture, checkpoint.metadata[1]!.key, namesOf(checkpoint)], ["a\\xFF", "a\\xFF", ["a\\xFF"]]);
  });

  it("leaves out tensors with numbers that no file can mean", async () => {
    const make = (ne: (number | bigint)[], offset?: bigint): WrittenGguf["tensors"] => [
      { name: "bad", type: 0, ne, bytes: new Uint8Array(0), offset },
      { ...ggufF32("good", [1]), offset: 0 },
    ];
    for (const [ne, offset] of [
      [[-1n], undefined],
      [[2n ** 48n + 1n], undefined],
      [[2n ** 40n, 2n ** 40n], undefined],
      [[0, 2n ** 40n, 2n ** 40n], undefined],
      [[1], 2n ** 63n],
    ] as [bigint[], bigint?][]) {
      const checkpoint = await openBytes(writeGguf({ tensors: make(ne, offset) }));
      assert.deepEqual(namesOf(checkpoint), ["good"]);
      assert.deepEqual([warningOf(checkpoint, "gguf.bad-tensor").tensor, codesOf(checkpoint).length], ["bad", 1]);
    }
  });

  it("lists the first of two tensors of one name", async () => {
    const checkpoint = await openBytes(writeGguf({ tensors: [ggufF32("a", [2]), ggufF32("a", [3])] }));
    assert.deepEqual(
      checkpoint.tensors.map(({ shape }) => shape),
      [[2]],
    );
    assert.equal(warningOf(checkpoint, "gguf.duplicate-name").severity, "error");
  });

  describe("general.alignment", () => {
    const aligned = (alignment: number, value?: GgufValue): Uint8Array =>
      writeGguf({ alignment, metadata: [["general.alignment", value ?? { type: "u32", value: alignment }]], tensors });

    for (const alignment of [8, 64, 4096]) {
      it(`of ${alignment} is followed`, async () => {
        const bytes = aligned(alignment);
        const checkpoint = await openBytes(bytes);
        assert.deepEqual(checkpoint.warnings, []);
        assert.equal(checkpoint.tensors[1]!.offset % alignment, 0);
        assert.equal(bytes[checkpoint.tensors[0]!.offset], patternBytes(1)[0]);
      });
    }
    it("that ggml refuses is followed and reported", async () => {
      for (const bytes of [aligned(24), aligned(64, { type: "u64", value: 64 })]) {
        const checkpoint = await openBytes(bytes);
        assert.deepEqual(codesOf(checkpoint), ["gguf.bad-alignment"]);
        assert.equal(bytes[checkpoint.tensors[1]!.offset], patternBytes(1)[0]);
      }
      assert.deepEqual(codesOf(await openBytes(aligned(4))), ["gguf.small-alignment"]);
    });
    it("that makes no sense is replaced by 32", async () => {
      for (const value of [
        { type: "u32", value: 0 },
        { type: "f32", value: NaN },
        ggufString("x"),
        ggufStrings(["32"]),
        { type: "i32", value: -32 },
      ] as GgufValue[]) {
        const bytes = aligned(32, value);
        const checkpoint = await openBytes(bytes);
        assert.equal(warningOf(checkpoint, "gguf.bad-alignment").severity, "error");
        assert.equal(bytes[checkpoint.tensors[1]!.offset], patternBytes(1)[0]);
      }
    });
  });
});
