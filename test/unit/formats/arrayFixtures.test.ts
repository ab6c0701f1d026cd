import assert from "node:assert/strict";
import path from "node:path";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import type { TensorInfo } from "../../../src/core/tensor/tensorInfo";
import { openPath } from "../../../src/io/openPath";
import { readFixtureIndex, sha256, type FixtureFile, type FixtureTensor } from "../../support/fixtureIndex";
import { figuresByName, type FixtureCount, itHoldsFixtures } from "../../support/fixtureLoop";
import { checkFigures } from "../../support/fixtureFigures";
import { expectedDType } from "../../support/fixtureTypes";
import { refusalOf } from "../../support/openBytes";
import { sharedOrSkip } from "../../support/shared";
import { valueBytes } from "../../support/tensorValues";
import { engineOf, quiet } from "../jobs/harness";

/** The reference hashed a copy, in which NumPy leaves the bytes between the fields undefined; in the file they are zero. */
const undefinedPadding = new Set(["structured_padded"]);

/** Bytes as the reference hashes them: of quantized tensors the integers, of structured ones each field little-endian. */
function comparableBytes(checkpoint: Checkpoint, tensor: TensorInfo, { nbytes, fields }: FixtureTensor): Uint8Array {
  const ref = tensor.source?.ref;
  const isQuantized = ref?.kind === "affine";
  const stored = isQuantized ? { ...tensor, source: { dtype: ref.codes, ref: ref.source, offset: ref.offset } } : tensor;
  const bytes = valueBytes(checkpoint, stored, nbytes);
  const values = tensor.shape.reduce((product, count) => product * count, 1);
  for (const [, type, offset] of fields ?? []) {
    const width = Number(/^>\w(\d+)$/.exec(type)?.[1] ?? 0);
    for (let value = 0; value < values && width > 0; value++) {
      const at = (value * nbytes) / values + offset;
      bytes.subarray(at, at + width).reverse();
    }
  }
  return bytes;
}

describe("files written by PyTorch and NumPy", function () {
  this.timeout(120_000);
  const engine = engineOf();

  async function check(full: string, file: FixtureFile, count: FixtureCount): Promise<void> {
    if (file.refused) {
      const { code } = await refusalOf(openPath(full));
      assert.match(code, file.format === "pytorch" ? /^sniff\.text$/ : /^numpy\.object-array$/, file.path);
      return;
    }
    const checkpoint = await openPath(full);
    const place = checkpoint.files.findIndex(({ name }) => name === path.basename(file.path));
    const own = new Map(checkpoint.tensors.filter((tensor) => tensor.file === place).map((tensor) => [tensor.name, tensor]));
    const expected = file.tensors ?? [];
    assert.deepEqual([...own.keys()].sort(), expected.map(({ name }) => name).sort(), file.path);
    const figures = figuresByName(await engine().stats({ checkpoint }, quiet()));
    for (const tensor of expected) {
      const found = own.get(tensor.name)!;
      const where = `${file.path} ${tensor.name}`;
      assert.deepEqual([found.dtype, found.shape], [expectedDType(tensor), tensor.shape], where);
      if (tensor.sha256 && !undefinedPadding.has(tensor.name))
        assert.equal(sha256(comparableBytes(checkpoint, found, tensor)), tensor.sha256, where);
      checkFigures(figures.get(tensor.name), tensor, where);
      count.tensors++;
      if (tensor.sha256 && !undefinedPadding.has(tensor.name)) count.hashes++;
      if (tensor.mean !== undefined) count.figures++;
    }
    const refusedMembers = checkpoint.warnings.filter(({ code }) => code === "numpy.object-array").map(({ tensor }) => tensor);
    assert.deepEqual(
      refusedMembers,
      (file.refusedMembers ?? []).map(({ name }) => `${name}.npy`),
    );
    assert.equal(
      checkpoint.warnings.some(({ code }) => code === "torch.refused-global"),
      isRefusedByPython(file),
      file.path,
    );
    assert.deepEqual(checkpoint.warnings.filter(({ code }) => code === "torch.unsafe-global"), []); // prettier-ignore
    checkShared(checkpoint, file);
    await checkpoint.close();
  }

  /** PyTorch's safe loader also refuses protocols that are harmless. */
  function isRefusedByPython(file: FixtureFile): boolean {
    return /Unsupported global/.test(file.refusedByWeightsOnly ?? "");
  }

  function checkShared(checkpoint: Checkpoint, file: FixtureFile): void {
    const findings = checkpoint.warnings.filter(({ code }) => code === "torch.shared-storage");
    for (const [first, second] of file.sharedStorage ?? []) {
      const finding = findings.find(({ tensor }) => tensor === first);
      assert.ok(finding?.message.includes(JSON.stringify(second)), file.path);
    }
  }

  itHoldsFixtures(
    [
      ["pytorch", 90],
      ["npy", 35],
      ["npz", 10],
    ],
    check,
  );

  it("sharded: the whole from the folder, the index and every part", async function () {
    const root = path.dirname(sharedOrSkip(this, "fixtures/index.json"));
    const folder = "synthetic/torch/sharded";
    const parts = readFixtureIndex(root, "pytorch").filter((file) => path.dirname(file.path) === folder);
    assert.equal(parts.length, 2);
    for (const entrance of ["", "pytorch_model.bin.index.json", ...parts.map((part) => path.basename(part.path))]) {
      const checkpoint = await openPath(path.join(root, folder, entrance));
      assert.deepEqual([checkpoint.format, checkpoint.tensors.length, checkpoint.files.length], ["torch", 8, 2]);
      assert.deepEqual(checkpoint.warnings, []);
      await checkpoint.close();
    }
  });
});
