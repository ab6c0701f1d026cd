import assert from "node:assert/strict";
import { UsageError } from "../../../src/core/errors";
import { folderOf, openPath } from "../../../src/io/openPath";
import { readSamples } from "../../../src/jobs/textSamples";
import { engineOf, quiet } from "./harness";

const model = "media/sample/model.safetensors";

describe("layers that are watched while they are quantized", () => {
  const engine = engineOf();

  it("the sample: GPTQ and AWQ keep the outputs better than rounding, on one block's own weights and inputs", async () => {
    const checkpoint = await openPath(model);
    const text = { path: "media/sample/calibration.txt" };
    const { samples } = await readSamples(checkpoint, await folderOf(model), text, { count: 4, length: 256 }, quiet().signal);
    const report = await engine().layerSteps({ checkpoint, samples, bits: [2, 3, 4] }, quiet());
    assert.equal(report.tokens, 1024);
    assert.ok(report.inputs <= 192);
    assert.match(report.gptqTensor, /k_proj\.weight$/);
    assert.match(report.awqTensor, /down_proj\.weight$/);
    assert.deepEqual(
      report.gptq.map(({ bits, rows, columns }) => [bits, rows, columns]),
      [2, 3, 4].map((bits) => [bits, 12, 24]),
    );
    for (const { gptqErrors, roundingErrors, columns } of report.gptq) {
      assert.ok(gptqErrors[columns]! < roundingErrors[columns]!, `${gptqErrors[columns]} against ${roundingErrors[columns]}`);
    }
    const { errors, best, roundingError, channels } = report.awq;
    assert.ok(errors[best]! < roundingError, `${errors[best]} against ${roundingError}`);
    assert.ok(errors.every((error) => error >= errors[best]!));
    assert.equal(channels.length, 64);
  });

  it("without samples there is nothing to watch", async () => {
    const checkpoint = await openPath(model);
    await assert.rejects(
      engine().layerSteps({ checkpoint, samples: [], bits: [4] }, quiet()),
      (error) => error instanceof UsageError && error.code === "no-samples",
    );
  });
});
