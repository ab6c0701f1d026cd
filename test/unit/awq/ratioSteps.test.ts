import assert from "node:assert/strict";
import { quantizeAwqLayer } from "../../../src/core/awq/quantizeLayer";
import { ratioSteps } from "../../../src/core/awq/ratioSteps";
import { searchScales } from "../../../src/core/awq/scaleSearch";
import { Arena } from "../../../src/core/linalg/arena";
import { calibrationInputs } from "../../support/calibrationInputs";
import { sample } from "../../support/distributions";
import { KernelMemory } from "../../support/kernelMemory";

const columns = 128;
const nothing = (): void => undefined;
const close = (found: number, expected: number): void =>
  assert.ok(Math.abs(found - expected) < 1e-4 * Math.abs(expected), `${found}, ${expected}`);

describe("AWQ, ratio by ratio", () => {
  const { kernels } = new KernelMemory();
  const arena = (): Arena => new Arena(kernels.memory);
  const weights = sample("small normal", 20 * columns, 4);
  const inputs = calibrationInputs(100, columns, 3);
  const options = { bits: 4, groupSize: 32, symmetric: false } as const;
  const layer = { weights, inputs, columns };
  const steps = ratioSteps(kernels, arena(), layer, options, 10, nothing);

  it("channels with the largest inputs come first, with the factors of AWQ's own search", () => {
    const search = searchScales(kernels, arena(), layer, options);
    assert.equal(steps.best, search.best);
    assert.equal(steps.channels.length, 10);
    // Every 37th of the inputs' columns is much larger.
    assert.deepEqual(new Set(steps.channels.slice(0, 4).map(({ column }) => column % 37)), new Set([5]));
    for (const { column, scales } of steps.channels) assert.equal(scales[search.best], search.scales[column]);
    const magnitudes = steps.channels.map(({ magnitude }) => magnitude);
    assert.deepEqual(
      magnitudes,
      magnitudes.slice().sort((a, b) => b - a),
    );
  });

  it("errors are what quantizing the scaled layer does to its outputs, as a part of them", () => {
    let signal = 0;
    for (let x = 0; x < inputs.length; x += columns) {
      for (let w = 0; w < weights.length; w += columns) {
        let output = 0;
        for (let c = 0; c < columns; c++) output += weights[w + c]! * inputs[x + c]!;
        signal += output * output;
      }
    }
    signal /= inputs.length / columns;
    const plain = quantizeAwqLayer(kernels, arena(), { ...layer, weights: weights.slice() }, options, false, nothing);
    close(steps.roundingError, plain.loss / signal);
    const { scales, best } = searchScales(kernels, arena(), layer, options);
    const scaled = {
      weights: weights.map((value, i) => value * scales[i % columns]!),
      inputs: inputs.map((value, i) => value / scales[i % columns]!),
      columns,
    };
    close(steps.errors[best]!, quantizeAwqLayer(kernels, arena(), scaled, options, false, nothing).loss / signal);
    assert.ok(steps.errors[best]! < steps.roundingError);
  });
});
