import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import type { FormatError } from "../../../src/core/errors";
import { unavailability } from "../../../src/core/tensor/availability";
import { boxesOf } from "../../../src/core/views/hdf5";
import { provideBuiltHdf5 } from "../../support/hdf5";
import { writeHdf5 } from "../../support/hdf5Writer";
import { codesOf, namesOf, openBytes, openFiles, refusalOf, warningOf } from "../../support/openBytes";
import { writeSafetensors } from "../../support/safetensorsWriter";
import { floatValues, valueBytes } from "../../support/tensorValues";
import { writeZip } from "../../support/zipWriter";

describe("HDF5", function () {
  this.timeout(30_000);
  before(provideBuiltHdf5);

  const counted = Float32Array.from({ length: 600 }, (_, index) => index / 8);

  it("lists datasets by their path, and attributes of the model", async () => {
    const bytes = await writeHdf5((file) => {
      file.create_attribute("keras_version", "3.0");
      file.create_attribute("epochs", 7, null, "<i4");
      file.create_group("model_weights").create_attribute("backend", "jax");
      file.create_group("model_weights/dense").create_dataset({ name: "kernel:0", data: counted, shape: [20, 30] });
      file.create_dataset({ name: "scalar", data: Float32Array.of(2.5), shape: [] });
    });
    const checkpoint = await openBytes(bytes, "m.h5");
    assert.equal(checkpoint.format, "hdf5");
    assert.deepEqual(namesOf(checkpoint), ["model_weights/dense/kernel:0", "scalar"]);
    assert.deepEqual(floatValues(checkpoint, "model_weights/dense/kernel:0"), [...counted]);
    assert.deepEqual(floatValues(checkpoint, "scalar"), [2.5]);
    const metadata = Object.fromEntries(checkpoint.metadata.map(({ key, value }) => [key, value]));
    assert.deepEqual(metadata, { keras_version: "3.0", epochs: 7, backend: "jax" });
    assert.deepEqual(checkpoint.warnings, []);
  });

  it("reads any range of compressed chunks", async () => {
    const shape = [20, 30];
    const bytes = await writeHdf5((file) => {
      file.create_dataset({ name: "w", data: counted, shape, chunks: [7, 8], compression: "gzip" });
    });
    const checkpoint = await openBytes(bytes, "m.h5");
    const [tensor] = checkpoint.tensors;
    const source = tensor!.source!;
    const all = new Uint8Array(counted.buffer);
    assert.deepEqual(valueBytes(checkpoint, tensor!), all);
    for (const [offset, length] of [
      [3, 1],
      [4 * 37, 4 * 100],
      [4 * 599, 4],
      [10, 2001],
    ] as const) {
      // prettier-ignore
      const part = valueBytes(checkpoint, { ...tensor!, source: { ...source, offset } }, length);
      assert.deepEqual(part, all.slice(offset, offset + length), `${length} from ${offset}`);
    }
  });

  it("cuts a run of values into few boxes that follow each other", () => {
    const shape = [3, 4, 5];
    for (let first = 0; first < 60; first++) {
      for (let end = first + 1; end <= 60; end++) {
        const boxes = [...boxesOf(shape, first, end)];
        assert.ok(boxes.length <= 5, `${boxes.length} from ${first} to ${end}`);
        let at = first;
        for (const box of boxes) {
          assert.equal(box.first, at);
          assert.equal(box.start[0]! * 20 + box.start[1]! * 5 + box.start[2]!, at);
          assert.equal(box.count.reduce((product, count) => product * count, 1), box.values); // prettier-ignore
          box.count.forEach((count, index) => assert.ok(box.start[index]! + count <= shape[index]!));
          at += box.values;
        }
        assert.equal(at, end);
      }
    }
  });

  it("does not follow links, and says so", async () => {
    const bytes = await writeHdf5((file) => {
      file.create_dataset({ name: "w", data: counted });
      file.create_soft_link("/w", "again");
      file.create_soft_link("/", "circle");
      file.create_external_link("/etc/passwd", "/x", "outside");
    });
    const checkpoint = await openBytes(bytes, "m.h5");
    assert.deepEqual(namesOf(checkpoint), ["w"]);
    assert.equal(warningOf(checkpoint, "hdf5.links").found, "3 soft or external links");
  });

  it("lists groups that lead in circles only so far", async () => {
    const bytes = await writeHdf5((file) => {
      file.create_group("a").create_dataset({ name: "w", data: counted.subarray(0, 2) });
      file.create_hard_link("/a", "a/a");
    });
    const checkpoint = await openBytes(bytes, "m.h5");
    assert.deepEqual(codesOf(checkpoint), ["hdf5.too-much"]);
    assert.ok(checkpoint.tensors.length > 10 && checkpoint.tensors.length < 100, `${checkpoint.tensors.length}`);
  });

  it("lists texts and compounds without reading them", async () => {
    const bytes = await writeHdf5((file) => {
      file.create_dataset({ name: "texts", data: ["a", "b"] });
    });
    const checkpoint = await openBytes(bytes, "m.h5");
    assert.deepEqual(checkpoint.tensors.map(({ dtype, shape }) => [dtype, shape]), [["STRING", [2]]]); // prettier-ignore
    assert.equal(unavailability(checkpoint, checkpoint.tensors[0]!), "unknown-type");
  });

  it("lists a dataset of more values than the file can hold", async () => {
    const bytes = await writeHdf5((file) => {
      file.create_dataset({ name: "w", data: counted, shape: [600], maxshape: [null], chunks: [100] }).resize([2 ** 33]);
    });
    const checkpoint = await openBytes(bytes, "m.h5");
    const [tensor] = checkpoint.tensors;
    assert.deepEqual([tensor!.shape, codesOf(checkpoint)], [[2 ** 33], ["hdf5.expanded"]]);
    assert.equal(unavailability(checkpoint, tensor!), "unknown-type");
  });

  it("says which file and dataset cannot be read", async () => {
    const bytes = await writeHdf5((file) => {
      file.create_dataset({ name: "w", data: counted, shape: [600], chunks: [600], compression: "gzip" });
    });
    // The header of the chunk's zlib stream.
    const at = Buffer.from(bytes).indexOf(Buffer.of(0x78, 0x5e));
    bytes.fill(0, at, at + 8);
    const checkpoint = await openBytes(bytes, "m.h5");
    const where = { file: "m.h5", tensor: "w" };
    assert.throws(
      () => floatValues(checkpoint, "w"),
      ({ code, fields }: FormatError) => code === "hdf5.cannot-read" && fields.file === where.file && fields.tensor === where.tensor,
    );
  });

  it("refuses what is cut or damaged", async () => {
    const bytes = await writeHdf5((file) => file.create_dataset({ name: "w", data: counted }));
    const { code, fields } = await refusalOf(openBytes(bytes.subarray(0, bytes.length - 100), "m.h5"));
    assert.deepEqual([code, fields.file], ["hdf5.cannot-open", "m.h5"]);
    assert.equal((await refusalOf(openBytes(bytes.subarray(0, 16), "m.h5"))).code, "hdf5.cannot-open");
  });

  describe("in parts, with the index that Keras writes", () => {
    /** A file with one dataset for each path, of its own number. */
    const part = (datasets: Readonly<Record<string, number>>): Promise<Uint8Array> =>
      writeHdf5((file) => {
        for (const [path, value] of Object.entries(datasets)) {
          const [layer = "", name = ""] = path.split("/");
          const group = file.get(layer) ?? file.create_group(layer);
          (group as ReturnType<typeof file.create_group>).create_dataset({ name, data: Float32Array.of(value) });
        }
      });
    const indexOf = (weightMap: unknown): string => JSON.stringify({ metadata: { total_size: 12.0 }, weight_map: weightMap });
    const weightMap = { "/a": ["m_00000.weights.h5", "m_00001.weights.h5"], "/b": ["m_00001.weights.h5"] };

    it("is opened whole from the index, the folder and every part", async () => {
      const files = {
        "m.weights.json": indexOf(weightMap),
        "m_00000.weights.h5": await part({ "a/0": 1 }),
        "m_00001.weights.h5": await part({ "a/1": 2, "b/0": 3 }),
      };
      for (const name of ["m.weights.json", undefined, "m_00000.weights.h5", "m_00001.weights.h5"]) {
        const checkpoint = await openFiles(files, name);
        assert.deepEqual([checkpoint.format, codesOf(checkpoint)], ["hdf5", []]);
        assert.deepEqual(checkpoint.tensors.map((tensor) => [tensor.name, tensor.file]), [["a/0", 0], ["a/1", 1], ["b/0", 1]]); // prettier-ignore
        assert.deepEqual(["a/0", "a/1", "b/0"].map((tensor) => floatValues(checkpoint, tensor)), [[1], [2], [3]]); // prettier-ignore
      }
    });

    it("says which part is missing, what the index does not expect, and what is no list of files", async () => {
      const files = {
        "m.weights.json": indexOf({ ...weightMap, "/c": [], "/d": [1], "/e": ["../up.h5"] }),
        "m_00001.weights.h5": await part({ "a/1": 2, "x/0": 3 }),
      };
      const checkpoint = await openFiles(files, "m.weights.json");
      assert.deepEqual(namesOf(checkpoint), ["a/1", "x/0"]);
      const codes = ["index.bad-entry", "index.bad-entry", "index.bad-entry", "sharded.missing-shard", "sharded.unmapped-tensor"];
      assert.deepEqual(codesOf(checkpoint), codes);
      assert.equal(warningOf(checkpoint, "sharded.unmapped-tensor").tensor, "x/0");
    });

    it("is not what a folder with weights in another format is opened by", async () => {
      const files = {
        "m.weights.json": indexOf(weightMap),
        "model.safetensors": writeSafetensors([{ name: "s", dtype: "F32", shape: [1] }]),
      };
      assert.deepEqual(namesOf(await openFiles(files)), ["s"]);
    });
  });

  it("finds the file in a .keras archive, stored and compressed", async () => {
    const weights = await writeHdf5((file) => file.create_group("layers").create_dataset({ name: "w", data: counted }));
    for (const deflate of [false, true]) {
      const config = { name: "config.json", bytes: new TextEncoder().encode('{"class_name":"Sequential"}') };
      const checkpoint = await openBytes(writeZip([config, { name: "model.weights.h5", bytes: weights, deflate }]), "m.keras");
      assert.equal(checkpoint.format, "keras");
      assert.deepEqual(floatValues(checkpoint, "layers/w"), [...counted]);
      assert.deepEqual(checkpoint.metadata.map(({ key, value }) => [key, value]), [["config.json", '{"class_name":"Sequential"}']]); // prettier-ignore
      assert.deepEqual(checkpoint.warnings, []);
    }
  });

  it("says that a member of a .keras archive that is read to its end has another checksum, and shows what it holds", async () => {
    const weights = await writeHdf5((file) => file.create_dataset({ name: "w", data: counted }));
    const directory = { crc: 0 };
    const config = { name: "config.json", bytes: new TextEncoder().encode("{}"), directory };
    const file = writeZip([config, { name: "model.weights.h5", bytes: weights, deflate: true, directory }]);
    const checkpoint = await openBytes(file, "m.keras");
    assert.deepEqual(floatValues(checkpoint, "w"), [...counted]);
    assert.deepEqual(codesOf(checkpoint), ["zip.bad-checksum", "zip.bad-checksum"]);
    const { expected, found, severity, hint } = checkpoint.warnings[1]!;
    assert.deepEqual(
      [severity, expected, found],
      ["warning", "CRC-32 00000000", `CRC-32 ${crc32(config.bytes).toString(16).padStart(8, "0")}`],
    );
    assert.ok(hint?.includes("Keras does not load it"));
  });
});
