import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { limits } from "../../../src/core/limits";
import { unavailability } from "../../../src/core/tensor/availability";
import { openPath } from "../../../src/io/openPath";
import { codesOf, namesOf, openBytes, openFiles, refusalOf, warningOf } from "../../support/openBytes";
import { externalData, field, floats, node, number, tensorProto, varintBytes, writeOnnx } from "../../support/onnxWriter";
import { floatValues, valueBytes } from "../../support/tensorValues";

describe("ONNX", () => {
  it("reads initializers, metadata and operator sets", async () => {
    const rest = [...field(14, field(1, "classes"), field(2, "cat,dog")), ...number(5, 3)];
    const checkpoint = await openBytes(writeOnnx({ initializers: [tensorProto(), tensorProto({ name: "v", dims: [1, 2] })], rest }));
    assert.deepEqual([checkpoint.format, namesOf(checkpoint)], ["onnx", ["w", "v"]]);
    assert.deepEqual(checkpoint.tensors[1]!.shape, [1, 2]);
    assert.deepEqual(floatValues(checkpoint, "v"), [1, -2]);
    assert.deepEqual(
      checkpoint.metadata.map(({ key, value }) => [key, value]),
      [
        ["ir_version", 10],
        ["producer_name", "test"],
        ["opset.ai.onnx", 21],
        ["classes", "cat,dog"],
        ["model_version", 3],
      ],
    );
    assert.deepEqual(checkpoint.warnings, []);
  });

  it("reads the config.json beside it, and reports one that is damaged", async () => {
    const model = writeOnnx({ initializers: [tensorProto()] });
    const checkpoint = await openFiles({ "m.onnx": model, "config.json": `{"model_type":"gpt2","n_positions":64}` }, "m.onnx");
    assert.deepEqual([checkpoint.architecture, checkpoint.config!["n_positions"], checkpoint.warnings], ["gpt2", 64, []]);
    assert.deepEqual(codesOf(await openFiles({ "m.onnx": model, "config.json": "{" }, "m.onnx")), ["config.bad-json"]);
  });

  it("reads packed dimensions, and raw values where they lie", async () => {
    const checkpoint = await openBytes(writeOnnx({ initializers: [[...field(1, [2, 1]), ...tensorProto({ dims: [] })]] }));
    const [tensor] = checkpoint.tensors;
    assert.deepEqual([tensor!.shape, tensor!.source], [[2, 1], undefined]);
  });

  it("finds constants, tensors in subgraphs, in attributes of other nodes and in functions, by their path", async () => {
    const inner = field(5, tensorProto({ name: "b" }));
    const branch = [...field(1, "then_branch"), ...field(6, [...field(1, node("Constant", { attributes: [value()] })), ...inner])];
    const nodes = [
      node("Constant", { outputs: ["c"], attributes: [value()] }),
      node("If", { name: "if", attributes: [branch] }),
      node("Other", { outputs: ["o"], attributes: [[...field(1, "weights"), ...field(10, tensorProto()), ...field(10, tensorProto())]] }),
    ];
    const rest = field(25, field(7, node("Constant", { outputs: ["k"], attributes: [value()] })), field(1, "F"), field(10, "d"));
    const checkpoint = await openBytes(writeOnnx({ nodes, initializers: [tensorProto()], rest }));
    assert.deepEqual(namesOf(checkpoint), ["w", "c", "if/then_branch/b", "if/then_branch/y", "o/weights/0", "o/weights/1", "d::F/k"]);

    function value(): number[] {
      return [...field(1, "value"), ...field(5, tensorProto({ name: "ignored" }))];
    }
  });

  it("reads the values of Constant that are no tensors", async () => {
    const constant = (output: string, ...attribute: number[][]): number[] =>
      node("Constant", { outputs: [output], attributes: [attribute.flat()] });
    const nodes = [
      constant("int", number(3, -7)),
      constant("ints", number(8, -1), number(8, 300)),
      constant("packed", field(8, [...varintBytes(-1), 5, 6])),
      constant("floats", field(7, floats(0.5, 2))),
      constant("strings", field(9, "a"), field(9, "b")),
    ];
    const checkpoint = await openBytes(writeOnnx({ nodes }));
    const shapes = checkpoint.tensors.map(({ name, dtype, shape }) => [name, dtype, shape]);
    assert.deepEqual(shapes, [
      ["int", "I64", []],
      ["ints", "I64", [2]],
      ["packed", "I64", [3]],
      ["floats", "F32", [2]],
      ["strings", "STRING", [2]],
    ]);
    const ints = [...new BigInt64Array(valueBytes(checkpoint, checkpoint.tensors[2]!).buffer)];
    assert.deepEqual(ints, [-1n, 5n, 6n]);
    assert.deepEqual(floatValues(checkpoint, "floats"), [0.5, 2]);
    assert.equal(unavailability(checkpoint, checkpoint.tensors[4]!), "unknown-type");
  });

  it("reads typed fields, whole and in pieces", async () => {
    const pieces = [...field(4, floats(1)), ...field(4, floats(2, 3))];
    const initializers = [
      tensorProto({ name: "floats", dims: [3], rest: pieces }),
      tensorProto({ name: "halves", dims: [2], type: 10, rest: field(5, varintBytes(0x3c00), varintBytes(0xc000)) }),
      tensorProto({ name: "int4", dims: [3], type: 22, rest: field(5, varintBytes(0x8f), varintBytes(7)) }),
      // A byte of padding for no element.
      tensorProto({ name: "none", dims: [0, 4], type: 23, rest: field(5, varintBytes(0)) }),
      tensorProto({ name: "nothing", dims: [0, 4], type: 26, rest: [] }),
      tensorProto({ name: "big", dims: [2], type: 13, rest: field(11, varintBytes(2n ** 64n - 1n), varintBytes(2n ** 35n + 2n ** 31n)) }),
    ];
    const checkpoint = await openBytes(writeOnnx({ initializers }));
    assert.deepEqual(codesOf(checkpoint), []);
    assert.deepEqual(floatValues(checkpoint, "floats"), [1, 2, 3]);
    const bytes = (name: string): Uint8Array =>
      valueBytes(
        checkpoint,
        checkpoint.tensors.find((tensor) => tensor.name === name)!,
      );
    assert.deepEqual([...new Uint16Array(bytes("halves").buffer)], [0x3c00, 0xc000]);
    assert.deepEqual([...new Int8Array(bytes("int4").buffer)], [-1, -8, 7]);
    for (const name of ["none", "nothing"]) {
      const none = checkpoint.tensors.find((tensor) => tensor.name === name)!;
      assert.deepEqual([none.shape, unavailability(checkpoint, none), bytes(name).length], [[0, 4], undefined, 0]);
    }
    assert.deepEqual([...new BigUint64Array(bytes("big").buffer)], [2n ** 64n - 1n, 2n ** 35n + 2n ** 31n]);
  });

  it("reads elements smaller than a byte at any place", async () => {
    const raw = Uint8Array.of(0b11100100, 0x0f);
    const checkpoint = await openBytes(
      writeOnnx({ initializers: [tensorProto({ dims: [6], type: 26, raw }), tensorProto({ name: "f", dims: [3], type: 23, raw })] }),
    );
    const [int2, float4] = checkpoint.tensors.map((tensor) => valueBytes(checkpoint, tensor));
    assert.deepEqual([...new Int8Array(int2!.buffer)], [0, 1, -2, -1, -1, -1]);
    // 0x4, 0xe and 0xf: 2, -4 and -6, as float8 codes.
    assert.deepEqual([...float4!], [0x40, 0xc8, 0xcc]);
    const source = checkpoint.tensors[0]!.source!;
    const odd = valueBytes(checkpoint, { ...checkpoint.tensors[0]!, source: { ...source, offset: 3 } }, 2);
    assert.deepEqual([...new Int8Array(odd.buffer)], [-1, -1]);
  });

  it("shows the stored values of a sparse tensor and says so", async () => {
    const sparse = [...field(1, tensorProto({ name: "s" })), ...field(2, tensorProto({ name: "i", type: 7 })), ...number(3, 10)];
    const checkpoint = await openBytes(writeOnnx({ graph: field(15, sparse) }));
    assert.deepEqual(floatValues(checkpoint, "s"), [1, -2]);
    assert.match(warningOf(checkpoint, "onnx.sparse").expected!, /\[10\]/);
  });

  it("lists what it cannot read, and why", async () => {
    const initializers = [
      tensorProto({ name: "short", dims: [3] }),
      tensorProto({ name: "unknown", type: 99 }),
      tensorProto({ name: "none", rest: [] }),
      tensorProto({ name: "varint", type: 7, rest: field(7, [1, 0x80]) }),
      tensorProto({ name: "segment", rest: field(3, number(1, 0)) }),
      tensorProto({ name: "negative", dims: [-1] }),
      tensorProto({ name: "rank", dims: new Array<number>(limits.rank + 1).fill(1) }),
      tensorProto(),
      tensorProto(),
    ];
    const checkpoint = await openBytes(writeOnnx({ initializers }));
    assert.deepEqual(codesOf(checkpoint), [
      "onnx.size-mismatch",
      "onnx.unknown-type",
      "onnx.no-values",
      "onnx.size-mismatch",
      "onnx.segment",
      "onnx.bad-shape",
      "onnx.bad-shape",
      "onnx.duplicate-name",
    ]);
    assert.deepEqual(namesOf(checkpoint), ["short", "unknown", "none", "varint", "segment", "w", "w (2)"]);
    const readable = checkpoint.tensors.filter((tensor) => unavailability(checkpoint, tensor) === undefined);
    assert.deepEqual(
      readable.map(({ name }) => name),
      ["w", "w (2)"],
    );
  });

  it("shows what a cut file still has", async () => {
    const whole = writeOnnx({ initializers: [tensorProto(), tensorProto({ name: "v", dims: [50], raw: new Uint8Array(200) })] });
    const checkpoint = await openBytes(whole.subarray(0, whole.length - 100), "m.onnx");
    assert.deepEqual(codesOf(checkpoint), ["onnx.cut", "file.truncated", "tensor.truncated"]);
    assert.deepEqual(floatValues(checkpoint, "w"), [1, -2]);
    assert.equal(unavailability(checkpoint, checkpoint.tensors[1]!), "truncated");
  });

  it("refuses messages that cannot be followed, and graphs without end", async () => {
    const damaged: [string, Uint8Array][] = [
      ["onnx.bad-message", writeOnnx({ graph: [0x2a, 0x7f, 1] })],
      ["onnx.bad-message", writeOnnx({ graph: [0x03] })],
      ["onnx.bad-message", writeOnnx({ graph: [0x07, 1] })],
      ["onnx.bad-message", writeOnnx({ graph: [0x10, ...new Array<number>(11).fill(0xff), 1] })],
    ];
    let graph: number[] = field(5, tensorProto());
    for (let depth = 0; depth <= limits.onnxDepth; depth++)
      graph = field(1, node("If", { attributes: [[...field(1, "b"), ...field(6, graph)]] }));
    damaged.push(["onnx.too-deep", writeOnnx({ graph })]);
    for (const [code, bytes] of damaged) assert.equal((await refusalOf(openBytes(bytes))).code, code);
  });

  describe("external data", () => {
    const outer = tensorProto({ rest: externalData({ location: "w.bin", offset: "4", length: "8" }) });
    const data = floats(9, 1, -2);

    it("is read from files beside and below the model, once each", async () => {
      const below = tensorProto({ name: "v", rest: externalData({ location: "./sub/v.bin" }) });
      const again = tensorProto({ name: "u", dims: [1], rest: externalData({ location: "w.bin", length: "4" }) });
      const model = writeOnnx({ initializers: [outer, below, again] });
      const checkpoint = await openFiles({ "m.onnx": model, "w.bin": data, "sub/v.bin": floats(3, 4) }, "m.onnx");
      assert.deepEqual(codesOf(checkpoint), []);
      assert.deepEqual(["w", "v", "u"].map((name) => floatValues(checkpoint, name)), [[1, -2], [3, 4], [9]]); // prettier-ignore
      assert.deepEqual(checkpoint.files.map(({ name }) => name), ["m.onnx", "w.bin", "./sub/v.bin"]); // prettier-ignore
    });

    it("without a length has as many bytes as its values take", async () => {
      const model = writeOnnx({ initializers: [tensorProto({ rest: externalData({ location: "w.bin" }) })] });
      const checkpoint = await openFiles({ "m.onnx": model, "w.bin": data }, "m.onnx");
      assert.deepEqual([codesOf(checkpoint), floatValues(checkpoint, "w")], [[], [9, 1]]);
      const cut = await openFiles({ "m.onnx": model, "w.bin": data.subarray(0, 4) }, "m.onnx");
      assert.deepEqual(codesOf(cut), ["file.truncated", "tensor.truncated"]);
    });

    it("that is missing, cut or described wrongly keeps its place", async () => {
      const missing = await openFiles({ "m.onnx": writeOnnx({ initializers: [outer] }) }, "m.onnx");
      assert.deepEqual(codesOf(missing), ["onnx.external-data"]);
      assert.equal(unavailability(missing, missing.tensors[0]!), "no-file");
      const cut = await openFiles({ "m.onnx": writeOnnx({ initializers: [outer] }), "w.bin": data.subarray(0, 8) }, "m.onnx");
      assert.deepEqual(codesOf(cut), ["file.truncated", "tensor.truncated"]);
      for (const [key, value, code] of [
        ["offset", "-1", "onnx.bad-external"],
        ["length", "1e9", "onnx.bad-external"],
        ["length", "4", "onnx.size-mismatch"],
      ] as const) {
        const entries = { location: "w.bin", offset: "4", length: "8", [key]: value };
        const model = writeOnnx({ initializers: [tensorProto({ rest: externalData(entries) })] });
        assert.deepEqual(codesOf(await openFiles({ "m.onnx": model, "w.bin": data }, "m.onnx")), [code]);
      }
    });

    it("elsewhere is not opened", async () => {
      const root = mkdtempSync(path.join(tmpdir(), "onnx-"));
      const folder = path.join(root, "model");
      try {
        mkdirSync(folder);
        writeFileSync(path.join(root, "secret.bin"), data);
        symlinkSync(path.join(root, "secret.bin"), path.join(folder, "link.bin"));
        symlinkSync(root, path.join(folder, "up"));
        for (const location of ["../secret.bin", path.join(root, "secret.bin"), "link.bin", "up/secret.bin", "a\\..\\b", "C:x", ""]) {
          const initializers = [tensorProto({ rest: externalData({ location, offset: "4", length: "8" }) })];
          writeFileSync(path.join(folder, "m.onnx"), writeOnnx({ initializers }));
          const checkpoint = await openPath(path.join(folder, "m.onnx"));
          assert.deepEqual(codesOf(checkpoint), ["onnx.external-data"], location);
          assert.equal(unavailability(checkpoint, checkpoint.tensors[0]!), "no-file");
          await checkpoint.close();
        }
      } finally {
        rmSync(root, { recursive: true });
      }
    });

    it("is found in a cache that has links to all files of a model in one folder", async () => {
      const root = mkdtempSync(path.join(tmpdir(), "onnx-"));
      try {
        for (const name of ["blobs", "snapshot"]) mkdirSync(path.join(root, name));
        writeFileSync(path.join(root, "blobs", "a"), writeOnnx({ initializers: [outer] }));
        writeFileSync(path.join(root, "blobs", "b"), data);
        symlinkSync(path.join(root, "blobs", "a"), path.join(root, "snapshot", "m.onnx"));
        symlinkSync(path.join(root, "blobs", "b"), path.join(root, "snapshot", "w.bin"));
        const checkpoint = await openPath(path.join(root, "snapshot", "m.onnx"));
        assert.deepEqual(floatValues(checkpoint, "w"), [1, -2]);
        await checkpoint.close();
      } finally {
        rmSync(root, { recursive: true });
      }
    });
  });
});
