import assert from "node:assert/strict";
import path from "node:path";
import { bitsandbytes } from "../../../src/core/export/formats/bitsandbytes";
import { planSafetensors } from "../../../src/core/export/safetensors";
import { findScheme } from "../../../src/core/quant/registry";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { openPath } from "../../../src/io/openPath";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample");

describe("safetensors to be written", () => {
  let checkpoint: Checkpoint;
  before(async () => {
    checkpoint = await openPath(sample);
  });
  after(() => checkpoint.close());

  for (const type of ["nf4", "fp4", "llm-int8"]) {
    it(`have as many bytes of ${type} as the tables of errors and the estimates say`, () => {
      const { tensors } = planSafetensors({ checkpoint, format: bitsandbytes, target: bitsandbytes.target(type), out: "x.safetensors" });
      const quantized = tensors.filter(({ split }) => split);
      assert.equal(quantized.length, 28);
      for (const { name, bytes, shape } of quantized) assert.equal(bytes, findScheme(type).bytes(shape), name);
    });
  }
});
