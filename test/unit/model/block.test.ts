import assert from "node:assert/strict";
import type { Arithmetic } from "../../../src/core/model/arithmetic";
import { runBlock } from "../../../src/core/model/block";
import type { BlockOptions } from "../../../src/core/model/blockRun";
import { describeModel } from "../../../src/core/model/describe";
import type { WeightLookup } from "../../../src/core/model/linearInputs";
import type { DecoderLayer } from "../../../src/core/model/modelDescription";
import { plainArithmetic } from "../../../src/core/model/plainArithmetic";
import { KernelArithmetic } from "../../../src/jobs/tasks/kernelArithmetic";
import { sample } from "../../support/distributions";
import { kernelModule } from "../../support/kernelMemory";
import { tiny, tinyModel, tinyTensors } from "../../support/tinyModel";

/** Linear layers of the first block, in the order in which they run. */
const linears = [
  "self_attn.q_proj",
  "self_attn.k_proj",
  "self_attn.v_proj",
  "self_attn.o_proj",
  "mlp.gate_proj",
  "mlp.up_proj",
  "mlp.down_proj",
];
const nameOf = (part: string): string => `model.layers.0.${part}.weight`;

describe("a block of a decoder", () => {
  const values = new Map(tinyTensors().map(({ name, bytes }) => [name, new Float32Array(bytes!.buffer.slice(0))]));
  const weight: WeightLookup = (name) => values.get(name)!;
  const lengths = [5, 1, 9];
  const tokens = 15;
  const input = sample("normal", tokens * tiny.hidden, 11);
  let layer: DecoderLayer;

  before(async () => {
    layer = (await describeModel(await tinyModel())).layers[0]!;
  });

  function run(arithmetic: Arithmetic, options: BlockOptions = {}, own = layer, lookup = weight): Float32Array {
    const stream = input.slice();
    runBlock(own, stream, lengths, lookup, arithmetic, options);
    return stream;
  }

  /** The inputs that a run tells of, by tensor. */
  function inputsOf(options: BlockOptions = {}, arithmetic: Arithmetic = plainArithmetic): Map<string, Float32Array> {
    const heard = new Map<string, Float32Array>();
    run(arithmetic, {
      ...options,
      listener: (tensor, given, rows, columns) => {
        assert.equal(given.length, rows * columns);
        assert.ok(!heard.has(tensor));
        heard.set(tensor, given.slice());
      },
    });
    return heard;
  }

  it("is the same by the kernels as by plain code", () => {
    const kernels = new KernelArithmetic(kernelModule());
    for (const own of [
      layer,
      { ...layer, attention: { ...layer.attention, window: 3, cap: 2 } },
      { ...layer, residualScale: 0.5, feedForward: { ...layer.feedForward, activation: "gelu" as const } },
    ]) {
      const [expected, found] = [run(plainArithmetic, {}, own), run(kernels, {}, own)];
      found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 2e-5, `${value}, expected ${expected[i]}`));
    }
  });

  it("gives a sequence the same result alone as among others, to the last bit", () => {
    const kernels = new KernelArithmetic(kernelModule());
    const together = run(kernels);
    let start = 0;
    for (const length of lengths) {
      const end = start + length * tiny.hidden;
      const alone = input.slice(start, end);
      runBlock(layer, alone, [length], weight, kernels);
      assert.deepEqual(alone, together.slice(start, end));
      start = end;
    }
  });

  it("does not look ahead", () => {
    const stream = input.slice(0, 9 * tiny.hidden);
    const changed = stream.slice();
    changed.fill(3, 8 * tiny.hidden);
    runBlock(layer, stream, [9], weight, plainArithmetic);
    runBlock(layer, changed, [9], weight, plainArithmetic);
    assert.deepEqual(changed.slice(0, 8 * tiny.hidden), stream.slice(0, 8 * tiny.hidden));
    assert.notDeepEqual(changed.slice(8 * tiny.hidden), stream.slice(8 * tiny.hidden));
  });

  it("tells of the input of every linear layer, of which its output is made", () => {
    const heard = inputsOf();
    assert.deepEqual([...heard.keys()], linears.map(nameOf));
    assert.deepEqual(heard.get(nameOf("self_attn.q_proj")), heard.get(nameOf("self_attn.v_proj")));
    assert.deepEqual(heard.get(nameOf("mlp.gate_proj")), heard.get(nameOf("mlp.up_proj")));
    // The stream after the block, less before the feed-forward layer, is the product with the last input: checked through linearity.
    const without = run(plainArithmetic, {}, layer, (name) =>
      name === nameOf("mlp.down_proj") ? new Float32Array(weight(name).length) : weight(name),
    );
    const [down, last] = [weight(nameOf("mlp.down_proj")), heard.get(nameOf("mlp.down_proj"))!];
    const output = run(plainArithmetic);
    for (let token = 0; token < tokens; token++) {
      for (let c = 0; c < tiny.hidden; c++) {
        let sum = 0;
        for (let k = 0; k < tiny.feedForward; k++) sum += last[token * tiny.feedForward + k]! * down[c * tiny.feedForward + k]!;
        const place = token * tiny.hidden + c;
        assert.ok(Math.abs(output[place]! - without[place]! - sum) < 1e-5);
      }
    }
  });

  it("runs only as far as asked, and leaves the stream as it was", () => {
    const whole = inputsOf();
    for (const [index, part] of linears.entries()) {
      const heard = inputsOf({ until: nameOf(part) });
      assert.deepEqual(heard.get(nameOf(part)), whole.get(nameOf(part)));
      // Layers with the same input come together.
      const together = index < 3 ? 3 : index < 4 ? 4 : index < 6 ? 6 : 7;
      assert.equal(heard.size, together);
      assert.deepEqual(run(plainArithmetic, { until: nameOf(part) }), input);
    }
    assert.throws(() => run(plainArithmetic, { until: "model.norm.weight" }), RangeError);
  });

  it("ends when a check throws", () => {
    let calls = 0;
    const check = (): void => {
      if (++calls === 3) throw new Error("enough");
    };
    assert.throws(() => run(plainArithmetic, { check }), /enough/);
  });
});

describe("the memory of the kernels' arithmetic", () => {
  it("grows with what is asked for, and is not given beyond", () => {
    const kernels = new KernelArithmetic(kernelModule());
    assert.throws(() => kernels.floats(1), RangeError);
    kernels.begin(1000);
    kernels.floats(1000);
    assert.throws(() => kernels.floats(2 ** 20), RangeError);
    kernels.begin(2 ** 20);
    assert.equal(kernels.floats(2 ** 20).length, 2 ** 20);
    assert.throws(() => kernels.begin(2 ** 31), RangeError);
    assert.throws(() => kernels.softCap(new Float32Array(4), 1), RangeError);
  });
});
