import assert from "node:assert/strict";
import type { ChosenRange } from "../../../src/core/calibrate/calibrationMethods";
import { GrowingHistogram } from "../../../src/core/calibrate/growingHistogram";
import { thresholdFigures } from "../../../src/core/calibrate/thresholds";
import { CancelledError } from "../../../src/core/errors";
import { Calibration, type CalibrationHost } from "../../../src/extension/calibration/calibration";
import { JobList } from "../../../src/extension/jobs/jobList";
import { calibrationReport } from "../../../src/extension/report/calibrationReports";
import type { CalibratedTensor, CalibrateInput, CalibrateReport } from "../../../src/jobs/calibrateJob";
import type { JobContext } from "../../../src/jobs/contract";
import type { CalibrationRun } from "../../../src/protocol/calibration";
import { fakeCheckpoint, settle } from "./fakeDocument";

interface Run {
  input: CalibrateInput;
  context: JobContext;
  finish(): void;
  fail(error: unknown): void;
}

/** An engine that calibrates when the test says so, and judges thresholds as the real one does. */
class CalibratingEngine {
  readonly runs: Run[] = [];
  searches = 0;

  calibrate(input: CalibrateInput, context: JobContext): Promise<CalibrateReport> {
    return new Promise((resolve, reject) => {
      context.signal.addEventListener("abort", () => reject(new CancelledError()));
      const finish = (): void => resolve({ samples: 2, tokens: 32, bits: input.bits, tensors: [], elapsedMs: 7 });
      this.runs.push({ input, context, finish, fail: reject });
    });
  }

  ranges(): Promise<ChosenRange[]> {
    this.searches++;
    return Promise.resolve([{ low: -1, high: 2 }]);
  }

  thresholds: Awaited<ReturnType<CalibrationHost["engine"]>>["thresholds"] = ({ observed, bits, thresholds }) =>
    Promise.resolve(thresholdFigures(observed, bits, thresholds));
}

/** What the engine tells of a weight; inputs whose number is the same are the same. */
function seen(name: string, input: number): CalibratedTensor {
  const values = Float32Array.of(-3, -1, 0.5, 2, 4);
  const histogram = new GrowingHistogram();
  histogram.add(values);
  const method = { low: -3, high: 4, scale: 7 / 255, zeroPoint: 109, mse: 0.01 };
  return {
    name,
    input,
    min: -3,
    max: 4,
    meanSquare: 6.05,
    histogram: histogram.state(),
    channelMax: Float32Array.of(1, 4, 0.5, 1),
    methods: { minmax: method, percentile: method, mse: { ...method, mse: 0.004, curve: [{ threshold: 1, loss: 1 }] }, entropy: method },
    dynamicMse: 0.001,
    sweep: [{ samples: 1, mse: { minmax: 0.02 } }],
  };
}

function open() {
  const engine = new CalibratingEngine();
  const jobs = new JobList();
  const failures: unknown[] = [];
  const calibration = new Calibration(fakeCheckpoint(1), {
    engine: () => Promise.resolve(engine),
    jobs,
    uri: "file:///fake",
    text: { calibrate: "Calibrate", calibrated: (inputs) => `${inputs} inputs`, sample: "Sample text" },
    samples: (_, { samples = 2 }) =>
      Promise.resolve({ samples: Array.from({ length: samples }, () => new Int32Array(16)), dataset: "words.txt" }),
    reportFailure: (error) => failures.push(error),
  });
  const runs: CalibrationRun["kind"][] = [];
  calibration.onDidChangeRun(({ run }) => runs.push(run.kind));
  return { calibration, engine, jobs, failures, runs };
}

async function measured() {
  const opened = open();
  opened.calibration.choose({ samples: 2, bits: 8 });
  await settle();
  const [run] = opened.engine.runs;
  for (const name of ["q_proj", "k_proj"]) run!.input.onTensor?.(seen(`model.layers.3.self_attn.${name}.weight`, 0));
  run!.input.onTensor?.(seen("model.layers.3.mlp.down_proj.weight", 1));
  run!.finish();
  await settle();
  return opened;
}

