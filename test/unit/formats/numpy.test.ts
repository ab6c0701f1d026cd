import assert from "node:assert/strict";
import type { FormatError } from "../../../src/core/errors";
import { parsePythonLiteral, PythonSyntaxError, type PythonValue } from "../../../src/core/formats/numpy/pythonLiteral";
import { codesOf, namesOf, openBytes, refusalOf, warningOf } from "../../support/openBytes";
import { writeNpy, type NpyHeader } from "../../support/npyWriter";
import { patternBytes } from "../../support/safetensorsWriter";
import { floatValues } from "../../support/tensorValues";
import { counting } from "../../support/torchWriter";
import { writeZip } from "../../support/zipWriter";

const six = counting(6);

function open(header: NpyHeader, data: Uint8Array = six, name = "a.npy") {
  return openBytes(writeNpy(header, data), name);
}

function reversed(bytes: Uint8Array, width: number): Uint8Array {
  return Uint8Array.from(bytes, (_, at) => bytes[at - (at % width) + width - 1 - (at % width)]!);
}

describe("NumPy: arrays", () => {
  for (const version of [1, 2, 3] as const) {
    it(`of version ${version} are read in every order`, async () => {
      const expected = [0, 1, 2, 3, 4, 5];
      const plain = await open({ version });
      assert.deepEqual(namesOf(plain), ["a"]);
      assert.deepEqual([plain.tensors[0]!.shape, plain.tensors[0]!.source], [[2, 3], undefined]);
      assert.deepEqual(floatValues(plain, "a"), expected);
      const columns = new Uint8Array(Float32Array.of(0, 3, 1, 4, 2, 5).buffer);
      const others = [
        await open({ version, descr: "'>f4'" }, reversed(six, 4)),
        await open({ version, fortran: "True" }, columns),
        await open({ version, fortran: "True", descr: "'>f4'" }, reversed(columns, 4)),
      ];
      for (const checkpoint of others) {
        assert.deepEqual(floatValues(checkpoint, "a"), expected);
        assert.deepEqual(checkpoint.warnings, []);
      }
    });
  }

  const types: [descr: string, dtype: string, itemBytes: number][] = [
    ["'|b1'", "BOOL", 1],
    ["'|u1'", "U8", 1],
    ["'<i8'", "I64", 8],
    ["'?'", "BOOL", 1],
    ["'f'", "F32", 4],
    ["'<d'", "F64", 8],
    ["'uint16'", "U16", 2],
    ["'float32'", "F32", 4],
    ["'>c16'", "C128", 16],
    ["'<f2'", "F16", 2],
    ["'<f16'", "F128", 16],
    ["'|S7'", "BYTES7", 7],
    ["'<U3'", "STR3", 12],
    ["'<M8[ns]'", "M8", 8],
    ["'|V3'", "V3", 3],
    ["'|V2'", "V2", 2],
    ["[('x', '<f4'), ('id', '>i2'), ('v', '|u1', (2, 3))]", "V12", 12],
    ["[(('title', 'x'), '<f4'), ('', '|V4'), ('n', [('a', '<i8'), ('b', ('<f4', (2,)))])]", "V24", 24],
  ];
  for (const [descr, dtype, itemBytes] of types) {
    it(`of ${descr} are listed as ${dtype}`, async () => {
      const checkpoint = await open({ descr, shape: "(4,)" }, patternBytes(4 * itemBytes));
      const [tensor] = checkpoint.tensors;
      assert.deepEqual([tensor!.dtype, tensor!.shape, tensor!.bytes], [dtype, [4], 4 * itemBytes]);
      assert.deepEqual(codesOf(checkpoint), dtype === "V2" ? ["numpy.raw-as-bfloat16"] : []);
      assert.equal(tensor!.source?.dtype, dtype === "V2" ? "BF16" : dtype === "C128" ? "C128" : undefined);
    });
  }

  it("may be scalars and empty", async () => {
    assert.deepEqual(floatValues(await open({ shape: "()" }, counting(1)), "a"), [0]);
    assert.deepEqual((await open({ shape: "(0, 3)", fortran: "True" }, new Uint8Array(0))).tensors[0]!.shape, [0, 3]);
    assert.deepEqual((await open({ shape: "(6L,)" })).tensors[0]!.shape, [6]);
  });

  const refused: [what: string, header: NpyHeader, code: string][] = [
    ["objects", { descr: "'|O'" }, "object-array"],
    ["a type that is none", { descr: "'float33'" }, "bad-header"],
    ["objects in a field", { descr: "[('a', '<f4'), ('b', 'O')]" }, "object-array"],
    ["a type that does not exist", { descr: "'<q4'" }, "bad-header"],
    ["a type that is a number", { descr: "4" }, "bad-header"],
    ["a field without type", { descr: "[('a',)]" }, "bad-header"],
    ["a negative dimension", { shape: "(-2, 3)" }, "bad-header"],
    ["a shape that is no tuple", { shape: "6" }, "bad-header"],
    ["a shape without measure", { shape: `(${"1000000000, ".repeat(3)})` }, "bad-header"],
    ["too many dimensions", { shape: `(${"1, ".repeat(65)})` }, "bad-header"],
    ["no order", { fortran: "0" }, "bad-header"],
    ["code instead of a header", { dict: "__import__('os')" }, "bad-header"],
    ["nesting without end", { dict: "(".repeat(5000) }, "bad-header"],
    ["a header that is no dictionary", { dict: "(1, 2)" }, "bad-header"],
    ["a header that is not there", { version: 2, length: 5000 }, "header-cut"],
    ["a header without measure", { version: 2, length: 2 ** 31 }, "header-too-large"],
    ["a version of the future", { version: 9 as 3 }, "bad-version"],
  ];
  for (const [what, header, code] of refused) {
    it(`with ${what} are refused`, async () => {
      const error = await refusalOf(open(header));
      assert.equal(error.code, `numpy.${code}`);
      assert.ok(error.fields.expected && error.fields.hint && error.fields.file === "a.npy");
    });
  }

  it("that are cut short or go on are said to", async () => {
    assert.deepEqual(codesOf(await open({}, six.subarray(0, 20))), ["file.truncated", "tensor.truncated"]);
    assert.equal(warningOf(await open({}, patternBytes(30)), "numpy.trailing-bytes").offset, 128 + 24);
    assert.equal((await refusalOf(openBytes(writeNpy({}, six).subarray(0, 9), "a.npy"))).code, "numpy.header-cut");
  });
});

