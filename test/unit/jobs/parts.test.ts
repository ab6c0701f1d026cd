import assert from "node:assert/strict";
import fc from "fast-check";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { mergeErrorsParts, mergeStatsParts } from "../../../src/jobs/mergeParts";
import { parsePart } from "../../../src/jobs/parsePart";
import type { ErrorsPart, StatsPart } from "../../../src/jobs/partReport";
import { planTensors } from "../../../src/jobs/tensorPlan";
import { partOf } from "../../../src/jobs/tensorParts";
import { sample } from "../../support/distributions";
import { assertClose } from "../../support/kernelMemory";
import { bf16, checkpointOf, engineOf, f32, quiet } from "./harness";

/** Across a process border and back. */
function throughJson<P extends StatsPart | ErrorsPart>(part: P): P {
  return parsePart(JSON.stringify(part), "part.json") as P;
}

function manyTensors(): Promise<Checkpoint> {
  const shapes = [[64, 512], [1], [7, 256], [300, 512], [0, 4], [33]];
  return checkpointOf([
    ...shapes.map((shape, i) =>
      f32(
        `f${i}`,
        shape,
        sample(
          "heavy tails",
          shape.reduce((a, b) => a * b, 1),
          i,
        ),
      ),
    ),
    bf16("b", [500, 256], sample("normal", 128_000, 20)),
    f32("constant", [40, 256], new Float32Array(10_240).fill(0.5)),
    f32("nothing finite", [3], new Float32Array(3).fill(NaN)),
  ]);
}

