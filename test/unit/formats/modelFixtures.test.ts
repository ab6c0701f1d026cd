import assert from "node:assert/strict";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import type { TensorInfo } from "../../../src/core/tensor/tensorInfo";
import { unavailability } from "../../../src/core/tensor/availability";
import { openPath } from "../../../src/io/openPath";
import { sha256, type FixtureFile, type FixtureTensor } from "../../support/fixtureIndex";
import { figuresByName, type FixtureCount, itHoldsFixtures } from "../../support/fixtureLoop";
import { checkFigures } from "../../support/fixtureFigures";
import { provideBuiltHdf5 } from "../../support/hdf5";
import { valueBytes } from "../../support/tensorValues";
import { engineOf, quiet } from "../jobs/harness";

/** Bytes as the reference hashes them: of elements smaller than a byte the packed ones. */
function comparableBytes(checkpoint: Checkpoint, tensor: TensorInfo, { nbytes }: FixtureTensor): Uint8Array {
  const ref = tensor.source?.ref;
  const stored = ref?.kind === "unpacked" ? { ...tensor, source: { dtype: "U8", ref: ref.source, offset: ref.offset } } : tensor;
  return valueBytes(checkpoint, stored, nbytes);
}

/** Texts, what never has values, and what h5py compresses with a filter of its own, are listed, not read. */
function listedOnly({ dtype, compression }: FixtureTensor): boolean {
  return dtype === "STRING" || dtype === "NULL" || compression === "lzf";
}

describe("files written by ONNX, TensorFlow Lite, HDF5 and Keras", function () {
  this.timeout(120_000);
  const engine = engineOf();
  before(provideBuiltHdf5);

  async function check(full: string, file: FixtureFile, count: FixtureCount): Promise<void> {
    const checkpoint = await openPath(full);
    assert.equal(checkpoint.format, file.format, file.path);
    const expected = file.tensors ?? [];
    assert.deepEqual(
      checkpoint.tensors.map(({ name }) => name),
      expected.map(({ name }) => name),
      file.path,
    );
    const own = new Map(checkpoint.tensors.map((tensor) => [tensor.name, tensor]));
    const figures = figuresByName(await engine().stats({ checkpoint }, quiet()));
    for (const tensor of expected) {
      const found = own.get(tensor.name)!;
      const where = `${file.path} ${tensor.name}`;
      const isListed = listedOnly(tensor);
      assert.deepEqual([found.dtype, found.shape], [tensor.compression === "lzf" ? "F32?" : tensor.dtype, tensor.shape ?? [0]], where);
      count.tensors++;
      if (isListed) {
        assert.equal(unavailability(checkpoint, found), "unknown-type", where);
        continue;
      }
      checkFigures(figures.get(tensor.name), tensor, where);
      if (tensor.mean !== undefined) count.figures++;
      assert.equal(sha256(comparableBytes(checkpoint, found, tensor)), tensor.sha256, where);
      count.hashes++;
    }
    assert.deepEqual(checkpoint.warnings.filter(({ severity }) => severity === "error"), [], file.path); // prettier-ignore
    await checkpoint.close();
  }

  itHoldsFixtures(
    [
      ["onnx", 17],
      ["tflite", 2],
      ["hdf5", 13],
      ["keras", 2],
    ],
    check,
  );
});