describe("NumPy: archives", () => {
  for (const deflate of [false, true]) {
    it(`${deflate ? "deflated" : "stored"}: every member, whatever is wrong with others`, async () => {
      const columns = new Uint8Array(Float32Array.of(0, 3, 1, 4, 2, 5).buffer);
      const members = {
        "w.npy": writeNpy({}, six),
        "layer/0/w.npy": writeNpy({ fortran: "True", descr: "'>f4'" }, reversed(columns, 4)),
        "__proto__.npy": writeNpy({ shape: "(6,)" }, six),
        "bad.npy": writeNpy({ descr: "'|O'" }, six),
        "short.npy": writeNpy({}, six.subarray(0, 20)),
        "rubbish.npy": patternBytes(100),
        "readme.txt": patternBytes(10),
      };
      const checkpoint = await openBytes(writeZip(Object.entries(members).map(([name, bytes]) => ({ name, bytes, deflate }))), "a.npz");
      assert.deepEqual(namesOf(checkpoint), ["w", "layer/0/w", "__proto__"]);
      for (const name of namesOf(checkpoint)) assert.deepEqual(floatValues(checkpoint, name), [0, 1, 2, 3, 4, 5]);
      assert.deepEqual(codesOf(checkpoint), ["numpy.object-array", "numpy.member-cut", "numpy.bad-magic", "numpy.other-member"]);
      assert.equal(warningOf(checkpoint, "numpy.object-array").tensor, "bad.npy");
    });
  }

  it("show members without the ending, as NumPy goes by what they are", async () => {
    const file = writeZip([
      { name: "w.npy", bytes: writeNpy({}, six) },
      { name: "bare", bytes: writeNpy({}, six) },
      { name: "packed.NPY", bytes: writeNpy({}, six), deflate: true },
      { name: "short", bytes: patternBytes(3) },
      { name: "broken", bytes: patternBytes(300), directory: { method: 8 } },
      { name: "w", bytes: writeNpy({ shape: "(6,)" }, six) },
    ]);
    const checkpoint = await openBytes(file, "a.npz");
    assert.deepEqual(namesOf(checkpoint), ["w", "bare", "packed.NPY"]);
    assert.deepEqual(floatValues(checkpoint, "packed.NPY"), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(codesOf(checkpoint), ["numpy.other-member", "numpy.other-member", "numpy.duplicate-name"]);
  });

  it("without any member that can be shown are refused", async () => {
    const error = await refusalOf(openBytes(writeZip([{ name: "x.npy", bytes: writeNpy({ descr: "'|O'" }, six) }]), "a.npz"));
    assert.deepEqual([error.code, error.fields.file], ["numpy.object-array", "a.npz"]);
  });

  it("may be empty, and have a name twice", async () => {
    assert.deepEqual(namesOf(await openBytes(writeZip([]), "a.npz")), []);
    const twice = writeZip([
      { name: "x.npy", bytes: writeNpy({}, six) },
      { name: "x.npy", bytes: writeNpy({ shape: "(6,)" }, six) },
    ]);
    const checkpoint = await openBytes(twice, "a.npz");
    assert.deepEqual([namesOf(checkpoint), codesOf(checkpoint)], [["x"], ["numpy.duplicate-name"]]);
    assert.deepEqual(checkpoint.tensors[0]!.shape, [6]);
  });

  it("with a deflated member whose checksum is another fail where it ends, not before", async () => {
    const bytes = writeNpy({}, six);
    const file = writeZip([{ name: "x.npy", bytes, deflate: true, directory: { crc: 1 } }]);
    const checkpoint = await openBytes(file, "a.npz");
    assert.deepEqual(namesOf(checkpoint), ["x"]);
    assert.throws(
      () => floatValues(checkpoint, "x"),
      ({ code, fields }: FormatError) => code === "zip.bad-checksum" && fields.expected === "CRC-32 00000001" && fields.file === "a.npz",
    );
  });

  it("that are encrypted or packed in another way say so", async () => {
    const bytes = writeNpy({}, six);
    for (const directory of [{ flags: 1 }, { method: 14 }]) {
      assert.equal((await refusalOf(openBytes(writeZip([{ name: "x.npy", bytes, directory }]), "a.npz"))).code, "zip.packed");
    }
  });
});

describe("Python literals", () => {
  const plain = (value: PythonValue): unknown => {
    if (typeof value !== "object" || value === null) return value;
    return value.kind === "dict" ? [...value.entries].map(([key, item]) => [key, plain(item)]) : [value.kind, ...value.items.map(plain)];
  };

  it("are read as Python reads them", () => {
    const cases: [text: string, expected: unknown][] = [
      ["(1)", 1],
      ["(1,)", ["tuple", 1]],
      [" ( ) ", ["tuple"]],
      ["[1, -2,]", ["list", 1, -2]],
      [`'it\\'s' `, "it's"],
      [`b"\\x41\\u00e9\\n\\q"`, "Aé\n\\q"],
      ["{'a': None, 'a': True}", [["a", true]]],
      ["{}", []],
    ];
    for (const [text, expected] of cases) assert.deepEqual(plain(parsePythonLiteral(text)), expected, text);
  });

  it("are nothing else", () => {
    for (const text of ["", "1 2", "{1: 2}", "{'a' 1}", "[1 2]", "'a", "'a\n'", "print", "1.5", "(1", "{'a': 1", "[", "x'a'", "1+1"]) {
      assert.throws(() => parsePythonLiteral(text), PythonSyntaxError, text);
    }
  });
});
