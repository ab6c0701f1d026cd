import assert from "node:assert/strict";
import { limits } from "../../../src/core/limits";
import { codesOf, namesOf, openBytes, refusalOf, warningOf } from "../../support/openBytes";
import { patternBytes, safetensorsBits, writeRawSafetensors, writeSafetensors } from "../../support/safetensorsWriter";

const entry = '{"dtype":"U8","shape":[4],"data_offsets":[0,4]}';
const data = patternBytes(4);

/** A file of one tensor `a` whose entry is given as JSON text. */
function withEntry(text: string): Uint8Array {
  return writeRawSafetensors(`{"a":${text}}`, data);
}

describe("safetensors header", () => {
  it("lists tensors in the order of the header, with absolute offsets", async () => {
    const bytes = writeSafetensors([
      { name: "z", dtype: "F32", shape: [2, 3] },
      { name: "10", dtype: "BF16", shape: [] },
      { name: "2", dtype: "I64", shape: [0, 5] },
    ]);
    const checkpoint = await openBytes(bytes);
    const start = bytes.length - 26;
    assert.deepEqual(checkpoint.tensors, [
      { name: "z", dtype: "F32", shape: [2, 3], file: 0, offset: start, bytes: 24 },
      { name: "10", dtype: "BF16", shape: [], file: 0, offset: start + 24, bytes: 2 },
      { name: "2", dtype: "I64", shape: [0, 5], file: 0, offset: start + 26, bytes: 0 },
    ]);
    assert.deepEqual(checkpoint.warnings, []);
    assert.equal(checkpoint.format, "safetensors");
    assert.equal(checkpoint.name, "model.bin");
  });

  it("knows every type of the format, with its exact size", async () => {
    const tensors = Object.keys(safetensorsBits).map((dtype) => ({ name: dtype, dtype, shape: [2, 4] }));
    const checkpoint = await openBytes(writeSafetensors(tensors));
    assert.deepEqual(checkpoint.warnings, []);
    for (const tensor of checkpoint.tensors) {
      assert.equal(tensor.dtype, tensor.name);
      assert.equal(tensor.bytes, safetensorsBits[tensor.dtype]!);
    }
    assert.equal(checkpoint.tensors.length, 22);
  });

  it("reads metadata, and names that other code trips over", async () => {
    const names = ["__proto__", "constructor", "hasOwnProperty", "a\tb\n", "ünï 漢字 😀", "", "toString.__proto__"];
    const checkpoint = await openBytes(
      writeSafetensors(
        names.map((name) => ({ name, dtype: "U8", shape: [1] })),
        { format: "pt", __proto__x: "y", ünï: " " },
      ),
    );
    assert.deepEqual(namesOf(checkpoint), names);
    assert.deepEqual(checkpoint.metadata, [
      { key: "format", type: "string", value: "pt" },
      { key: "__proto__x", type: "string", value: "y" },
      { key: "ünï", type: "string", value: " " },
    ]);
    assert.deepEqual(checkpoint.warnings, []);
  });

  it("opens a file without tensors", async () => {
    for (const header of ["{}", '{"__metadata__":{"a":"b"}}']) {
      const checkpoint = await openBytes(writeRawSafetensors(header));
      assert.deepEqual([checkpoint.tensors, checkpoint.warnings], [[], []]);
    }
  });

  it("keeps a __proto__ key of the metadata", async () => {
    const checkpoint = await openBytes(writeRawSafetensors('{"__metadata__":{"__proto__":"x"}}'));
    assert.deepEqual(checkpoint.metadata, [{ key: "__proto__", type: "string", value: "x" }]);
  });

  describe("refuses, with offset, expectation, finding and hint", () => {
    const invalidUtf8 = Buffer.from('{"a\xff":{}}', "latin1");
    const cases: [what: string, bytes: Uint8Array, code: string, offset: number][] = [
      ["a file of 7 bytes", patternBytes(7), "safetensors.header-too-small", 0],
      ["a length beyond the limit", writeRawSafetensors("{}", data, 100_000_001n), "safetensors.header-too-large", 0],
      ["the largest length", writeRawSafetensors("{}", data, 2n ** 64n - 1n), "safetensors.header-too-large", 0],
      ["a header that the file cuts", writeRawSafetensors('{"a"', undefined, 100n), "safetensors.header-cut", 12],
      ["a length of 1", writeRawSafetensors("{}", data, 1n), "safetensors.header-empty", 0],
      ["bytes that are no UTF-8", writeRawSafetensors(invalidUtf8), "safetensors.bad-utf8", 11],
      ["a broken object", writeRawSafetensors('{"a":'), "safetensors.bad-json", 13],
      ["a comma too many", writeRawSafetensors('{"ü":{},}'), "safetensors.bad-json", 17],
      ["an object that ends twice", writeRawSafetensors('{"a":1 2}'), "safetensors.bad-json", 15],
      ["deep nesting", writeRawSafetensors(`{"a":${"[".repeat(5000)}`), "safetensors.bad-json", 8 + 5 + 15],
    ];
    for (const [what, bytes, code, offset] of cases) {
      it(what, async () => {
        const error = await refusalOf(openBytes(bytes, "model.safetensors"));
        assert.deepEqual([error.code, error.fields.offset, error.fields.file], [code, offset, "model.safetensors"]);
        for (const field of ["expected", "found", "hint"] as const) assert.ok(error.fields[field], field);
      });
    }
  });

  it("allocates nothing of a size it has not checked", async () => {
    const error = await refusalOf(openBytes(writeRawSafetensors("{", undefined, BigInt(limits.safetensorsHeaderBytes))));
    assert.equal(error.code, "safetensors.header-cut");
  });

  describe("leaves out an entry that describes no tensor, and shows the others", () => {
    const cases: [what: string, entry: string][] = [
      ["that is no object", "7"],
      ["without dtype", '{"shape":[4],"data_offsets":[0,4]}'],
      ["without shape", '{"dtype":"U8","data_offsets":[0,4]}'],
      ["without data_offsets", '{"dtype":"U8","shape":[4]}'],
      ["with a number as dtype", '{"dtype":8,"shape":[4],"data_offsets":[0,4]}'],
      ["with an endless dtype", `{"dtype":"${"U".repeat(65)}","shape":[4],"data_offsets":[0,4]}`],
      ["with two dtypes", '{"dtype":"U8","dtype":"U8","shape":[4],"data_offsets":[0,4]}'],
      ["with two shapes", '{"dtype":"U8","shape":[4],"shape":[4],"data_offsets":[0,4]}'],
      ["with two ranges", '{"dtype":"U8","shape":[4],"data_offsets":[0,4],"data_offsets":[0,4]}'],
      ["with a negative dimension", '{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}'],
      ["with a fractional dimension", '{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}'],
      ["with a dimension as text", '{"dtype":"U8","shape":["4"],"data_offsets":[0,4]}'],
      ["with a shape that is no array", '{"dtype":"U8","shape":4,"data_offsets":[0,4]}'],
      ["with 65 dimensions", `{"dtype":"U8","shape":[${Array(65).fill(1).join()}],"data_offsets":[0,4]}`],
      ["with a dimension beyond the limit", '{"dtype":"U8","shape":[0,281474976710657],"data_offsets":[0,0]}'],
      ["with a product that overflows", '{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,4]}'],
      ["with a product that overflows but for a zero", '{"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}'],
      ["with one offset", '{"dtype":"U8","shape":[4],"data_offsets":[0]}'],
      ["with three offsets", '{"dtype":"U8","shape":[4],"data_offsets":[0,4,8]}'],
      ["with a range that ends before it begins", '{"dtype":"U8","shape":[4],"data_offsets":[4,0]}'],
      ["with an offset beyond 2^53", '{"dtype":"U8","shape":[4],"data_offsets":[0,9007199254740993]}'],
      ["with null as range", '{"dtype":"U8","shape":[4],"data_offsets":null}'],
    ];
    for (const [what, text] of cases) {
      it(what, async () => {
        const bytes = writeRawSafetensors(`{"bad":${text},"good":${entry}}`, data);
        const checkpoint = await openBytes(bytes);
        assert.deepEqual(namesOf(checkpoint), ["good"]);
        const warning = warningOf(checkpoint, "safetensors.bad-entry");
        assert.deepEqual([warning.severity, warning.tensor, warning.file], ["error", "bad", "model.bin"]);
        assert.ok(warning.offset! >= 9 && warning.offset! < bytes.length);
        assert.ok(warning.expected && warning.found);
      });
    }
  });

  it("says of too many dimensions that readers take fewer, and blames the library for nothing that it reads", async () => {
    const wide = `{"dtype":"U8","shape":[${Array(70).fill(1).join()}],"data_offsets":[0,1]}`;
    const hint = warningOf(await openBytes(writeRawSafetensors(`{"a":${wide}}`, data)), "safetensors.bad-entry").hint!;
    assert.match(hint, /up to 64 dimensions/);
    const negative = '{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}';
    assert.match(warningOf(await openBytes(withEntry(negative)), "safetensors.bad-entry").hint!, /library refuses/);
  });

  it("tells the byte offset of an entry behind text that is not ASCII", async () => {
    const header = `{"ä😀":${entry},"b":7}`;
    const checkpoint = await openBytes(writeRawSafetensors(header, data));
    assert.equal(warningOf(checkpoint, "safetensors.bad-entry").offset, 8 + Buffer.from(header).indexOf('"b"'));
  });

  it("reports a name that comes twice, and shows the last as other readers do", async () => {
    const header = '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":7,"a":{"dtype":"I8","shape":[4],"data_offsets":[4,8]}}';
    const checkpoint = await openBytes(writeRawSafetensors(header, patternBytes(8)));
    assert.deepEqual(
      checkpoint.tensors.map((tensor) => tensor.dtype),
      ["I8"],
    );
    const warning = warningOf(checkpoint, "safetensors.duplicate-name");
    assert.deepEqual([warning.severity, warning.tensor, warning.offset], ["error", "a", 8 + header.lastIndexOf('"a"')]);
    assert.deepEqual(codesOf(checkpoint), ["safetensors.bad-entry", "safetensors.duplicate-name"]);
  });

  it("reports what the format does not define, and shows the tensor", async () => {
    const checkpoint = await openBytes(withEntry('{"dtype":"U8","strides":[1],"shape":[4],"data_offsets":[0,4]}'));
    assert.deepEqual(namesOf(checkpoint), ["a"]);
    assert.equal(warningOf(checkpoint, "safetensors.extra-field").severity, "warning");
  });

  it("lists a type it does not know as opaque bytes, once for each type", async () => {
    const header = '{"a":{"dtype":"F2","shape":[9],"data_offsets":[0,3]},"b":{"dtype":"F2","shape":[3],"data_offsets":[3,4]}}';
    const checkpoint = await openBytes(writeRawSafetensors(header, data));
    assert.deepEqual(
      checkpoint.tensors.map(({ dtype, bytes }) => [dtype, bytes]),
      [
        ["F2", 3],
        ["F2", 1],
      ],
    );
    assert.equal(warningOf(checkpoint, "safetensors.unknown-dtype").found, "F2");
  });

  it("does not take ggml's types for types of this format", async () => {
    const checkpoint = await openBytes(writeRawSafetensors('{"a":{"dtype":"Q8_0","shape":[32],"data_offsets":[0,34]}}', patternBytes(34)));
    assert.equal(checkpoint.tensors[0]!.dtype, "Q8_0?");
    assert.equal(codesOf(checkpoint)[0], "safetensors.unknown-dtype");
  });

  it("reports metadata that is not strings, and shows it", async () => {
    const checkpoint = await openBytes(writeRawSafetensors('{"__metadata__":{"a":1,"b":{"c":[true]},"d":"e","d":"f"}}'));
    assert.deepEqual(
      checkpoint.metadata.map(({ key, value }) => [key, value]),
      [
        ["a", "1"],
        ["b", '{"c":[true]}'],
        ["d", "f"],
      ],
    );
    assert.deepEqual(codesOf(checkpoint), ["safetensors.bad-metadata", "safetensors.bad-metadata", "safetensors.duplicate-metadata"]);
    const other = await openBytes(writeRawSafetensors('{"__metadata__":[1]}'));
    assert.deepEqual(codesOf(other), ["safetensors.bad-metadata"]);
  });

  it("accepts padding with spaces only, and spaces in front not at all", async () => {
    assert.deepEqual(codesOf(await openBytes(writeRawSafetensors(`{"a":${entry}}      `, data))), []);
    assert.deepEqual(codesOf(await openBytes(writeRawSafetensors(`{"a":${entry}}\0\0`, data))), ["safetensors.header-padding"]);
    const spaced = await openBytes(writeRawSafetensors(` {"a":${entry}}`, data), "a.safetensors");
    assert.deepEqual([codesOf(spaced), namesOf(spaced)], [["safetensors.header-start"], ["a"]]);
  });

  it("keeps a thousand findings and counts the rest", async () => {
    const members = Array.from({ length: 1500 }, (_, index) => `"t${index}":0`);
    const checkpoint = await openBytes(writeRawSafetensors(`{${members.join()}}`));
    assert.equal(checkpoint.warnings.length, 1001);
    assert.equal(checkpoint.warnings[1000]!.message, "And 500 more findings that are not listed");
  });
});
