import assert from "node:assert/strict";
import path from "node:path";
import { estimateSize } from "../../../src/core/estimate/estimateSize";
import { type ModelShapes, shapesFromCheckpoint } from "../../../src/core/estimate/modelShapes";
import { codeBytes, sharedOut } from "../../../src/core/estimate/weightParts";
import { findDType } from "../../../src/core/tensor/dtype";
import { openPath } from "../../../src/io/openPath";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample");

async function sampleShapes(): Promise<ModelShapes> {
  const checkpoint = await openPath(sample);
  try {
    return await shapesFromCheckpoint(checkpoint);
  } finally {
    await checkpoint.close();
  }
}

describe("what the bytes of weights are spent on", () => {
  it("codes of ggml's blocks: bits of one value, without scales and shifts", () => {
    const bits: Record<string, number> = {
      ...{ Q8_0: 8, Q6_K: 6, Q5_K: 5, Q5_1: 5, Q5_0: 5, Q4_K: 4, Q4_1: 4, Q4_0: 4, IQ4_NL: 4, IQ4_XS: 4, MXFP4: 4, NVFP4: 4 },
      ...{ Q3_K: 3, Q2_K: 2, Q2_0: 2, TQ2_0: 2, Q1_0: 1, F16: 16, F32: 32 },
      // 52 bytes of five or four trits each.
      TQ1_0: (8 * 52) / 256,
      // Places in code books for 8 or 4 values, and their signs.
      ...{ IQ2_XXS: 15 / 8, IQ2_XS: 16 / 8, IQ2_S: 18 / 8, IQ3_XXS: (8 * 8 + 4 * 7) / 32, IQ3_S: (9 * 64 + 256) / 256 },
      ...{ IQ1_S: 11 / 8, IQ1_M: 11 / 8 },
    };
    const found = Object.keys(bits).map((id) => [id, (8 * codeBytes(findDType(id)!)) / findDType(id)!.blockSize]);
    assert.deepEqual(Object.fromEntries(found), bits);
  });

  it("add up to the weights in every type, of the sample and of a number of weights", async () => {
    const inputs = [{ shapes: await sampleShapes() }, { parameters: 7e9 }, { parameters: 1 }];
    for (const input of inputs) {
      for (const { type, bytes, parts } of estimateSize({ ...input, types: "every" }).rows) {
        assert.equal(parts.codes + parts.scales + parts.plain, bytes, type);
        assert.ok(Math.min(parts.codes, parts.scales, parts.plain) >= 0, `${type}: ${JSON.stringify(parts)}`);
      }
    }
  });

  it("of the sample: codes of all matrices, their scales, and the norms", async () => {
    const shapes = await sampleShapes();
    const { rows } = estimateSize({ shapes, types: ["int4-g128", "nf4-dq", "Q4_0", "Q4_K", "Q4_K_M", "F16", "INT4"] });
    const parts = Object.fromEntries(rows.map((row) => [row.type, row.parts]));
    const norms = 9 * 256;
    const weights = 4_196_608 - norms;
    assert.deepEqual(parts["int4-g128"], { codes: weights / 2, scales: (weights / 128) * 2.5, plain: 2 * norms });
    const matrices = shapes.tensors.filter(({ shape }) => shape.length === 2).length;
    const blocks = weights / 64;
    assert.deepEqual(parts["nf4-dq"], { codes: weights / 2, scales: blocks + 4 * (blocks / 256) + 4 * matrices, plain: 2 * norms });
    assert.deepEqual(parts.INT4, { codes: Math.ceil(4_196_608 / 2), scales: 0, plain: 0 });
    assert.deepEqual(parts.F16, { codes: 2 * weights, scales: 0, plain: 4 * norms });
    assert.deepEqual(parts.Q4_K, { codes: weights / 2, scales: (weights / 256) * 16, plain: 4 * norms });
    assert.equal(parts.Q4_0?.plain, 4 * norms);
    // Some matrices take six bits.
    assert.ok(parts.Q4_K_M!.codes > weights / 2);
  });

  it("share out another size alike", () => {
    assert.deepEqual(sharedOut({ codes: 80, scales: 15, plain: 5 }, 1000), { codes: 800, scales: 150, plain: 50 });
    assert.deepEqual(sharedOut({ codes: 0, scales: 0, plain: 0 }, 7), { codes: 7, scales: 0, plain: 0 });
  });
});
