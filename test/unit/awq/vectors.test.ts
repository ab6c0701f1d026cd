import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { awqCode, awqGrid, type AwqOptions, awqValue, symmetricSteps } from "../../../src/core/awq/awqGrid";
import { searchClips } from "../../../src/core/awq/clipSearch";
import { searchScales } from "../../../src/core/awq/scaleSearch";
import { Arena } from "../../../src/core/linalg/arena";
import { goldenInputs, goldenNumbers } from "../../support/goldenWeights";
import { assertClose, KernelMemory } from "../../support/kernelMemory";

interface AwqVector {
  group_size: number;
  scales_f32: string;
  dequant_sha256: string;
  zeros?: number[];
  scale_search: { losses_by_ratio_k_over_20: number[]; best_k: number; best_scales_f32: string };
  clip_search: { best_max_f32: string; shrunk_groups: number };
}

const golden = JSON.parse(readFileSync(path.join(__dirname, "../../fixtures/awq_golden.json"), "utf8")) as Record<
  "zero_point" | "symmetric",
  AwqVector
>;
const columns = 256;
const floatsOf = (hex: string): Float32Array => new Float32Array(Uint8Array.from(Buffer.from(hex, "hex")).buffer);

describe("AWQ against the reference's vectors", () => {
  const { kernels } = new KernelMemory();
  const weights = goldenNumbers(4242, 32 * columns);
  const inputs = goldenInputs();

  for (const name of ["zero_point", "symmetric"] as const) {
    const vector = golden[name];
    const options: AwqOptions = { bits: 4, groupSize: vector.group_size, symmetric: name === "symmetric" && "code" };

    it(`${name}: grids and values`, () => {
      const scales: number[] = [];
      const zeros: number[] = [];
      const values = new Float32Array(weights.length);
      for (let start = 0; start < weights.length; start += options.groupSize) {
        const group = weights.subarray(start, start + options.groupSize);
        const grid = awqGrid(Math.min(...group), Math.max(...group), 15, symmetricSteps(options));
        scales.push(grid.scale);
        zeros.push(grid.zero);
        values.set(
          // The reference's zeros have the sign of what they were rounded from, where nothing is added to them.
          group.map((value) => awqValue(awqCode(value, grid), grid) || (options.symmetric && value < 0 ? -0 : 0)),
          start,
        );
      }
      assert.deepEqual(Float32Array.from(scales), floatsOf(vector.scales_f32));
      if (vector.zeros) assert.deepEqual(zeros, vector.zeros);
      assert.equal(createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex"), vector.dequant_sha256);
    });

    it(`${name}: losses of all ratios, the best of them, its scales`, () => {
      const { losses_by_ratio_k_over_20: losses, best_k: best, best_scales_f32: scales } = vector.scale_search;
      const found = searchScales(kernels, new Arena(kernels.memory), { weights, inputs, columns }, options, { exhaustive: true });
      found.losses.forEach((loss, k) => assertClose(loss, losses[k]!, 2e-6, `loss ${k}`));
      assert.equal(found.best, best);
      floatsOf(scales).forEach((scale, c) => assertClose(found.scales[c]!, scale, 1e-6, `scale ${c}`));
    });

    it(`${name}: the search that measures only what can win finds the same`, () => {
      const found = searchScales(kernels, new Arena(kernels.memory), { weights, inputs, columns }, options);
      assert.equal(found.best, vector.scale_search.best_k);
      assert.ok(found.isMeasured.filter(Boolean).length < 12, `${found.isMeasured.filter(Boolean).length} measured`);
      const losses = vector.scale_search.losses_by_ratio_k_over_20;
      found.losses.forEach((loss, k) => assertClose(loss, losses[k]!, found.isMeasured[k] ? 2e-6 : 0.5, `loss ${k}`));
    });

    it(`${name}: clipping`, () => {
      const expected = floatsOf(vector.clip_search.best_max_f32);
      const limits = searchClips(
        kernels,
        new Arena(kernels.memory),
        { weights: goldenNumbers(4243, 64 * columns), inputs, columns },
        options,
      );
      assert.equal(limits.length, expected.length);
      assert.deepEqual(limits, expected);
    });
  }
});
