import assert from "node:assert/strict";
import { calibrationMethods, usualMethods } from "../../../src/core/calibrate/calibrationMethods";
import { UsageError } from "../../../src/core/errors";
import { type CalibrateReport, observedOf } from "../../../src/jobs/calibrateJob";
import { randomFrom } from "../../support/distributions";
import { writeImatrixGguf } from "../../support/imatrixWriter";
import { openBytes } from "../../support/openBytes";
import { tiny, tinyModel } from "../../support/tinyModel";
import { engineOf, quiet } from "./harness";

const refused = (code: string) => (error: unknown) => error instanceof UsageError && error.code === code;
const bits = 8;

describe("judging other ranges from a calibration", () => {
  const engine = engineOf(2);
  let report: CalibrateReport;

  before(async () => {
    const random = randomFrom(11);
    const samples = Array.from({ length: 6 }, () => Int32Array.from({ length: 24 }, () => Math.floor(tiny.vocabulary * random())));
    report = await engine().calibrate({ checkpoint: await tinyModel(), samples, methods: usualMethods, bits }, quiet());
  });

  it("says of a method's threshold what was measured with it", async () => {
    for (const tensor of report.tensors) {
      const thresholds = Object.values(tensor.methods).map(({ low, high }) => Math.max(-low, high));
      const found = await engine().thresholds({ observed: observedOf(tensor), bits, thresholds }, quiet());
      Object.entries(tensor.methods).forEach(([id, { low, high, scale, zeroPoint, mse }], i) => {
        const judged = found[i]!;
        assert.deepEqual([judged.low, judged.high, judged.scale, judged.zeroPoint], [low, high, scale, zeroPoint], `${tensor.name} ${id}`);
        assert.ok(Math.abs(judged.mse - mse) <= 0.1 * mse, `${tensor.name} ${id}: ${judged.mse}, measured ${mse}`);
      });
    }
  });

  it("numbers inputs: query, key and value have the same", () => {
    const numbers = report.tensors.map(({ input }) => input);
    assert.deepEqual(numbers, [0, 0, 0, 1, 2, 2, 3, 4, 4, 4, 5, 6, 6, 7]);
  });

  it("chooses as the calibration did, and by the search that it left out", async () => {
    const [tensor] = report.tensors;
    const observed = observedOf(tensor!);
    const ranges = await engine().ranges({ observed, bits, methods: [...usualMethods, "onnx-entropy"] }, quiet());
    usualMethods.forEach((id, i) => {
      const { low, high } = tensor!.methods[id]!;
      assert.deepEqual([ranges[i]!.low, ranges[i]!.high], [low, high], id);
    });
    const slow = calibrationMethods.find(({ id }) => id === "onnx-entropy")!.choose(observed, bits);
    assert.deepEqual([ranges.at(-1)!.low, ranges.at(-1)!.high], [slow.low, slow.high]);
  });

  it("refuses what cannot be judged", async () => {
    const observed = observedOf(report.tensors[0]!);
    for (const threshold of [0, -1, NaN, Infinity]) {
      await assert.rejects(engine().thresholds({ observed, bits, thresholds: [1, threshold] }, quiet()), refused("bad-threshold"));
    }
    await assert.rejects(
      engine().thresholds({ observed, bits, thresholds: new Array<number>(5000).fill(1) }, quiet()),
      refused("bad-threshold"),
    );
    await assert.rejects(engine().thresholds({ observed, bits: 17, thresholds: [1] }, quiet()), refused("bad-bits"));
    await assert.rejects(engine().ranges({ observed, bits, methods: ["median"] }, quiet()), refused("unknown-method"));
  });
});

describe("what an importance matrix covers", () => {
  const engine = engineOf(1);

  it("is said of each weight, with what its sums were divided by", async () => {
    const weights = [
      { name: "blk.0.attn_q.weight", sums: [[20, 0, 10]], counts: [10] },
      { name: "blk.0.ffn_up_exps.weight", sums: [[4, 8], [0, 0]], counts: [4, 0] }, // prettier-ignore
    ];
    const checkpoint = await openBytes(writeImatrixGguf(weights), "imatrix.gguf");
    const { chunks, entries } = await engine().importance({ checkpoint, largest: 1, blocks: 2 }, quiet());
    assert.equal(chunks, 7);
    assert.deepEqual(
      entries.map(({ name, uses, matrices, matricesUsed, neverActive, largest }) => [
        name,
        uses,
        matrices,
        matricesUsed,
        neverActive,
        largest,
      ]),
      [
        ["blk.0.attn_q.weight", 10, 1, 1, 1 / 3, [{ channel: 0, max: 2 }]],
        ["blk.0.ffn_up_exps.weight", 4, 2, 1, 0, [{ channel: 1, max: 2 }]],
      ],
    );
    await assert.rejects(engine().importance({ checkpoint: await tinyModel(), largest: 1, blocks: 2 }, quiet()), refused("not-an-imatrix"));
  });
});
