import assert from "node:assert/strict";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import type { TensorInfo } from "../../../src/core/tensor/tensorInfo";
import { ErrorTable } from "../../../src/extension/errors/errorTable";
import { JobList } from "../../../src/extension/jobs/jobList";
import type { ErrorsReport } from "../../../src/jobs/contract";
import type { ErrorsRun, FigureBatch } from "../../../src/protocol/errors";
import { FakeEngine, fakeCheckpoint, fakeErrors, settle } from "./fakeDocument";

const types = ["Q8_0", "Q4_K"];
const bytes: Record<string, number> = { Q8_0: 34, Q4_K: 18 };

/** What the engine tells of tensors `w0`, `w1` …; the error of `Q4_K` is a tenth and a hundredth more with each tensor. */
function reportOf(count: number, columns = types): ErrorsReport {
  const error = (type: string, index: number): number => (type === "Q8_0" ? 0.005 : (10 + index) / 100);
  return {
    tensors: Array.from({ length: count }, (_, index) => ({
      name: `w${index}`,
      shape: [4, 8],
      types: Object.fromEntries(columns.map((type) => [type, fakeErrors(error(type, index), { bytes: bytes[type] ?? 20 })])),
    })),
    total: Object.fromEntries(columns.map((type) => [type, fakeErrors(error(type, 0), { bytes: count * (bytes[type] ?? 20) })])),
    skipped: [],
    elapsedMs: 5,
    bytesRead: 100,
  };
}

function open(checkpoint: Checkpoint = fakeCheckpoint(3), columns = types) {
  const engine = new FakeEngine();
  const failures: unknown[] = [];
  const jobs = new JobList();
  const table = new ErrorTable(
    checkpoint,
    {
      engine: () => Promise.resolve(engine),
      jobs,
      uri: "file:///fake",
      text: { measure: "Errors", measured: (count) => `${count} types`, needsImportance: (type) => `${type} needs one` },
      reportFailure: (error) => failures.push(error),
    },
    columns,
  );
  const runs: ErrorsRun[] = [];
  const batches: FigureBatch[] = [];
  table.onDidChangeRun((run) => runs.push(run));
  table.onDidMeasure((batch) => batches.push(batch));
  return { table, engine, failures, jobs, runs, batches };
}

const shown = (table: ErrorTable, type: string) =>
  table.types.find((entry) => entry.type === type)?.tensors.map((row) => row?.relativeRmse);

