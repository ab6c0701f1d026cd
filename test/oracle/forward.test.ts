import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { findDecoder } from "../../src/core/decode/decoder";
import { FormatError } from "../../src/core/errors";
import { runBlock } from "../../src/core/model/block";
import { describeModel } from "../../src/core/model/describe";
import type { Checkpoint } from "../../src/core/tensor/checkpoint";
import { countValues } from "../../src/core/tensor/tensorInfo";
import { openPath } from "../../src/io/openPath";
import type { LogitsReport } from "../../src/jobs/logitsJob";
import { KernelArithmetic } from "../../src/jobs/tasks/kernelArithmetic";
import { cliJson } from "../support/cli";
import { kernelModule } from "../support/kernelMemory";
import { llamaOrSkip } from "../support/llama";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";
import { valueBytes } from "../support/tensorValues";
import { engineOf, quiet } from "../unit/jobs/harness";

interface Sequence {
  ids: number[];
  logits_last: number[];
  mean_nll: number;
  hidden_rms: number[];
}

/** Families that are run, and whether our own writer makes GGUF files of them. */
const run: Readonly<Record<string, boolean>> = {
  llama: true,
  llama3: true,
  smollm: true,
  mistral: true,
  qwen2: true,
  qwen3: true,
  gemma2: true,
  gemma3: true,
  phi3: true,
  granite: false,
  olmo2: false,
  smollm3: false,
};

const tolerance = 1e-3;

describe("models of each architecture, run here and by transformers", function () {
  this.timeout(300_000);
  const engine = engineOf(2);
  const folder = temporaryFolder();
  const table: string[] = [];
  let root: string;

  before(function () {
    root = sharedOrSkip(this, "fixtures/architectures");
  });

  after(() => {
    if (table.length > 0)
      console.log(["", "      largest distances: last logits, mean likelihood, root mean squares", ...table, ""].join("\n"));
  });

  async function answer(source: string, ids: readonly number[]): Promise<LogitsReport> {
    const checkpoint = await openPath(source);
    try {
      return await engine().logits({ checkpoint, ids: Int32Array.from(ids) }, quiet());
    } finally {
      await checkpoint.close();
    }
  }

  function distances(report: LogitsReport, expected: Sequence): [logit: number, nll: number, rms: number] {
    assert.equal(report.logits.length, expected.logits_last.length);
    assert.equal(report.layers.length, expected.hidden_rms.length);
    const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0);
    return [
      largest(expected.logits_last.map((logit, i) => Math.abs(logit - report.logits[i]!))),
      Math.abs(expected.mean_nll - report.nll!),
      largest(expected.hidden_rms.map((rms, i) => Math.abs(rms - report.layers[i]!.rms))),
    ];
  }

  const sequencesOf = (name: string): Sequence[] =>
    (JSON.parse(readFileSync(path.join(root, name, "reference.json"), "utf8")) as { sequences: Sequence[] }).sequences;

  async function check(form: string, name: string, source: string, sequences: readonly Sequence[]): Promise<void> {
    const found: [number, number, number] = [0, 0, 0];
    for (const sequence of sequences) {
      const each = distances(await answer(source, sequence.ids), sequence);
      each.forEach((distance, i) => (found[i] = Math.max(found[i]!, distance)));
    }
    table.push(`      ${name.padEnd(8)} ${form.padEnd(12)} ${found.map((distance) => distance.toExponential(1)).join("  ")}`);
    found.forEach((distance, i) => assert.ok(distance < tolerance, `${["logits", "likelihood", "root mean squares"][i]!}: ${distance}`));
  }

  for (const [name, isConverted] of Object.entries(run)) {
    it(`${name}: logits, likelihood and the stream after every layer`, () =>
      check("safetensors", name, path.join(root, name), sequencesOf(name)));

    if (!isConverted) continue;
    it(`${name}: the same from the GGUF file made of it`, async () => {
      const file = folder(`${name}.gguf`);
      await cliJson("quantize", path.join(root, name), "--to", "gguf", "--type", "F32", "--out", file);
      // The format has no place for the window of Mistral: only the first sequence is shorter.
      await check("gguf", name, file, name === "mistral" ? sequencesOf(name).slice(0, 1) : sequencesOf(name));
    });
  }

  it("refuses every other one by name", async () => {
    const others = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !(entry.name in run));
    assert.equal(others.length, 5);
    for (const { name } of others) {
      const { architectures } = JSON.parse(readFileSync(path.join(root, name, "config.json"), "utf8")) as { architectures: string[] };
      await assert.rejects(
        answer(path.join(root, name), [1]),
        (error: unknown) => error instanceof FormatError && error.code === "model.unknown-part" && error.fields.found === architectures[0],
      );
    }
  });
});

