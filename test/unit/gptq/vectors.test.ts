import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { InputAccumulator } from "../../../src/core/gptq/hessian";
import { factorInverse } from "../../../src/core/gptq/inverseFactor";
import type { GptqBits, GptqOptions } from "../../../src/core/gptq/options";
import { quantizeRows } from "../../../src/core/gptq/quantizeRows";
import { Arena } from "../../../src/core/linalg/arena";
import { goldenInputs, goldenNumbers } from "../../support/goldenWeights";
import { assertClose, KernelMemory } from "../../support/kernelMemory";

interface GptqCase {
  bits: GptqBits;
  group_size: number;
  sym: boolean;
  desc_act: boolean;
  static_groups: boolean;
  damp_percent: number;
  act_group_aware: boolean;
  mse: number;
  avg_loss: number;
  codes_u8: string;
  scale_f32: string;
  zero: number[];
  g_idx: string | number[];
  output_mse: number;
  weights: { rmse: number };
}

const golden = JSON.parse(readFileSync(path.join(__dirname, "../../fixtures/gptq_golden.json"), "utf8")) as {
  cases: Record<string, GptqCase>;
};

const [rows, columns, tokens] = [32, 256, 512];

function optionsOf(vector: GptqCase): GptqOptions {
  return {
    bits: vector.bits,
    groupSize: vector.group_size,
    symmetric: vector.sym,
    order: vector.act_group_aware ? "group-aware" : vector.desc_act ? "activation" : "stored",
    staticGroups: vector.static_groups,
    damping: vector.damp_percent,
    rangeExponent: vector.mse,
  };
}

describe("GPTQ against the reference's vectors", () => {
  const memory = new KernelMemory();
  const weights = goldenNumbers(4242, rows * columns);
  const inputs = goldenInputs();

  for (const [name, vector] of Object.entries(golden.cases)) {
    it(`${name}: codes, scales, zeros, groups, loss`, () => {
      const arena = new Arena(memory.kernels.memory);
      const accumulator = new InputAccumulator(memory.kernels, arena, columns);
      accumulator.add(inputs);
      const sums = { ...accumulator.result(), lower: accumulator.result().lower.slice() };
      const options = optionsOf(vector);
      const factor = factorInverse(memory.kernels, arena, sums, options);
      assert.equal(factor.damping, vector.damp_percent);
      const found = quantizeRows(memory.kernels, arena, weights, factor, options, () => undefined);

      assert.equal(Buffer.from(found.codes).toString("hex"), vector.codes_u8);
      assert.deepEqual([...found.zeros], vector.zero);
      const scales = new Float32Array(Uint8Array.from(Buffer.from(vector.scale_f32, "hex")).buffer);
      found.scales.forEach((scale, i) => assertClose(scale, scales[i]!, 2e-6, `scale ${i}`));
      const groupOf =
        typeof vector.g_idx === "string"
          ? Array.from({ length: columns }, (_, i) => Math.floor(i / (vector.group_size === -1 ? columns : vector.group_size)))
          : vector.g_idx;
      assert.deepEqual([...found.groupOf], groupOf);
      const loss = found.loss.reduce((sum, value) => sum + value, 0) / tokens;
      assertClose(loss, vector.avg_loss, 1e-5, "loss");
      assertClose(rootMeanSquare(found.values, weights), vector.weights.rmse, 1e-5, "weight error");
      assertClose(outputError(found.values), vector.output_mse, 1e-5, "output error");
    });
  }

  function outputError(values: Float32Array): number {
    let sum = 0;
    for (let token = 0; token < tokens; token++) {
      for (let row = 0; row < rows; row++) {
        let difference = 0;
        for (let c = 0; c < columns; c++) {
          difference += inputs[token * columns + c]! * (values[row * columns + c]! - weights[row * columns + c]!);
        }
        sum += difference ** 2;
      }
    }
    return sum / (tokens * rows);
  }
});

function rootMeanSquare(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length);
}
