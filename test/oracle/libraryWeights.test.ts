import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { bfloat16ToFloat } from "../../src/core/decode/bfloat16";
import { quantizeBlockwise } from "../../src/core/quant/blockwise";
import { nf4 } from "../../src/core/quant/codebook";
import { findScheme, isValueScheme } from "../../src/core/quant/registry";
import { sharedOrSkip } from "../support/shared";

interface Layer {
  shape: [number, number];
  /** Of the float32 values that the library dequantizes. */
  sha256: string;
  rel_rmse: number;
}

/** Bytes of a tensor of a safetensors file. */
function reader(file: string): (name: string) => Buffer {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<string, { data_offsets: [number, number] }>;
  return (name) => {
    const [start, end] = header[name]!.data_offsets;
    return Buffer.from(bytes.subarray(8 + length + start, 8 + length + end));
  };
}

/** Layers of a checkpoint that the real library wrote, and their weights before. */
function layersOf(test: Mocha.Context, checkpoint: string) {
  const folder = sharedOrSkip(test, "fixtures/quantized");
  const source = reader(sharedOrSkip(test, "sample/hf/model.safetensors"));
  const index = JSON.parse(readFileSync(path.join(folder, "index.json"), "utf8")) as {
    checkpoints: Record<string, { layers: Record<string, Layer> }>;
  };
  const layers = Object.entries(index.checkpoints[checkpoint]!.layers).map(([name, layer]) => {
    const stored = source(`${name}.weight`);
    const weights = Float32Array.from({ length: stored.length / 2 }, (_, i) => bfloat16ToFloat(stored.readUInt16LE(2 * i)));
    return { name, layer, weights };
  });
  return { folder: path.join(folder, checkpoint), layers };
}

/** What a scheme makes of a matrix, all of it at hand. */
function fakeQuantized(id: string, weights: Float32Array, columns: number): Float32Array {
  const scheme = findScheme(id);
  assert.ok(isValueScheme(scheme));
  const values = new Float32Array(weights.length);
  // None of these schemes looks at the range.
  scheme.fakeQuantize(weights, columns, values, scheme.tensorSums?.(weights, { low: 0, high: 0 }) ?? []);
  return values;
}

function sha256(values: Float32Array): string {
  return createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex");
}

describe("weights that the real libraries quantized", () => {
  it("bitsandbytes NF4 with double quantization: codes and offsets", function () {
    const { folder, layers } = layersOf(this, "bnb-nf4-dq");
    const stored = reader(path.join(folder, "model.safetensors"));
    for (const { name, weights } of layers) {
      const { codes, absmax } = quantizeBlockwise(weights, 64, nf4);
      const packed = Uint8Array.from({ length: codes.length / 2 }, (_, i) => (codes[2 * i]! << 4) | codes[2 * i + 1]!);
      assert.equal(Buffer.compare(stored(`${name}.weight`), packed), 0, name);
      const state = JSON.parse(stored(`${name}.weight.quant_state.bitsandbytes__nf4`).toString()) as { nested_offset: number };
      assert.equal(Math.fround(absmax.reduce((sum, value) => sum + value, 0) / absmax.length), Math.fround(state.nested_offset), name);
    }
    console.log(`      ${layers.length} layers`);
  });

  it("bitsandbytes LLM.int8(): values", function () {
    const { layers } = layersOf(this, "bnb-int8");
    for (const { name, layer, weights } of layers) {
      assert.equal(sha256(fakeQuantized("llm-int8", weights, layer.shape[1])), layer.sha256, name);
    }
    console.log(`      ${layers.length} layers`);
  });

  it("HQQ: the error of every layer", function () {
    const { layers } = layersOf(this, "hqq-4b-g64");
    for (const { name, layer, weights } of layers) {
      const values = fakeQuantized("hqq4-g64", weights, layer.shape[1]);
      const [errors, squares] = [values.reduce((sum, y, i) => sum + (weights[i]! - y) ** 2, 0), weights.reduce((sum, x) => sum + x * x, 0)];
      assert.ok(Math.abs(Math.sqrt(errors / squares) / layer.rel_rmse - 1) < 1e-7, `${name}: ${Math.sqrt(errors / squares)}`);
    }
    console.log(`      ${layers.length} layers`);
  });
});