describe("ErrorTable", () => {
  it("is about matrices with readable values, named by layer and kind", () => {
    const [plain] = fakeCheckpoint(1).tensors;
    const named = (name: string, shape = [4, 8], dtype = "F32") => ({ ...plain!, name, shape, dtype });
    const tensors = [
      named("model.embed_tokens.weight"),
      named("model.layers.12.self_attn.q_proj.weight"),
      named("model.layers.12.input_layernorm.weight", [8]),
      named("model.layers.3.mlp.experts.7.w1.weight"),
      named("h.2.mlp.c_fc.weight"),
      named("blk.5.ffn_up.weight"),
      named("empty.weight", [0, 8]),
      named("unknown.weight", [4, 8], "XYZ"),
    ];
    const { table } = open({ ...fakeCheckpoint(1), tensors });
    assert.deepEqual(
      table.tensors.map(({ index, layer, kind }) => [index, layer, kind]),
      [
        [0, undefined, "embed_tokens"],
        [1, 12, "q_proj"],
        [3, 3, "w1"],
        [4, 2, "c_fc"],
        [5, 5, "ffn_up"],
      ],
    );
  });

  it("calls types by their labels, also those that no list has", () => {
    const { table } = open(fakeCheckpoint(1), ["Q4_K", "hqq4-g128"]);
    assert.deepEqual(
      table.types.map(({ label }) => label),
      ["Q4_K", "HQQ4"],
    );
  });

  it("measures once, shows a sample first, and tells every exact row once", async () => {
    const { table, engine, runs, batches, jobs } = open();
    table.measure();
    table.measure();
    await settle();
    assert.equal(engine.errorRuns.length, 1);
    const [run] = engine.errorRuns;
    assert.deepEqual([run!.input.tensors, run!.input.types], [[0, 1, 2], types]);
    run!.input.onSampled?.({ ...reportOf(3), share: 0.2 });
    assert.ok(table.types.every(({ isSampled, total }) => isSampled && total));
    run!.context.progress(50, 100);
    const progress = runs.at(-1);
    assert.ok(progress?.kind === "running" && progress.doneBytes === 50 && progress.share === 0.2);
    await new Promise((resolve) => setTimeout(resolve, 250));
    run!.input.onTensor?.(reportOf(3).tensors[1]!);
    run!.done(reportOf(3));
    await settle();
    assert.deepEqual(runs.at(-1), { kind: "done", elapsedMs: 5 });
    assert.deepEqual(
      batches.map(({ rows }) => rows.map(({ tensor }) => tensor).sort()),
      [
        [0, 1, 2],
        [0, 1, 2],
      ],
      "a sample and the exact figures",
    );
    assert.deepEqual(
      batches[1]!.types.map(({ type, isSampled }) => [type, isSampled]),
      [
        ["Q8_0", false],
        ["Q4_K", false],
      ],
    );
    assert.equal(batches[1]!.rows.find(({ tensor }) => tensor === 2)?.figures["Q4_K"]?.relativeRmse, 0.12);
    assert.deepEqual(shown(table, "Q4_K"), [0.1, 0.11, 0.12]);
    assert.equal(jobs.entries[0]?.state.kind, "done");
    table.measure();
    await settle();
    assert.equal(engine.errorRuns.length, 1, "nothing is missing");
  });

  it("keeps what it has when types change, and measures the new ones alone", async () => {
    const { table, engine } = open();
    table.measure();
    await settle();
    engine.errorRuns[0]!.done(reportOf(3));
    await settle();
    let changes = 0;
    table.onDidChange(() => (changes += 1));
    table.setTypes(["q4_k", "Q2_K"]);
    await settle();
    assert.equal(changes, 1);
    assert.deepEqual(
      table.types.map(({ type }) => type),
      ["Q4_K", "Q2_K"],
    );
    assert.deepEqual(shown(table, "Q4_K"), [0.1, 0.11, 0.12]);
    assert.deepEqual(engine.errorRuns[1]!.input.types, ["Q2_K"]);
  });

  it("drops what an earlier run still tells once types are others", async () => {
    const { table, engine, runs, batches, failures } = open();
    table.measure();
    await settle();
    table.setTypes(["Q4_K"]);
    await settle();
    assert.ok(engine.errorRuns[0]!.context.signal.aborted);
    const told = [runs.length, batches.length];
    engine.errorRuns[0]!.input.onTensor?.(reportOf(3).tensors[0]!);
    engine.errorRuns[0]!.context.progress(1, 2);
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.deepEqual([runs.length, batches.length], told);
    assert.deepEqual(failures, []);
  });

  it("keeps what was measured when it is cancelled, and goes on when asked", async () => {
    const { table, engine, runs, failures, jobs } = open();
    table.measure();
    await settle();
    engine.errorRuns[0]!.input.onTensor?.(reportOf(3).tensors[0]!);
    table.cancel();
    await settle();
    assert.deepEqual(runs.at(-1), { kind: "cancelled" });
    assert.equal(jobs.entries[0]?.state.kind, "cancelled");
    assert.deepEqual(shown(table, "Q4_K"), [0.1, undefined, undefined]);
    assert.deepEqual(failures, []);
    table.measure();
    await settle();
    assert.equal(engine.errorRuns.length, 2);
  });

  it("reports a failure as the state of the run, and once to the log", async () => {
    const { table, engine, runs, failures } = open();
    table.measure();
    await settle();
    engine.errorRuns[0]!.fail(new Error("disk is gone"));
    await settle();
    assert.deepEqual(runs.at(-1), { kind: "failed", message: "disk is gone" });
    assert.equal(failures.length, 1);
  });

  it("says what needs an importance matrix, and measures everything anew with one", async () => {
    const { table, engine } = open(fakeCheckpoint(2), ["Q4_K", "IQ2_XS"]);
    table.measure();
    await settle();
    assert.deepEqual(engine.errorRuns[0]!.input.types, ["Q4_K"]);
    assert.equal(engine.errorRuns[0]!.input.importance, undefined);
    assert.deepEqual(
      table.types.map(({ reason }) => reason),
      [undefined, "IQ2_XS needs one"],
    );
    const weights = Float32Array.of(1, 2);
    table.setImportance({ name: "imatrix.gguf", entries: 1, byGgufName: (name) => (name === "w0" ? weights : undefined) });
    await settle();
    const { input } = engine.errorRuns[1]!;
    assert.deepEqual(input.types, ["Q4_K", "IQ2_XS"]);
    assert.equal(input.importance?.(input.checkpoint.tensors[0]!), weights);
    assert.equal(input.importance?.(input.checkpoint.tensors[1]!), undefined);
    assert.equal(table.types[1]?.reason, undefined);
  });

  it("suggests what to keep only from exact figures of both types", async () => {
    const { table, engine } = open();
    table.measure();
    await settle();
    engine.errorRuns[0]!.input.onSampled?.({ ...reportOf(3), share: 0.2 });
    assert.equal(table.exclusions("Q4_K"), undefined);
    engine.errorRuns[0]!.done(reportOf(3));
    await settle();
    assert.equal(table.exclusions("Q8_0"), undefined);
    assert.equal(table.exclusions("Q2_K"), undefined);
    const found = table.exclusions("Q4_K")!;
    assert.deepEqual([found.keptAs, found.relativeRmse], ["Q8_0", 0.1]);
    assert.deepEqual(
      found.ranking.map(({ tensor, bytes: more }) => [tensor, more]),
      [
        [2, 16],
        [1, 32],
        [0, 48],
      ],
    );
    // 16 bytes are more than five percent of 54.
    assert.equal(found.suggested, 0);
    const errors = found.ranking.map(({ relativeRmse }) => relativeRmse);
    assert.ok(errors.every((error, i) => error < (i === 0 ? 0.1 : errors[i - 1]!)));
    assert.ok(errors[2]! > 0.0045 && errors[2]! < 0.0055, "with all of them kept, what Q8_0 does is left");
  });

  it("suggests nothing where values become NaN: neither their error nor a smaller one has a size", async () => {
    const measured = async (change: (report: ReturnType<typeof reportOf>) => void) => {
      const { table, engine } = open();
      table.measure();
      await settle();
      const report = reportOf(3);
      change(report);
      engine.errorRuns[0]!.done(report);
      await settle();
      return table.exclusions("Q4_K")!;
    };
    const broken = await measured(({ tensors, total }) => {
      for (const { types } of [tensors[1]!, { types: total }]) Object.assign(types.Q4_K!, { rmse: NaN, relativeRmse: NaN });
    });
    assert.deepEqual([broken.ranking, broken.suggested], [[], 0]);
    const keptBroken = await measured(({ tensors }) => Object.assign(tensors[1]!.types.Q8_0!, { rmse: NaN, relativeRmse: NaN }));
    assert.deepEqual(
      keptBroken.ranking.map(({ tensor }) => tensor),
      [2, 0],
    );
  });

  it("counts what is kept of a type of safetensors files as not quantized", async () => {
    const { table, engine } = open(fakeCheckpoint(3), ["nf4"]);
    table.measure();
    await settle();
    engine.errorRuns[0]!.done(reportOf(3, ["nf4"]));
    await settle();
    const { keptAs, ranking } = table.exclusions("nf4")!;
    const [{ dtype, bytes: stored }] = fakeCheckpoint(1).tensors as [TensorInfo];
    assert.equal(keptAs, dtype);
    assert.deepEqual(
      ranking.map(({ bytes: more }) => more),
      [1, 2, 3].map((count) => count * (stored - 20)),
    );
    assert.ok(ranking.at(-1)!.relativeRmse < 1e-8, "nothing is quantized");
  });

  it("reports what is measured, as the command line does", async () => {
    const { table, engine } = open();
    assert.deepEqual(table.report().total, {});
    table.measure();
    await settle();
    engine.errorRuns[0]!.done(reportOf(3));
    await settle();
    const { tensors, total } = reportOf(3);
    assert.deepEqual(table.report(), { tensors, total });
  });

  it("stops with its content: nothing is told after it was disposed", async () => {
    const { table, engine, runs, batches, failures } = open();
    table.measure();
    await settle();
    engine.errorRuns[0]!.input.onTensor?.(reportOf(3).tensors[0]!);
    const told = runs.length + batches.length;
    table.dispose();
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.ok(engine.errorRuns[0]!.context.signal.aborted);
    assert.equal(runs.length + batches.length, told);
    table.measure();
    await settle();
    assert.equal(engine.errorRuns.length, 1);
    assert.deepEqual(failures, []);
  });
});
