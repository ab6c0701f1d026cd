import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { findSplitScheme } from "../../src/core/quant/split/registry";
import type { InspectReport } from "../../src/jobs/inspect";
import { cliJson } from "../support/cli";
import { readSafetensorsHeader } from "../support/references";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";

const sample = path.join(__dirname, "..", "..", "media", "sample");

/** The generator of the reference data: sums of four 16-bit draws, every 97th eight times as large. */
function generated(seed: number, count: number): Float32Array {
  let state = seed;
  const draw = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state >>> 16;
  };
  return Float32Array.from({ length: count }, (_, i) => {
    const value = (draw() + draw() + draw() + draw() - 131_070) * 2 ** -22;
    return i % 97 === 96 ? value * 8 : value;
  });
}

describe("4-bit weights as bitsandbytes stores them", function () {
  this.timeout(60_000);
  const at = temporaryFolder();

  for (const id of ["nf4", "fp4"] as const) {
    it(`gives the codes and scales of bitsandbytes' own quantizer: ${id}`, function () {
      const file = sharedOrSkip(this, "vectors/other_golden.json");
      const { bitsandbytes } = JSON.parse(readFileSync(file, "utf8")) as {
        bitsandbytes: Record<string, { packed_u8: string; absmax_f32: string }>;
      };
      const values = generated(4242, 32 * 256);
      const [codes, scales] = [new Uint8Array(values.length / 2), new Uint8Array((4 * values.length) / 64)];
      findSplitScheme(id)!.quantize(values, { rows: 32, columns: 256, dtype: "F32" }, [], [codes, scales]);
      assert.equal(Buffer.from(codes).toString("hex"), bitsandbytes[id]!.packed_u8);
      assert.equal(Buffer.from(scales).toString("hex"), bitsandbytes[id]!.absmax_f32);
    });
  }

  it("writes the sample with the codes that bitsandbytes gave it, and what is read back is near the original", async function () {
    const reference = sharedOrSkip(this, "fixtures/quantized/bnb-nf4-dq/model.safetensors");
    await cliJson("quantize", sample, "--to", "safetensors", "--type", "NF4", "--out", at("nf4"));
    const written = at("nf4", "model.safetensors");
    const codesOf = (file: string): Map<string, string> => {
      const bytes = readFileSync(file);
      const linear = readSafetensorsHeader(file).filter(({ name }) => name.endsWith("_proj.weight"));
      return new Map(linear.map(({ name, offset, bytes: size }) => [name, bytes.subarray(offset, offset + size).toString("base64")]));
    };
    const expected = codesOf(reference);
    assert.equal(expected.size, 28);
    assert.deepEqual(codesOf(written), expected);

    const { tensors, warnings } = await cliJson<InspectReport>("inspect", at("nf4"));
    assert.deepEqual(warnings, []);
    assert.ok(tensors.some(({ dtype }) => dtype === "bnb-nf4"));
    const name = "model.layers.1.mlp.down_proj.weight";
    const read = (folder: string) => cliJson<{ rows: number[][] }>("values", folder, "--tensor", name, "--rows", "0:4");
    const [before, after] = [await read(sample), await read(at("nf4"))];
    const [x, y] = [before.rows.flat(), after.rows.flat()];
    const error = Math.sqrt(x.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0) / x.reduce((sum, value) => sum + value ** 2, 0));
    assert.ok(error > 0.01 && error < 0.15, String(error));
  });
});