describe("Calibration", () => {
  it("does nothing before it is asked to, then shows inputs as they come: weights with the same one as one", async () => {
    const { calibration, engine, jobs, runs } = open();
    assert.deepEqual([calibration.run.kind, calibration.text.name, engine.runs.length], ["none", "Sample text", 0]);
    const told: string[][] = [];
    calibration.onDidSee((inputs) => told.push(inputs.flatMap(({ weights }) => weights)));
    calibration.choose({ text: "/texts/words.txt", samples: 3, bits: 8 });
    assert.equal(calibration.text.name, "words.txt");
    await settle();
    const { input } = engine.runs[0]!;
    assert.deepEqual([input.samples.length, input.bits, input.methods], [3, 8, ["minmax", "percentile", "mse", "entropy"]]);
    input.onTensor?.(seen("model.layers.0.self_attn.q_proj.weight", 0));
    input.onTensor?.(seen("model.layers.0.self_attn.v_proj.weight", 0));
    assert.deepEqual(told, [], "there may be more with the same input");
    input.onTensor?.(seen("model.layers.0.self_attn.o_proj.weight", 1));
    assert.equal(told.length, 1);
    engine.runs[0]!.finish();
    await settle();
    assert.deepEqual(told, [
      ["model.layers.0.self_attn.q_proj.weight", "model.layers.0.self_attn.v_proj.weight"],
      ["model.layers.0.self_attn.o_proj.weight"],
    ]);
    assert.deepEqual(calibration.text, { name: "words.txt", samples: 3, tokens: 48 });
    assert.deepEqual([runs.at(0), runs.at(-1)], ["running", "done"]);
    assert.equal(jobs.entries[0]?.state.kind, "done");
  });

  it("says of an input what was seen, and what each method makes of it", async () => {
    const { calibration } = await measured();
    const [input] = calibration.inputs;
    assert.deepEqual(
      [input!.layer, input!.kind, input!.columns, input!.values, input!.min, input!.max, input!.absMax],
      [3, "q_proj, k_proj", 4, 5, -3, 4, 4],
    );
    assert.deepEqual([input!.outlierRatio, input!.medianChannel, input!.worst[0]], [4, 1, { channel: 1, max: 4 }]);
    assert.deepEqual(input!.blocks, [1, 4, 0.5, 1]);
    assert.ok(Math.abs(input!.methods["mse"]!.sqnrDb! - 10 * Math.log10(6.05 / 0.004)) < 1e-9);
    assert.deepEqual(Object.keys(input!.methods["mse"]!).sort(), ["high", "low", "mse", "scale", "sqnrDb", "zeroPoint"]);
  });

  it("judges thresholds by the engine, and asks for the slow search once", async () => {
    const { calibration, engine } = await measured();
    const { signal } = new AbortController();
    const { histogram, curve, marks } = await calibration.detail(0, signal);
    assert.equal(
      histogram.counts.reduce((sum, count) => sum + count, 0),
      5,
    );
    assert.ok(histogram.max >= 4 && curve.at(-1)!.threshold === histogram.max && curve.at(-1)!.clipped === 0);
    assert.deepEqual([marks["minmax"]!.threshold, marks["minmax"]!.clipped], [4, 0]);
    const judged = await calibration.threshold(0, 1.5, signal);
    assert.deepEqual([judged.low, judged.high, judged.clipped], [-1.5, 1.5, 3]);
    const slow = await Promise.all([calibration.onnxEntropy(0), calibration.onnxEntropy(0)]);
    assert.deepEqual([slow[0].threshold, slow[0] === slow[1], engine.searches], [2, true, 1]);
    await assert.rejects(calibration.threshold(9, 1, signal), CancelledError);
  });

  it("runs again for other bits, and has what it found when they come back", async () => {
    const { calibration, engine } = await measured();
    calibration.setBits(4);
    await settle();
    assert.deepEqual([engine.runs.length, engine.runs[1]!.input.bits, calibration.inputs.length], [2, 4, 0]);
    calibration.setBits(8);
    await settle();
    assert.deepEqual([engine.runs.length, calibration.run.kind, calibration.inputs.length], [2, "done", 2]);
    assert.ok(engine.runs[1]!.context.signal.aborted);
  });

  it("keeps what was measured when it is cancelled, and begins anew when it is started again", async () => {
    const { calibration, engine, failures } = open();
    calibration.choose({ samples: 2, bits: 8 });
    await settle();
    engine.runs[0]!.input.onTensor?.(seen("a.weight", 0));
    engine.runs[0]!.input.onTensor?.(seen("b.weight", 1));
    calibration.cancel();
    await settle();
    assert.deepEqual([calibration.run.kind, calibration.inputs.length, failures], ["cancelled", 1, []]);
    calibration.start();
    await settle();
    assert.deepEqual([engine.runs.length, calibration.inputs.length, calibration.run.kind], [2, 0, "running"]);
  });

  it("says why it failed", async () => {
    const { calibration, engine, failures } = open();
    calibration.choose({ samples: 2, bits: 8 });
    await settle();
    engine.runs[0]!.fail(new Error("no tokenizer"));
    await settle();
    assert.deepEqual(calibration.run, { kind: "failed", message: "no tokenizer" });
    assert.equal(failures.length, 1);
  });

  it("is a document: rows of inputs and methods, or all of it", async () => {
    const { calibration } = await measured();
    const csv = calibrationReport(calibration, "csv").trimEnd().split("\r\n");
    assert.equal(csv[0], "input of,method,low,high,scale,zeroPoint,mse,sqnrDb,min,max,absMax,outlierRatio");
    assert.equal(csv.length, 1 + 2 * 5);
    assert.match(csv[3]!, /^model\.layers\.3\.self_attn\.q_proj\.weight model.*,mse,-3,4,0\.027\d+,109,0\.004,31\.\d+,-3,4,4,4$/);
    assert.match(csv[5]!, /,per token,,,,,0\.001,/);
    const document = JSON.parse(calibrationReport(calibration, "json")) as { bits: number; inputs: unknown[] };
    assert.deepEqual([document.bits, document.inputs.length], [8, 2]);
    assert.match(calibrationReport(calibration, "md"), /^\| input of \| method \| low \|/);
  });
});
