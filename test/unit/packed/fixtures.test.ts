import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { countValues, type TensorInfo } from "../../../src/core/tensor/tensorInfo";
import { openPath } from "../../../src/io/openPath";
import { openSource } from "../../../src/jobs/tasks/byteSource";
import { sha256 } from "../../support/fixtureIndex";
import { sharedOrSkip, sharedPath } from "../../support/shared";
import { temporaryFolder } from "../../support/temporaryFolder";

/** What the real library made of a layer: SHA-256 of the float32 matrix it computes with. */
interface Layer {
  shape: number[];
  sha256: string;
}

interface Index {
  checkpoints: Record<string, { layers?: Record<string, Layer> }>;
}

function decodedHash(tensor: TensorInfo): string {
  const bytes = new Uint8Array(4 * countValues(tensor.shape));
  const source = openSource(tensor.source!.ref);
  source.read(0, bytes);
  source.close();
  return sha256(bytes);
}

function mismatches(checkpoint: Checkpoint, layers: Record<string, Layer>): string[] {
  return Object.entries(layers).flatMap(([name, layer]) => {
    const tensor = checkpoint.tensors.find((candidate) => candidate.name === `${name}.weight`);
    if (!tensor?.source) return [`${name}: not shown as a packed weight`];
    if (tensor.shape.join() !== layer.shape.join()) return [`${name}: shape ${tensor.shape.join()}`];
    return decodedHash(tensor) === layer.sha256 ? [] : [`${name}: other values`];
  });
}

const root = sharedPath("fixtures/quantized");
const index: Index = root ? (JSON.parse(readFileSync(path.join(root, "index.json"), "utf8")) as Index) : { checkpoints: {} };

describe("packed weights against what the real libraries decode", () => {
  const at = temporaryFolder();
  if (!root) {
    it("needs the checkpoints of the real libraries", function () {
      sharedOrSkip(this, "fixtures/quantized");
    });
  }
  for (const [written, told] of [
    ["gptq-4b-g128-asym-v1", { checkpoint_format: "gptq_v2" }],
    ["gptq-4b-g128-asym-v2", { checkpoint_format: "gptq" }],
    ["gptq-4b-g128-asym-v1", { bits: 8 }],
    ["gptq-4b-g128-asym-v1", { group_size: 64 }],
  ] as const) {
    it(`${written} as the data has it, where the config says ${JSON.stringify(told)}`, async function () {
      const folder = sharedOrSkip(this, `fixtures/quantized/${written}`);
      copyFileSync(path.join(folder, "model.safetensors"), at("model.safetensors"));
      const config = JSON.parse(readFileSync(path.join(folder, "config.json"), "utf8")) as { quantization_config: object };
      writeFileSync(at("config.json"), JSON.stringify({ ...config, quantization_config: { ...config.quantization_config, ...told } }));
      const checkpoint = await openPath(at("model.safetensors"));
      assert.deepEqual(mismatches(checkpoint, index.checkpoints[written]!.layers!), []);
      const findings = checkpoint.warnings.filter(({ code }) => code.startsWith("gptq."));
      assert.equal(findings.length, 1);
      assert.ok(findings[0]!.expected && findings[0]!.found && findings[0]!.tensor);
      await checkpoint.close();
    });
  }
  for (const [name, { layers }] of Object.entries(index.checkpoints)) {
    const file = ["model.safetensors", "qmodel.pt"].map((candidate) => path.join(root!, name, candidate)).find(existsSync);
    if (!layers || !file) continue;
    it(`${name}: ${Object.keys(layers).length} layers`, async () => {
      const checkpoint = await openPath(file);
      assert.deepEqual(mismatches(checkpoint, layers), []);
      assert.deepEqual(
        checkpoint.warnings.filter(({ code }) => code.startsWith("gptq.")),
        [],
      );
      await checkpoint.close();
    });
  }
});
