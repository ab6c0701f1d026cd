import assert from "node:assert/strict";
import { readAll } from "../../../support/fixtureIndex";
import { codesOf, namesOf, openBytes, refusalOf } from "../../../support/openBytes";
import { valueBytes } from "../../../support/tensorValues";
import { writeTflite, type TfliteTensor } from "../../../support/tfliteWriter";

const weight: TfliteTensor = { name: "w", type: 0, shape: [2], data: new Uint8Array(Float32Array.of(1.5, -2).buffer) };
const open = (...tensors: TfliteTensor[]) => openBytes(writeTflite(tensors), "m.tflite");

describe("TFLite", () => {
  it("lists the tensors that have data, with names of their own", async () => {
    const checkpoint = await open(weight, { ...weight, name: "activation", data: new Uint8Array(0) }, weight);
    assert.deepEqual(codesOf(checkpoint), []);
    assert.deepEqual(namesOf(checkpoint), ["w", "subgraph_0/2/w"]);
    const { dtype, shape, offset, bytes } = checkpoint.tensors[0]!;
    const stored = new Uint8Array(bytes);
    await checkpoint.files[0]!.file!.read(offset, stored);
    assert.deepEqual([dtype, shape, stored], ["F32", [2], weight.data]);
  });

  it("tells scales and zero points", async () => {
    const { metadata } = await open({ ...weight, type: 9, data: Uint8Array.of(1, 2), scales: [0.5, 0.25] });
    const entry = (key: string) => metadata.find((candidate) => candidate.key === key)!;
    assert.deepEqual(await readAll(entry("w.scale")), [0.5, 0.25]);
    assert.deepEqual(await readAll(entry("w.zero_point")), [0n, 0n]);
    assert.equal(entry("w.quantized_dimension").value, 0);
  });

  it("lists what it does not know as opaque bytes, and what does not fit as doubtful", async () => {
    assert.equal((await open({ ...weight, type: 99 })).tensors[0]?.dtype, "TYPE_99");
    const short = await open({ ...weight, shape: [3] });
    assert.deepEqual([short.tensors[0]?.dtype, codesOf(short)], ["F32?", ["tflite.wrong-size"]]);
  });

  it("reads 4-bit integers, also an odd number of them", async () => {
    const data = Uint8Array.of(0x8f, 0x07);
    const checkpoint = await open({ ...weight, type: 17, shape: [3], data }, { ...weight, name: "even", type: 17, shape: [4], data });
    assert.deepEqual(codesOf(checkpoint), []);
    const [odd, even] = checkpoint.tensors;
    assert.deepEqual([...new Int8Array(valueBytes(checkpoint, odd!).buffer)], [-1, -8, 7]);
    assert.deepEqual([even!.dtype, even!.source, even!.bytes], ["INT4", undefined, 2]);
  });

  it("refuses impossible shapes and what leads outside the file", async () => {
    assert.equal((await refusalOf(open({ ...weight, shape: [-1] }))).code, "tflite.bad-shape");
    assert.equal((await refusalOf(open({ ...weight, shape: new Array<number>(65).fill(1) }))).code, "tflite.bad-rank");
    const bytes = writeTflite([weight]);
    assert.equal((await refusalOf(openBytes(bytes.subarray(0, 40), "m.tflite"))).code, "tflite.bad-offset");
    new DataView(bytes.buffer).setUint32(0, 4_000_000_000, true);
    assert.equal((await refusalOf(openBytes(bytes, "m.tflite"))).code, "tflite.bad-offset");
  });
});
