import assert from "node:assert/strict";
import { UsageError } from "../../../src/core/errors";
import { windowsOf } from "../../../src/core/model/perplexity";
import { findScheme, isByteScheme, isValueScheme } from "../../../src/core/quant/registry";
import type { PerplexityReport } from "../../../src/jobs/perplexityJob";
import { quantizedModel, storedModel } from "../../../src/jobs/perplexityModel";
import { tiny, tinyConfig, tinyModel, tinyTensors } from "../../support/tinyModel";
import { engineOf, quiet } from "./harness";

const ids = Int32Array.from({ length: 64 }, (_, i) => (i * i + 5 * i) % tiny.vocabulary);
const windows = windowsOf(ids, 16);

/** What a scheme makes of the values of a matrix, by its plain code. */
function plainly(type: string, values: Float32Array, columns: number): Float32Array {
  const scheme = findScheme(type);
  const result = new Float32Array(values.length);
  if (isValueScheme(scheme)) scheme.fakeQuantize(values, columns, result, []);
  else if (isByteScheme(scheme)) {
    const stored = new Uint8Array(scheme.bytes([values.length]));
    scheme.quantizeRows(values, columns, stored);
    scheme.dequantizeRows(stored, columns, result);
  } else throw new Error(`${type} has no plain code here`);
  return result;
}

describe("perplexity of types in memory", () => {
  const engine = engineOf();

  /** The linear layers as a file of the type would have them. */
  function written(type: string) {
    return tinyTensors().map((tensor) => {
      if (!/_proj\.weight$/.test(tensor.name)) return tensor;
      const { buffer, byteOffset, byteLength } = tensor.bytes!;
      const values = plainly(type, new Float32Array(buffer, byteOffset, byteLength / 4), tensor.shape[1]!);
      return { ...tensor, bytes: new Uint8Array(values.buffer) };
    });
  }

  for (const scheme of ["nf4", "fp8-e4m3", "fp8-e5m2"]) {
    it(`${scheme}: the same likelihoods as of a checkpoint with such values`, async () => {
      const original = await storedModel(await tinyModel());
      const { variants, ...own } = await engine().perplexity(
        { original, windows, variants: [quantizedModel(original, undefined, scheme)] },
        quiet(),
      );
      const expected = await engine().perplexity(
        { original: await storedModel(await tinyModel(tinyConfig, written(scheme))), windows },
        quiet(),
      );
      assert.notEqual(variants[0]!.nll, own.nll);
      variants[0]!.scored.nll.forEach((nll, i) => assert.ok(Math.abs(nll - expected.scored.nll[i]!) < 1e-6));
    });
  }

  it("counts what linear layers take in a scheme, and the rest as it is stored", async () => {
    const original = await storedModel(await tinyModel());
    const { bytes, bitsPerWeight, types } = quantizedModel(original, undefined, "int8-channel");
    const linear = tinyTensors().filter(({ name }) => name.endsWith("_proj.weight"));
    const saved = linear.reduce((sum, { shape }) => sum + 4 * shape[0]! * shape[1]! - findScheme("int8-channel").bytes(shape), 0);
    assert.equal(bytes, original.bytes - saved);
    assert.ok(bitsPerWeight < original.bitsPerWeight!);
    assert.deepEqual([...types!.keys()].sort(), linear.map(({ name }) => name).sort());
  });

  it("tells what is known as each variant is done", async () => {
    const original = await storedModel(await tinyModel());
    const seen: PerplexityReport[] = [];
    const variants = ["int4-channel", "int2-channel"].map((type) => quantizedModel(original, undefined, type));
    const report = await engine().perplexity({ original, windows, variants, onMeasured: (found) => seen.push(found) }, quiet());
    assert.deepEqual(
      seen.map((found) => found.variants.map((variant) => variant !== undefined)),
      [
        [true, false],
        [true, true],
      ],
    );
    assert.equal(seen[1]!.variants[1]!.nll, report.variants[1]!.nll);
    const { nll } = report.scored;
    const variance = nll.reduce((sum, value) => sum + (value - report.nll) ** 2, 0) / nll.length;
    assert.ok(Math.abs(report.standardError - report.perplexity * Math.sqrt(variance / (nll.length - 1))) < 1e-9);
  });

  it("refuses types that need an importance matrix, and names that are none", async () => {
    const original = await storedModel(await tinyModel());
    const code = (expected: string) => (error: unknown) => error instanceof UsageError && error.code === expected;
    assert.throws(() => quantizedModel(original, undefined, "no-such-type"), code("unknown-type"));
    const tensors: never[] = [];
    const model = { keyValues: [], tensors, alignment: 32, recipe: {} as never, notes: [] };
    assert.throws(() => quantizedModel(original, model, "IQ2_XXS"), code("importance-required"));
  });
});
