import assert from "node:assert/strict";
import { CancelledError, UsageError } from "../../../src/core/errors";
import { describeModel } from "../../../src/core/model/describe";
import { runBlock } from "../../../src/core/model/block";
import { windowsOf } from "../../../src/core/model/perplexity";
import { plainArithmetic } from "../../../src/core/model/plainArithmetic";
import { rmsNorm } from "../../../src/core/model/norm";
import { storedModel } from "../../../src/jobs/perplexityModel";
import { forwardSize } from "../../../src/jobs/model/forwardSize";
import { openFiles } from "../../support/openBytes";
import { pickle, pickledTensor, writeTorch } from "../../support/torchWriter";
import { tiny, tinyConfig, tinyModel, tinyTensors } from "../../support/tinyModel";
import { engineOf, quiet } from "./harness";

const ids = Int32Array.from({ length: 200 }, (_, i) => (i * 13 + (i >> 3)) % tiny.vocabulary);
const length = 16;
const windows = windowsOf(ids, length);

const code = (wanted: string) => (error: unknown) => error instanceof UsageError && error.code === wanted;

const valuesOf = (tensors: ReturnType<typeof tinyTensors>): Map<string, Float32Array> =>
  new Map(tensors.map(({ name, bytes }) => [name, new Float32Array(bytes!.buffer)]));

/** The stream of one sequence before the output matrix, by plain code in one piece. */
async function plainStream(sequence: Int32Array): Promise<Float32Array> {
  const description = await describeModel(await tinyModel());
  const values = valuesOf(tinyTensors());
  const weight = (name: string): Float32Array => values.get(name)!;
  const stream = new Float32Array(sequence.length * tiny.hidden);
  sequence.forEach((id, i) => {
    const row = weight("model.embed_tokens.weight").subarray(id * tiny.hidden, (id + 1) * tiny.hidden);
    stream.set(row, i * tiny.hidden);
  });
  for (const layer of description.layers) runBlock(layer, stream, [sequence.length], weight, plainArithmetic);
  rmsNorm(stream, weight("model.norm.weight"), 1e-5, 0, stream);
  return stream;
}

/** The output matrix of the model. */
const plainHead = valuesOf(tinyTensors()).get("lm_head.weight")!;

function logitsAt(stream: Float32Array, position: number, head = plainHead): Float64Array {
  return Float64Array.from({ length: tiny.vocabulary }, (_, id) => {
    let sum = 0;
    for (let k = 0; k < tiny.hidden; k++) sum += stream[position * tiny.hidden + k]! * head[id * tiny.hidden + k]!;
    return sum;
  });
}

const topOf = (values: Float64Array): number => values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);

function logSoftmax(logits: Float64Array): Float64Array {
  const logSum = Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0));
  return logits.map((value) => value - logSum);
}