interface LinearInputs {
  absmax: number;
  rms: number;
  mean: number;
  absmax_channel: number;
  mean_square_first4: number[];
}

interface SampleReference {
  prompt: { ids: number[]; top5: { id: number; logit: number }[]; first8_logits: number[] };
  linear_inputs_first_window: { layers: Record<string, LinearInputs> };
}

describe("the sample, run here and by transformers", function () {
  this.timeout(120_000);
  const engine = engineOf(2);
  let root: string;
  let reference: SampleReference;

  before(function () {
    root = sharedOrSkip(this, "sample");
    reference = JSON.parse(readFileSync(path.join(root, "reference.json"), "utf8")) as SampleReference;
  });

  it("answers a prompt with the same five tokens, and the same logits", async () => {
    const { ids, top5, first8_logits } = reference.prompt;
    const checkpoint = await openPath(path.join(root, "hf"));
    const { logits } = await engine().logits({ checkpoint, ids: Int32Array.from(ids) }, quiet());
    await checkpoint.close();
    const best = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!).slice(0, 5);
    assert.deepEqual(
      best,
      top5.map(({ id }) => id),
    );
    for (const { id, logit } of top5) assert.ok(Math.abs(logits[id]! - logit) < tolerance);
    first8_logits.forEach((logit, id) => assert.ok(Math.abs(logits[id]! - logit) < tolerance));
  });

  it("gives every linear layer of its blocks the same inputs over the first window of a text", async function () {
    const model = llamaOrSkip(this).load(sharedOrSkip(this, "sample/gguf/model-f16.gguf"), 256);
    const ids = model.tokenize(readFileSync(path.join(root, "validation.txt"), "utf8"), true).slice(0, 256);
    model.close();
    const checkpoint = await openPath(path.join(root, "hf"));
    const { layers, embedding, hidden } = await describeModel(checkpoint);
    const values = new Map<string, Float32Array>();
    const weight = (name: string): Float32Array => {
      const known = values.get(name) ?? decoded(checkpoint, name);
      values.set(name, known);
      return known;
    };
    const stream = Float32Array.from(ids.flatMap((id) => [...weight(embedding.tensor).subarray(id * hidden, (id + 1) * hidden)]));
    const arithmetic = new KernelArithmetic(kernelModule());
    const heard = new Set<string>();
    const listener = (tensor: string, inputs: Float32Array, rows: number, columns: number): void => {
      const name = tensor.replace(/\.weight$/, "");
      heard.add(name);
      assert.equal(rows, 256);
      compareInputs(inputs, columns, reference.linear_inputs_first_window.layers[name]!, name);
    };
    for (const layer of layers) runBlock(layer, stream, [ids.length], weight, arithmetic, { listener });
    await checkpoint.close();
    const expected = Object.keys(reference.linear_inputs_first_window.layers).filter((name) => name !== "lm_head");
    assert.deepEqual([...heard].sort(), expected.sort());
  });
});

function decoded(checkpoint: Checkpoint, name: string): Float32Array {
  const tensor = checkpoint.tensors.find((candidate) => candidate.name === name)!;
  const target = new Float32Array(countValues(tensor.shape));
  findDecoder(tensor.dtype)!.decode(valueBytes(checkpoint, tensor), target);
  return target;
}

function compareInputs(inputs: Float32Array, columns: number, expected: LinearInputs, name: string): void {
  const near = (actual: number, wanted: number, what: string): void =>
    assert.ok(Math.abs(actual - wanted) <= 1e-4 * Math.max(Math.abs(wanted), 0.01), `${name}: ${what} ${actual}, expected ${wanted}`);
  const largest = inputs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  near(largest, expected.absmax, "largest");
  assert.equal(inputs.findIndex((value) => Math.abs(value) === largest) % columns, expected.absmax_channel);
  near(Math.sqrt(inputs.reduce((sum, value) => sum + value * value, 0) / inputs.length), expected.rms, "root mean square");
  near(inputs.reduce((sum, value) => sum + value, 0) / inputs.length, expected.mean, "mean");
  expected.mean_square_first4.forEach((square, column) => {
    let sum = 0;
    for (let at = column; at < inputs.length; at += columns) sum += inputs[at]! ** 2;
    near(sum / 256, square, `mean square of column ${column}`);
  });
}
