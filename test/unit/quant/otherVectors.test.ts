import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { nestAbsmax } from "../../../src/core/quant/bitsandbytes";
import { dequantizeBlockwise, quantizeBlockwise } from "../../../src/core/quant/blockwise";
import { dynamic8, fp4, nf4 } from "../../../src/core/quant/codebook";
import { hqqCode, hqqIterations, hqqPasses, hqqStart, hqqStep } from "../../../src/core/quant/hqq";
import { quantizeInt8Row } from "../../../src/core/quant/llmInt8";
import { findScheme, isValueScheme } from "../../../src/core/quant/registry";
import { goldenNumbers } from "../../support/goldenWeights";

interface BlockVector {
  code_f32: string;
  packed_u8: string;
  absmax_f32: string;
  dequant_sha256: string;
  double: { offset: number; absmax_u8: string; nested_absmax_f32: string; dequant_sha256: string };
}

interface HqqVector {
  W_q: string;
  W_q_shape: number[];
  scale_f32: string;
  mae: number;
  rmse: number;
}

const golden = JSON.parse(readFileSync(path.join(__dirname, "../../fixtures/other_golden.json"), "utf8")) as {
  bitsandbytes: {
    dynamic_map_f32: string;
    nf4: BlockVector;
    fp4: BlockVector;
    blockwise8: { codes_u8: string; absmax_f32: string };
    llm_int8_weight: { CB_i8: string; SCB_f32: string; mae: number };
  };
  hqq: Record<string, HqqVector>;
};

const hex = (array: Float32Array | Uint8Array | Int8Array): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("hex");
const sha256 = (array: Float32Array): string => createHash("sha256").update(new Uint8Array(array.buffer)).digest("hex");

function fakeQuantize(id: string, x: Float32Array, columns: number): Float32Array {
  const scheme = findScheme(id);
  assert.ok(isValueScheme(scheme));
  const y = new Float32Array(x.length);
  scheme.fakeQuantize(x, columns, y, scheme.tensorSums?.(x, { low: -1, high: 1 }) ?? []);
  return y;
}

describe("bitsandbytes", () => {
  const x = goldenNumbers(4242, 8192);
  const { bitsandbytes } = golden;

  it("has the library's dynamic map", () => {
    assert.equal(hex(dynamic8.values), bitsandbytes.dynamic_map_f32);
  });

  for (const [name, book] of [
    ["nf4", nf4],
    ["fp4", fp4],
  ] as const) {
    const vector = bitsandbytes[name];

    it(`${name}: codes, scales and values equal the library's`, () => {
      assert.equal(hex(book.values).replaceAll("00000080", "00000000"), vector.code_f32);
      const stored = quantizeBlockwise(x, 64, book);
      const packed = Uint8Array.from({ length: x.length / 2 }, (_, i) => (stored.codes[2 * i]! << 4) | stored.codes[2 * i + 1]!);
      assert.equal(hex(packed), vector.packed_u8);
      assert.equal(hex(stored.absmax), vector.absmax_f32);
      assert.equal(sha256(fakeQuantize(name, x, 256)), vector.dequant_sha256);
    });

    it(`${name}: double quantization equals the library's`, () => {
      const stored = quantizeBlockwise(x, 64, book);
      const nested = nestAbsmax(stored.absmax, vector.double.offset);
      assert.equal(hex(nested.codes), vector.double.absmax_u8);
      assert.equal(hex(nested.absmax), vector.double.nested_absmax_f32);
      const y = new Float32Array(x.length);
      dequantizeBlockwise(stored, 64, book, y);
      assert.equal(sha256(y), vector.double.dequant_sha256);
      // The library's mean is a float32 sum whose order depends on the processor: here it is the exact one, rounded once.
      const streamed = fakeQuantize(`${name}-dq`, x, 256);
      assert.ok(streamed.every((value, i) => Math.abs(value - y[i]!) <= 2 ** -20 * Math.abs(y[i]!)));
    });
  }

  it("dynamic 8-bit: codes and scales equal the library's", () => {
    const { codes, absmax } = quantizeBlockwise(x, 256, dynamic8);
    assert.equal(hex(codes), bitsandbytes.blockwise8.codes_u8);
    assert.equal(hex(absmax), bitsandbytes.blockwise8.absmax_f32);
  });

  it("LLM.int8: codes and scales equal the library's", () => {
    const codes = new Int8Array(x.length);
    const scales = Float32Array.from({ length: 32 }, (_, row) =>
      quantizeInt8Row(x.subarray(256 * row, 256 * (row + 1)), codes.subarray(256 * row, 256 * (row + 1))),
    );
    assert.equal(hex(codes), bitsandbytes.llm_int8_weight.CB_i8);
    assert.equal(hex(scales), bitsandbytes.llm_int8_weight.SCB_f32);
    const y = fakeQuantize("llm-int8", x, 256);
    const mae = y.reduce((sum, value, i) => sum + Math.abs(value - x[i]!), 0) / x.length;
    assert.ok(Math.abs(mae - bitsandbytes.llm_int8_weight.mae) < 1e-9, String(mae));
  });
});

/** Codes packed as the reference package packs them: parts of the tensor above each other in a byte, or ten in an int32. */
function packed(codes: Uint8Array, bits: number): Uint8Array {
  if (bits === 8) return codes;
  const perWord = bits === 3 ? 10 : 8 / bits;
  const rows = Math.ceil(codes.length / 64 / perWord);
  const words = new Uint32Array(rows * 64);
  for (let part = 0; part < perWord; part++) {
    for (let i = 0; i < words.length; i++)
      words[i]! |= (codes[part * words.length + i] ?? 0) << (bits === 3 ? 27 - 3 * part : 8 - bits * (part + 1));
  }
  return bits === 3 ? new Uint8Array(words.buffer) : Uint8Array.from(words);
}

describe("HQQ", () => {
  const x = goldenNumbers(4242, 8192);
  for (const [name, vector] of Object.entries(golden.hqq)) {
    const [, digits, kind] = /^(\d)bit_(rtn|opt)$/.exec(name)!;
    const bits = Number(digits);
    const top = 2 ** bits - 1;

    it(`${bits} bits, ${kind === "opt" ? "with" : "without"} search: codes equal the reference's`, () => {
      const groups = Array.from({ length: 128 }, (_, g) => x.subarray(64 * g, 64 * (g + 1)));
      const states = groups.map((group) => hqqStart(group, bits));
      assert.equal(hex(Float32Array.from(states, ({ scale }) => Math.fround(1 / scale))), vector.scale_f32);
      const errors = Array.from({ length: hqqIterations }, () => 0);
      if (kind === "opt") {
        const trial = states.map((state) => ({ ...state }));
        for (let pass = 0; pass < hqqIterations; pass++) groups.forEach((group, g) => (errors[pass]! += hqqStep(group, trial[g]!, top)));
        const passes = hqqPasses(errors, x.length);
        for (let pass = 0; pass < passes; pass++) groups.forEach((group, g) => hqqStep(group, states[g]!, top));
      }
      const codes = Uint8Array.from(x, (value, i) => hqqCode(value, states[i >> 6]!, top));
      assert.equal(hex(packed(codes, bits)), vector.W_q);
      const y = fakeQuantize(`hqq${bits}-g64${kind === "opt" ? "" : "-rtn"}`, x, 256);
      const mae = y.reduce((sum, value, i) => sum + Math.abs(value - x[i]!), 0) / x.length;
      assert.ok(Math.abs(mae / vector.mae - 1) < 1e-5, `${mae} ${vector.mae}`);
    });
  }
});
