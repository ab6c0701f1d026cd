import assert from "node:assert/strict";
import { limits } from "../../../src/core/limits";
import { unavailability } from "../../../src/core/tensor/availability";
import { codesOf, namesOf, openBytes, refusalOf } from "../../support/openBytes";
import { floatValues, valueBytes } from "../../support/tensorValues";
import { f32s, i64s, table, u32, u64, u8, writeTflite, type WrittenTflite } from "../../support/tfliteWriter";

const data = new Uint8Array(Float32Array.of(1, -2).buffer);

describe("TensorFlow Lite", () => {
  it("lists the tensors with values, in all subgraphs", async () => {
    const first: WrittenTflite[] = [{ data }, { name: "computed" }, { name: "scalar", shape: [], data: data.subarray(0, 4) }];
    const checkpoint = await openBytes(writeTflite([first, [{ data }, { data }]]));
    assert.equal(checkpoint.format, "tflite");
    assert.deepEqual(namesOf(checkpoint), ["w", "scalar", "graph1/w", "graph1/w (2)"]);
    assert.deepEqual(codesOf(checkpoint), ["tflite.duplicate-name"]);
    assert.deepEqual(floatValues(checkpoint, "w"), [1, -2]);
    assert.deepEqual(floatValues(checkpoint, "scalar"), [1]);
    const metadata = checkpoint.metadata.map(({ key, value }) => [key, value]);
    assert.deepEqual(metadata, [["version", 3], ["description", "test"]]); // prettier-ignore
  });

  it("reads int4, the first element in the low half of a byte", async () => {
    const checkpoint = await openBytes(writeTflite([[{ shape: [3], type: 17, data: Uint8Array.of(0x8f, 0x07) }]]));
    const [tensor] = checkpoint.tensors;
    assert.deepEqual([tensor!.dtype, tensor!.bytes], ["INT4", 2]);
    assert.deepEqual([...new Int8Array(valueBytes(checkpoint, tensor!).buffer)], [-1, -8, 7]);
  });

  it("describes quantization, by tensor and by channel", async () => {
    const byTensor = table({ 2: f32s(0.5), 3: i64s(-3n) });
    const byChannel = table({ 2: f32s(0.5, 0.25), 3: i64s(0n, 1n), 6: u32(1) });
    const int8 = { shape: [2], type: 9, data: Uint8Array.of(1, 2) };
    const checkpoint = await openBytes(
      writeTflite([
        [
          { ...int8, name: "a", fields: { 4: byTensor } },
          { ...int8, name: "b", fields: { 4: byChannel } },
          { ...int8, name: "c", fields: { 4: table({}) } },
        ],
      ]),
    );
    const entries = new Map(checkpoint.metadata.map((entry) => [entry.key, entry]));
    assert.deepEqual([entries.get("a: scale")!.value, entries.get("a: zero_point")!.value], [0.5, -3n]);
    assert.deepEqual(await entries.get("b: scale")!.read!(0, 9), [0.5, 0.25]);
    assert.deepEqual(await entries.get("b: zero_point")!.read!(1, 1), [1n]);
    assert.equal(entries.get("b: quantized_dimension")!.value, 1);
    assert.equal([...entries.keys()].filter((key) => key.startsWith("c:")).length, 0);
    assert.deepEqual(codesOf(checkpoint), []);
  });

  it("reads content behind the flatbuffer", async () => {
    const model = (offset: number): Uint8Array => writeTflite([[{ buffer: { 1: u64(offset), 2: u64(8) } }]], data);
    const offset = model(0).length - data.length;
    assert.deepEqual(floatValues(await openBytes(model(offset)), "w"), [1, -2]);
    const cut = await openBytes(model(offset + 1));
    assert.deepEqual(codesOf(cut), ["file.truncated", "tensor.truncated"]);
    assert.equal(unavailability(cut, cut.tensors[0]!), "truncated");
  });

  it("lists what it cannot read, and why", async () => {
    const checkpoint = await openBytes(
      writeTflite([
        [
          { name: "short", shape: [3], data },
          { name: "text", type: 5, data },
          { name: "newer", type: 99, data },
          { name: "sparse", data, fields: { 6: table({ 0: u8(1) }) } },
          { name: "negative", shape: [-1], data },
          { name: "rank", shape: new Array<number>(limits.rank + 1).fill(1), data },
        ],
      ]),
    );
    assert.deepEqual(codesOf(checkpoint), ["tflite.size-mismatch", "tflite.sparse", "tflite.bad-shape", "tflite.bad-shape"]);
    const dtypes = checkpoint.tensors.map(({ name, dtype }) => [name, dtype]);
    assert.deepEqual(dtypes, [["short", "F32?"], ["text", "STRING"], ["newer", "tflite:99"], ["sparse", "F32?"]]); // prettier-ignore
    for (const tensor of checkpoint.tensors) assert.equal(unavailability(checkpoint, tensor), "unknown-type");
  });

  it("refuses what points outside of the file", async () => {
    const whole = writeTflite([[{ data }]]);
    const cut = await refusalOf(openBytes(whole.subarray(0, 60)));
    assert.equal(cut.code, "tflite.out-of-bounds");
    const far = whole.slice();
    new DataView(far.buffer).setUint32(0, 1e9, true);
    assert.equal((await refusalOf(openBytes(far))).code, "tflite.out-of-bounds");
    const tensors = whole.slice();
    // A list of subgraphs that says that it is longer than the file.
    const view = new DataView(tensors.buffer);
    const root = view.getUint32(0, true);
    const subgraphs = root + 4 + 8 * 2;
    view.setUint32(subgraphs + view.getUint32(subgraphs, true), 2 ** 31, true);
    assert.equal((await refusalOf(openBytes(tensors))).code, "tflite.out-of-bounds");
  });
});
