import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { findDecoder } from "../../../src/core/decode/decoder";
import { exactIntegers, needsExactIntegers } from "../../../src/core/decode/exactIntegers";
import { countValues } from "../../../src/core/tensor/tensorInfo";
import { openPath } from "../../../src/io/openPath";
import { sharedOrSkip } from "../../support/shared";

/** What the index says of a tensor: figures over finite values, in float64; 64-bit integers as text. */
interface Truth {
  name: string;
  dtype: string;
  shape: number[];
  min?: number | string;
  max?: number | string;
  mean?: number;
  nan?: number;
  posinf?: number;
  neginf?: number;
}

function figures(values: Float32Array): { min: number; max: number; mean: number; magnitude: number; nan: number; inf: number } {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let magnitude = 0;
  let finite = 0;
  let nan = 0;
  for (const value of values) {
    if (Number.isNaN(value)) nan++;
    if (!Number.isFinite(value)) continue;
    finite++;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    magnitude = Math.max(magnitude, Math.abs(value));
  }
  return { min, max, mean: sum / finite, magnitude, nan, inf: values.length - finite - nan };
}

/** float64 and 64-bit integer tensors are compared as float32 holds them. */
function compare(truth: Truth, values: Float32Array): void {
  const found = figures(values);
  assert.equal(found.nan, truth.nan ?? 0);
  const rounds = ["F64", "I64", "U64", "I32", "U32"].includes(truth.dtype);
  if (truth.min === undefined || truth.max === undefined || truth.mean === undefined) return;
  const [min, max] = [Math.fround(Number(truth.min)), Math.fround(Number(truth.max))];
  if (!Number.isFinite(min) || !Number.isFinite(max)) return;
  assert.equal(found.inf, (truth.posinf ?? 0) + (truth.neginf ?? 0));
  assert.deepEqual([found.min + 0, found.max + 0], [min + 0, max + 0]);
  assert.ok(Math.abs(found.mean - truth.mean) <= (rounds ? 1e-7 : 1e-12) * found.magnitude, `mean ${found.mean}, expected ${truth.mean}`);
}

describe("decoded values against what the real libraries read", () => {
  for (const file of [
    "synthetic/safetensors/all_dtypes.safetensors",
    "synthetic/safetensors/special_values.safetensors",
    "synthetic/gguf/all_quants.gguf",
    "synthetic/gguf/plain_types.gguf",
  ]) {
    it(file, async function () {
      const path = sharedOrSkip(this, `fixtures/${file}`);
      const index = JSON.parse(readFileSync(sharedOrSkip(this, "fixtures/index.json"), "utf8")) as {
        files: { path: string; tensors: Truth[] }[];
      };
      const truths = index.files.find((entry) => entry.path === file)!.tensors;
      const checkpoint = await openPath(path);
      let compared = 0;
      for (const truth of truths) {
        const tensor = checkpoint.tensors.find(({ name }) => name === truth.name);
        assert.ok(tensor, truth.name);
        const decoder = findDecoder(tensor.dtype);
        if (!decoder) continue;
        const bytes = new Uint8Array(tensor.bytes);
        await checkpoint.files[tensor.file]!.file!.read(tensor.offset, bytes);
        const values = new Float32Array(countValues(tensor.shape));
        decoder.decode(bytes, values);
        compare(truth, values);
        if (needsExactIntegers(truth.dtype)) {
          const exact = exactIntegers(truth.dtype, bytes).map(BigInt);
          assert.equal(
            exact.reduce((a, b) => (b < a ? b : a)),
            BigInt(truth.min!),
          );
          assert.equal(
            exact.reduce((a, b) => (b > a ? b : a)),
            BigInt(truth.max!),
          );
        }
        compared++;
      }
      await checkpoint.close();
      assert.ok(compared >= 10, `only ${compared} tensors compared`);
    });
  }
});
