import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { findLoaderFormat } from "../../src/core/export/loaderFormats";
import { planSafetensors } from "../../src/core/export/safetensors";
import { openPath } from "../../src/io/openPath";
import { writePrepared } from "../../src/jobs/writePrepared";
import { providerOf } from "../support/quantizedLayers";
import { readSafetensorsHeader } from "../support/references";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";
import { engineOf, quiet } from "../unit/jobs/harness";

const sample = path.join(__dirname, "..", "..", "media", "sample");

/** Checkpoints that the real libraries made of the sample, as what they are to be written again. */
const written = [
  ["gptq-4b-g128-sym", "gptq", "int4-sym-g128"],
  ["gptq-4b-g128-asym-v1", "gptq", "int4-g128"],
  ["gptq-4b-g128-asym-v2", "gptq-v2", "int4-g128"],
  ["gptq-4b-g128-sym-descact", "gptq", "int4-sym-g128-order"],
  ["gptq-3b-g128-sym", "gptq", "int3-sym-g128"],
  ["gptq-2b-g64-asym-v2", "gptq-v2", "int2-g64"],
  ["awq-4b-g128-gemm-gptqmodel", "awq", "int4-g128", "BF16"],
  ["awq-4b-g128-gemm-autoawq", "awq", "int4-g128"],
  ["awq-4b-g128-gemm-autoawq-copyfix", "awq", "int4-g128"],
  ["ct-w4a16-g128-rtn", "compressed-tensors", "w4a16"],
  ["ct-w4a16-g128-gptq", "compressed-tensors", "w4a16"],
  ["ct-w8a8-int8", "compressed-tensors", "w8a8"],
] as const;

const gptqKeys = ["quant_method", "bits", "group_size", "desc_act", "sym", "lm_head", "format", "checkpoint_format", "pack_dtype"];
const awqKeys = ["quant_method", "bits", "group_size", "zero_point", "version"];
const compressedKeys = ["quant_method", "format", "ignore", "quantization_status"];

/** Each tensor's type, shape and bytes. */
function tensorsOf(file: string): Map<string, string> {
  const content = readFileSync(file);
  const text = (offset: number, bytes: number): string => content.subarray(offset, offset + bytes).toString("base64");
  return new Map(
    readSafetensorsHeader(file).map(({ name, dtype, shape, offset, bytes }) => [name, `${dtype} ${shape.join()} ${text(offset, bytes)}`]),
  );
}

describe("layers of the real quantizers, written again", function () {
  this.timeout(120_000);
  const at = temporaryFolder();
  const engine = engineOf();

  for (const [name, id, type, dtype] of written) {
    it(`${name}: every tensor byte for byte`, async function () {
      const reference = sharedOrSkip(this, `fixtures/quantized/${name}`);
      const [checkpoint, quantized] = [await openPath(sample), await openPath(reference)];
      const format = findLoaderFormat(id)!;
      const target = format.target(type);
      const config = readFileSync(path.join(sample, "config.json"), "utf8");
      const folder = { pathOf: (file: string) => at(name, file), config, companions: [] };
      const plan = planSafetensors({ checkpoint, format, target, dtype, out: folder.pathOf("model.safetensors"), folder });
      const layers = providerOf(quantized, target.scheme!.form!);
      await writePrepared(engine(), checkpoint, { plan, layers, folder: at(name), notes: [] }, quiet());
      await Promise.all([checkpoint.close(), quantized.close()]);
      const [found, expected] = [path.join(at(name), "model.safetensors"), path.join(reference, "model.safetensors")].map(tensorsOf);
      assert.deepEqual([...found!.keys()].sort(), [...expected!.keys()].sort());
      const others = [...expected!].filter(([tensor, bytes]) => found!.get(tensor) !== bytes).map(([tensor]) => tensor);
      assert.deepEqual(others, []);
      const configOf = (root: string) =>
        (JSON.parse(readFileSync(path.join(root, "config.json"), "utf8")) as { quantization_config: Record<string, unknown> })
          .quantization_config;
      const [own, theirs] = [configOf(at(name)), configOf(reference)];
      const compared = id === "awq" ? awqKeys : id === "compressed-tensors" ? compressedKeys : gptqKeys;
      for (const key of compared) assert.deepEqual(own[key], theirs[key], key);
    });
  }
});