describe("parts of a job", () => {
  const engine = engineOf();

  it("cover every value once, whatever their number", async () => {
    const { tensors } = planTensors(await manyTensors());
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 32, 256, 512), (count, unit) => {
        const next = new Map(tensors.map(({ index }) => [index, 0]));
        for (let index = 1; index <= count; index++) {
          for (const { tensor, from, slice, isWhole } of partOf(tensors, { index, count }, () => unit)) {
            assert.equal(from, next.get(tensor.index), tensor.info.name);
            assert.ok(from % unit === 0);
            assert.equal(isWhole, slice.values === tensor.slice.values);
            next.set(tensor.index, from + slice.values);
          }
        }
        for (const { index, slice } of tensors) assert.equal(next.get(index), slice.values);
      }),
      { seed: 10, numRuns: 100 },
    );
  });

  for (const count of [1, 2, 5, 13]) {
    it(`make the whole statistics again: ${count}`, async () => {
      const checkpoint = await manyTensors();
      const whole = await engine().stats({ checkpoint, bins: 50 }, quiet());
      const parts: StatsPart[] = [];
      for (let index = 1; index <= count; index++)
        parts.push(throughJson(await engine().statsPart({ checkpoint, bins: 50, part: { index, count } }, quiet())));
      const merged = mergeStatsParts(parts.reverse());
      assert.equal(merged.bytesRead, whole.bytesRead);
      merged.tensors.forEach((tensor, i) => {
        const reference = whole.tensors[i]!;
        for (const key of ["mean", "std", "rms", "kurtosis"] as const) {
          if (reference[key] === null) assert.equal(tensor[key], null);
          else assertClose(tensor[key]!, reference[key], 1e-12, `${tensor.name}: ${key}`, key === "mean" ? reference.std! : 0);
        }
        const { mean, std, rms, kurtosis } = reference;
        assert.deepEqual({ ...tensor, mean, std, rms, kurtosis }, reference);
      });
    });

    it(`make the whole errors again: ${count}`, async () => {
      const checkpoint = await manyTensors();
      const types = ["Q8_0", "int8", "int4-g128", "int4-channel", "Q4_K"];
      const whole = await engine().errors({ checkpoint, types }, quiet());
      const parts: ErrorsPart[] = [];
      for (let index = 1; index <= count; index++)
        parts.push(throughJson(await engine().errorsPart({ checkpoint, types, part: { index, count } }, quiet())));
      const merged = mergeErrorsParts(parts);
      const figures = (report: typeof merged) =>
        [...report.tensors.map((tensor) => tensor.types), report.total].flatMap((row) => Object.values(row));
      figures(merged).forEach((row, i) => {
        const reference = figures(whole)[i]!;
        for (const [key, value] of Object.entries(reference)) {
          const found = row[key as keyof typeof row];
          if (typeof value === "number" && typeof found === "number") assertClose(found, value, 1e-12, key);
          else assert.equal(found, value, key);
        }
      });
    });
  }

  it("keep sums that are not finite, which JSON has no number for", async () => {
    const huge = sample("normal", 1024, 3).map((value) => value * 1e38);
    const wide = { name: "wide", dtype: "F64", shape: [3], bytes: new Uint8Array(Float64Array.of(1e300, -1e300, 1e308).buffer) };
    const checkpoint = await checkpointOf([f32("huge", [4, 256], huge), wide]);
    const part = { index: 1, count: 1 };
    const inJson = (report: unknown): unknown => JSON.parse(JSON.stringify(report));

    const stats = await engine().stats({ checkpoint }, quiet());
    const statsParts = [throughJson(await engine().statsPart({ checkpoint, part }, quiet()))];
    assert.deepEqual(inJson(mergeStatsParts(statsParts).tensors), inJson(stats.tensors));

    const types = ["hqq4-g64", "Q4_0"];
    const errors = await engine().errors({ checkpoint, tensors: [0], types }, quiet());
    const errorsParts = [throughJson(await engine().errorsPart({ checkpoint, tensors: [0], types, part }, quiet()))];
    const merged = mergeErrorsParts(errorsParts);
    assert.equal(inJson(errors.total["hqq4-g64"]!.maxError), null);
    assert.deepEqual(inJson([merged.tensors, merged.total]), inJson([errors.tensors, errors.total]));
  });

  it("are refused when they do not belong together", async () => {
    const checkpoint = await manyTensors();
    const [first, second, other] = [
      await engine().statsPart({ checkpoint, part: { index: 1, count: 2 } }, quiet()),
      await engine().statsPart({ checkpoint, part: { index: 2, count: 2 } }, quiet()),
      await engine().statsPart({ checkpoint, bins: 9, part: { index: 2, count: 2 } }, quiet()),
    ];
    const refused = { code: "bad-parts" };
    assert.throws(() => mergeStatsParts([first!]), refused);
    assert.throws(() => mergeStatsParts([first!, first!]), refused);
    assert.throws(() => mergeStatsParts([first!, second!, second!]), refused);
    assert.throws(() => mergeStatsParts([first!, other!]), refused);
    assert.throws(() => mergeStatsParts([first!, { ...second!, tensors: second!.tensors.slice(1) }]), refused);
    await assert.rejects(engine().statsPart({ checkpoint, part: { index: 3, count: 2 } }, quiet()), { code: "bad-part" });
  });

  it("are read with every field checked", async () => {
    const part = await engine().statsPart({ checkpoint: await manyTensors(), part: { index: 1, count: 1 } }, quiet());
    const texts = [
      "",
      "[]",
      "null",
      '{"kind":"stats"}',
      '{"error":{"message":"disk"}}',
      JSON.stringify({ ...part, bins: 1e9 }),
      JSON.stringify({ ...part, bins: 2 }),
    ];
    for (const text of texts) assert.throws(() => parsePart(text, "x.json"), { code: "bad-part" }, text.slice(0, 60));
    const damaged = JSON.parse(JSON.stringify(part)) as StatsPart;
    Object.assign(damaged.tensors[0]!.state, { patterns: { keys: [70000], counts: [1] } });
    assert.throws(() => parsePart(JSON.stringify(damaged), "x.json"), { code: "bad-part" });
  });
});