/** The bytes of a float32 matrix, column after column. */
function transposed(bytes: Uint8Array, rows: number, columns: number): Uint8Array {
  const values = new Float32Array(bytes.buffer);
  const found = Float32Array.from({ length: values.length }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
  return new Uint8Array(found.buffer);
}

describe("running a model", () => {
  const engine = engineOf(2);
  const single = engineOf(1);

  it("gives logits of the last position, likelihood and root mean squares as plain code does", async () => {
    const sequence = ids.slice(0, 20);
    const report = await engine().logits({ checkpoint: await tinyModel(), ids: sequence }, quiet());
    const stream = await plainStream(sequence);
    const expected = logitsAt(stream, 19);
    report.logits.forEach((logit, id) => assert.ok(Math.abs(logit - expected[id]!) < 1e-4));
    const nll = sequence.slice(1).reduce((sum, id, i) => sum - logSoftmax(logitsAt(stream, i))[id]!, 0) / 19;
    assert.ok(Math.abs(report.nll! - nll) < 1e-5);
    assert.deepEqual(
      report.layers.map(({ name }) => name),
      ["embedding", "layers.0", "layers.1"],
    );
  });

  it("gives the same logits from a PyTorch file, and one that stores its matrices transposed", async () => {
    const sequence = ids.slice(0, 20);
    const expected = await engine().logits({ checkpoint: await tinyModel(), ids: sequence }, quiet());
    for (const isTransposed of [false, true]) {
      const tensors = tinyTensors().map(({ name, shape, bytes }, i) => {
        const numel = bytes!.length / 4;
        const [rows = 1, columns = 1] = shape;
        const isMatrix = isTransposed && shape.length === 2;
        const stored = isMatrix ? transposed(bytes!, rows, columns) : bytes!;
        const place = { key: String(i), numel, shape, ...(isMatrix ? { strides: [1, rows] } : {}) };
        return { name, stored, entry: pickledTensor(place) };
      });
      const archive = writeTorch({
        object: pickle.dict(Object.fromEntries(tensors.map(({ name, entry }) => [name, entry]))),
        storages: Object.fromEntries(tensors.map(({ stored }, i) => [i, stored])),
      });
      const checkpoint = await openFiles({ "pytorch_model.bin": archive, "config.json": JSON.stringify(tinyConfig) }, "pytorch_model.bin");
      const report = await engine().logits({ checkpoint, ids: sequence }, quiet());
      assert.deepEqual({ ...report, elapsedMs: 0 }, { ...expected, elapsedMs: 0 });
    }
  });

  it("has no likelihood for a single token", async () => {
    const report = await engine().logits({ checkpoint: await tinyModel(), ids: Int32Array.of(3) }, quiet());
    assert.equal(report.nll, null);
  });

  it("measures perplexity over windows that begin with the first token of a text, and counts what the protocol scores", async () => {
    for (const [protocol, first] of [
      ["llama-perplexity", length / 2],
      ["plain", 0],
    ] as const) {
      const report = await engine().perplexity(
        { original: await storedModel(await tinyModel()), windows: windowsOf(ids, length, 1), protocol },
        quiet(),
      );
      let sum = 0;
      let place = 0;
      for (let w = 0; w < windows.length; w++) {
        const window = Int32Array.from([1, ...ids.slice(w * length + 1, (w + 1) * length)]);
        const stream = await plainStream(window);
        for (let position = first; position < length - 1; position++, place++) {
          const nll = -logSoftmax(logitsAt(stream, position))[window[position + 1]!]!;
          assert.ok(Math.abs(report.scored.nll[place]! - nll) < 1e-4);
          assert.equal(report.scored.ids[place], window[position + 1]);
          sum += nll;
        }
      }
      assert.deepEqual([report.tokens, report.windows, report.context], [place, windows.length, length]);
      assert.ok(Math.abs(report.perplexity - Math.exp(sum / place)) < 1e-3);
    }
  });

  it("gives the same digits with one thread as with two", async () => {
    const long = Int32Array.from({ length: 16_000 }, (_, i) => (i * i + 7 * i) % tiny.vocabulary);
    const original = await storedModel(await tinyModel());
    const [one, two] = await Promise.all(
      [single, engine].map((pool) => pool().perplexity({ original, windows: windowsOf(long, tiny.context) }, quiet())),
    );
    assert.deepEqual({ ...one, elapsedMs: 0 }, { ...two, elapsedMs: 0 });
  });

  it("measures how far the answers are from the original's", async () => {
    const changed = tinyTensors();
    const head = new Float32Array(changed[changed.length - 1]!.bytes!.buffer);
    head.forEach((value, i) => (head[i] = Math.round(value * 4) / 4));
    const [original, variant] = [await storedModel(await tinyModel()), await storedModel(await tinyModel(tinyConfig, changed))];
    const input = { windows, protocol: "plain" } as const;
    const report = await engine().perplexity({ ...input, original, variants: [variant] }, quiet());
    const found = report.variants[0]!;
    const alone = [
      await engine().perplexity({ ...input, original: variant }, quiet()),
      await engine().perplexity({ ...input, original }, quiet()),
    ];
    assert.deepEqual([found.nll, report.nll], [alone[0]!.nll, alone[1]!.nll]);
    let place = 0;
    let same = 0;
    for (let w = 0; w < windows.length; w++) {
      const stream = await plainStream(ids.slice(w * length, (w + 1) * length));
      for (let position = 0; position < length - 1; position++, place++) {
        // Only the output matrix differs: both come of the same stream.
        const p = logSoftmax(logitsAt(stream, position));
        const q = logSoftmax(logitsAt(stream, position, head));
        const divergence = p.reduce((sum, log, id) => sum + Math.exp(log) * (log - q[id]!), 0);
        assert.ok(Math.abs(found.scored.divergence[place]! - divergence) < 1e-5, `${divergence}`);
        if (topOf(p) === topOf(q)) same++;
      }
    }
    assert.equal(found.sameTop, same / place);
    assert.ok(same < place && found.divergence.mean > 0 && found.divergence.max >= found.divergence.percentile99);
  });

  it("finds no divergence of a checkpoint from itself", async () => {
    const [original, variant] = [await storedModel(await tinyModel()), await storedModel(await tinyModel())];
    const { variants } = await engine().perplexity({ original, variants: [variant], windows }, quiet());
    assert.deepEqual([variants[0]!.sameTop, variants[0]!.divergence.max < 1e-7], [1, true]);
  });

  it("refuses ids and windows that make no sense, and a model that does not fit", async () => {
    const checkpoint = await tinyModel();
    const original = await storedModel(checkpoint);
    const perplexity = (input: object) => engine().perplexity({ original, windows, ...input }, quiet());
    await assert.rejects(engine().logits({ checkpoint, ids: new Int32Array(0) }, quiet()), code("no-ids"));
    await assert.rejects(engine().logits({ checkpoint, ids: Int32Array.of(40) }, quiet()), code("bad-id"));
    await assert.rejects(engine().logits({ checkpoint, ids: new Int32Array(33) }, quiet()), code("too-long"));
    await assert.rejects(perplexity({ windows: [new Int32Array(33)] }), code("too-long"));
    await assert.rejects(perplexity({ windows: [new Int32Array(3)] }), code("bad-context"));
    await assert.rejects(perplexity({ windows: [new Int32Array(8), new Int32Array(9)] }), code("bad-context"));
    await assert.rejects(perplexity({ windows: [] }), code("no-ids"));
    assert.throws(() => windowsOf(ids.slice(0, 15), 16), code("too-few-ids"));
    const embedding = tinyTensors().map((tensor) =>
      ["model.embed_tokens.weight", "lm_head.weight"].includes(tensor.name)
        ? { ...tensor, shape: [20, tiny.hidden], bytes: tensor.bytes!.subarray(0, 20 * tiny.hidden * 4) }
        : tensor,
    );
    await assert.rejects(
      perplexity({ variants: [await storedModel(await tinyModel(tinyConfig, embedding))], windows: [new Int32Array(16)] }),
      code("other-vocabulary"),
    );
    const description = await describeModel(checkpoint);
    assert.throws(() => forwardSize(checkpoint, description, [16], 2, 1e6), code("too-large"));
  });

  it("tells its progress up to the end, and stops soon after it is cancelled", async () => {
    const long = Int32Array.from({ length: 320_000 }, (_, i) => i % tiny.vocabulary);
    const checkpoint = await tinyModel();
    const original = await storedModel(checkpoint);
    let last = [0, 1];
    await engine().perplexity(
      { original, windows: windowsOf(long.subarray(0, 3200), tiny.context) },
      { ...quiet(), progress: (...found) => void (last = found) },
    );
    assert.equal(last[0], last[1]);
    const controller = new AbortController();
    const context = { signal: controller.signal, progress: (done: number) => void (done > 0 && controller.abort()) };
    await assert.rejects(engine().perplexity({ original, windows: windowsOf(long, tiny.context) }, context), CancelledError);
    // The workers are free again.
    await engine().logits({ checkpoint, ids: Int32Array.of(1, 2) }, quiet());
  });
});
