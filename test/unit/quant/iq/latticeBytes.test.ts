import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { UsageError } from "../../../../src/core/errors";
import { findScheme, isByteScheme } from "../../../../src/core/quant/registry";
import type { ByteScheme } from "../../../../src/core/quant/scheme";
import { anySquarable } from "../../../support/distributions";
import {
  bitsOf,
  latticeFiles,
  vectorBytes,
  vectorColumns,
  vectorImportance,
  vectorInput,
  vectorValues,
  weightedVectorBytes,
} from "../ggmlFixtures";

function byteScheme(name: string): ByteScheme {
  const scheme = findScheme(name);
  assert.ok(isByteScheme(scheme), `${name} has bytes`);
  return scheme;
}

function quantize(scheme: ByteScheme, source: Float32Array, columns: number, importance?: Float32Array): Uint8Array {
  const bytes = new Uint8Array(scheme.bytes([source.length / columns, columns])).fill(0xaa);
  scheme.quantizeRows(source, columns, bytes, importance);
  return bytes;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const types = ["iq3_s", "iq3_xxs", "iq2_s", "iq2_xs", "iq2_xxs", "iq1_m", "iq1_s"];
const needImportance = ["iq2_xs", "iq2_xxs", "iq1_s"];

describe("lattice types", () => {
  for (const type of types) {
    it(`${type} with importance matrix: bytes equal the library's on four kinds of rows`, () => {
      assert.deepEqual(quantize(byteScheme(type), vectorInput(), vectorColumns, vectorImportance()), weightedVectorBytes(type));
    });
    if (needImportance.includes(type)) continue;
    it(`${type}: bytes equal the library's on four kinds of rows`, () => {
      assert.deepEqual(quantize(byteScheme(type), vectorInput(), vectorColumns), vectorBytes(type));
    });
  }

  it("dequantize their bytes to the library's values", () => {
    for (const file of latticeFiles) {
      const weighted = file.endsWith("_imatrix");
      const scheme = byteScheme(file.replace("_imatrix", ""));
      const values = new Float32Array(4 * vectorColumns);
      scheme.dequantizeRows(
        quantize(scheme, vectorInput(), vectorColumns, weighted ? vectorImportance() : undefined),
        vectorColumns,
        values,
      );
      assert.deepEqual(bitsOf(values), bitsOf(vectorValues(file)), file);
    }
  });

  // SHA-256 of what the ggml library of `fixtures/ggml/index.json` made of the same input, without and with importance matrix.
  const anyMagnitude: Record<string, readonly [plain: string | undefined, weighted: string]> = {
    iq3_s: [
      "4ee9a3dc5d9857cc811caafba80b609ea88dc9567d332e8d5a356a4e79cd28c3",
      "ca9dc1a271e2eb15048512a27486448a4f0beac481c4947bde87aafb6faadd13",
    ],
    iq3_xxs: [
      "826d2e5299e885ef78b472007de1ba173fb1e2eb999918f49fe4e22cdfbdd4db",
      "ec2502fccd5de0b51c18fbb8182a05aaf1340fda4423da8739b9ced48a03963b",
    ],
    iq2_s: [
      "ea15b93b176b4671513f444e53518322f58971005e9a405476f55f7448a583b1",
      "6e54acc84a4d2e7d4a4eb79a902a64ea2d879a25d49805d9a5964d02cc8e0803",
    ],
    iq2_xs: [undefined, "e9c59fdf0fa6086de33b94eb32f65b4729aa8a8a04860f57f7f962ff41f31681"],
    iq2_xxs: [undefined, "766a888ad537d4e9b76c3940abbb1106ee4e23554b4345b01479126f15088a82"],
    iq1_m: [
      "1f93a43dd6aef55333da47b6f9d6b956118e7eac567b8e0d990ed0777aad0d59",
      "8a39e3af5b4f8393873618e369d430dfc96fedc98fe738f2b9f455060aa8a69b",
    ],
    iq1_s: [undefined, "fd50ff5ed8211889a5405e6e0240baf26fd38f9414bb4c56a5525d27ebaa81bb"],
  };
  for (const [type, [plain, weighted]] of Object.entries(anyMagnitude)) {
    it(`${type}: equals the library on numbers of every magnitude whose squares are finite`, () => {
      const input = anySquarable(64 * vectorColumns);
      if (plain !== undefined) assert.equal(sha256(quantize(byteScheme(type), input, vectorColumns)), plain);
      assert.equal(sha256(quantize(byteScheme(type), input, vectorColumns, vectorImportance())), weighted);
    });
  }

  it("all-zero super-blocks dequantize to zeros", () => {
    for (const type of types) {
      const values = new Float32Array(256).fill(1);
      const scheme = byteScheme(type);
      scheme.dequantizeRows(quantize(scheme, new Float32Array(256), 256, new Float32Array(256).fill(1)), 256, values);
      assert.ok(
        values.every((value) => value === 0),
        type,
      );
    }
  });

  it("those that ggml refuses to quantize without an importance matrix are refused, by name", () => {
    for (const type of types) {
      const scheme = byteScheme(type);
      assert.equal(scheme.needsImportance === true, needImportance.includes(type), type);
      if (!scheme.needsImportance) continue;
      assert.throws(
        () => quantize(scheme, new Float32Array(256), 256),
        (error) => error instanceof UsageError && error.code === "importance-required" && error.message.includes(scheme.id),
      );
    }
  });

  it("values whose squares are infinite are refused where ggml would end the process", () => {
    const input = Float32Array.from({ length: 256 }, (_, i) => (i % 7) * 1e30);
    for (const type of ["iq3_s", "iq3_xxs", "iq2_s", "iq2_xs"]) {
      assert.throws(
        () => quantize(byteScheme(type), input, 256, new Float32Array(256).fill(1)),
        (error) => error instanceof UsageError && error.code === "values-out-of-range",
        type,
      );
    }
  });

  it("refuses importance weights that are not those of the columns", () => {
    assert.throws(() => quantize(byteScheme("iq2_s"), new Float32Array(512), 256, new Float32Array(512)), RangeError);
  });
});
