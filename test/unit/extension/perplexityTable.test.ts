import assert from "node:assert/strict";
import { CancelledError, FormatError } from "../../../src/core/errors";
import type { Tokenizer } from "../../../src/core/text/tokenizer";
import { JobList } from "../../../src/extension/jobs/jobList";
import { isFileType, quickWindows, schemeLabel, typeName } from "../../../src/extension/perplexity/measuredTypes";
import type { PerplexityHost } from "../../../src/extension/perplexity/perplexityHost";
import { PerplexityTable } from "../../../src/extension/perplexity/perplexityTable";
import { perplexityReport } from "../../../src/extension/report/perplexityReports";
import type { JobContext } from "../../../src/jobs/contract";
import type { PerplexityInput, PerplexityReport } from "../../../src/jobs/perplexityJob";
import type { PerplexityChoice, PerplexityState } from "../../../src/protocol/perplexity";
import { tinyModel } from "../../support/tinyModel";

const choice: PerplexityChoice = { samples: 2, types: ["int8", "int4-g32"], files: [] };
/** Two windows of 8 tokens, of each of which the last 3 are scored. */
const samples = [0, 1].map((window) => Int32Array.from({ length: 8 }, (_, i) => 10 * window + i));

const tokenizer: Tokenizer = {
  vocabularySize: 40,
  addsBos: false,
  encode: () => new Int32Array(),
  decode: (ids) => `<${ids[0]}>`,
  piece: (id) => (id === 15 ? "▁of" : `p${id}`),
};

function reportOf({ variants = [] }: PerplexityInput, perplexities: readonly number[]): PerplexityReport {
  const figures = (perplexity: number) => ({ perplexity, standardError: 0.1, nll: Math.log(perplexity), windows: 2 });
  return {
    ...figures(10),
    tokens: 6,
    context: 8,
    protocol: "llama-perplexity",
    scored: { ids: new Int32Array(6), nll: Float64Array.of(1, 1, 1, 1, 1, 1) },
    variants: variants.map((_, i) => ({
      ...figures(perplexities[i]!),
      divergence: { mean: 0.01, median: 0, percentile99: 0.1, max: 0.2 },
      sameTop: 0.9,
      scored: { nll: Float64Array.of(1, 1.5, 0.5, 1, 3, 1), divergence: new Float64Array(6).fill(0.2) },
    })),
    elapsedMs: 1,
  };
}

async function tableOf(patch: Partial<PerplexityHost> = {}, measured = choice) {
  const inputs: PerplexityInput[] = [];
  const states: PerplexityState[] = [];
  const checkpoint = await tinyModel();
  const table = new PerplexityTable(
    checkpoint,
    {
      engine: () =>
        Promise.resolve({
          perplexity: (input: PerplexityInput) => {
            inputs.push(input);
            return Promise.resolve(reportOf(input, [10.1, 12]));
          },
        }),
      jobs: new JobList(),
      uri: "file:///a.safetensors",
      text: { measure: "Perplexity", measured: (models) => `${models}`, original: "Original", sample: "Sample text", linearOnly: "linear" },
      isFileType,
      schemeLabel,
      samples: () => Promise.resolve({ samples, dataset: "a.txt" }),
      tokenizer: () => Promise.resolve(tokenizer),
      sourceModel: () => Promise.reject(new FormatError("config.missing", "There is no config.json")),
      open: () => tinyModel(),
      nameOf: (uri) => ({ label: uri, detail: "here" }),
      reportFailure: () => undefined,
      ...patch,
    },
    measured,
  );
  const over = (): Promise<PerplexityState> =>
    new Promise((resolve) => {
      const subscription = table.onDidMeasure((state) => {
        states.push(state);
        if (state.run.kind === "running") return;
        subscription.dispose();
        resolve(state);
      });
    });
  return { table, inputs, states, over };
}

describe("table of perplexities", () => {
  it("measures the original and all types, and says how sure that is", async () => {
    const { table, inputs, over } = await tableOf();
    const done = over();
    table.measure();
    const { rows, run, text } = await done;
    assert.equal(run.kind, "done");
    assert.deepEqual(text, { name: "Sample text", windows: 2, length: 8, scored: 3, isWhole: false });
    assert.deepEqual(
      rows.map(({ id, figures, answers }) => [id, figures?.perplexity, answers && Math.round(100 * answers.delta) / 100]),
      [
        ["original", 10, null],
        ["type:int8", 10.1, 0.1],
        ["type:int4-g32", 12, 2],
      ],
    );
    assert.deepEqual([rows[0]!.schemeLabel, rows[1]!.schemeLabel], [undefined, "INT8 · asymmetric, per tensor"]);
    assert.equal(rows[1]!.detail, "linear");
    table.measure();
    assert.equal(inputs.length, 1, "nothing is missing");
  });

  it("keeps what it knows of the same text, and begins again with another", async () => {
    const { table, inputs, over } = await tableOf();
    for (const next of [choice, { ...choice, types: ["int8", "int2-g64"] }, { ...choice, samples: 3 }]) {
      const done = over();
      table.choose(next);
      await done;
    }
    assert.deepEqual(
      inputs.map(({ variants }) => variants?.length),
      [2, 1, 2],
    );
    assert.equal(table.now.text?.isWhole, true, "there are fewer windows than asked for");
  });

  it("says why a type or a file cannot be measured, and measures the others", async () => {
    const { table, over } = await tableOf(
      { open: () => Promise.reject(new FormatError("io.missing", "The file is gone")) },
      { ...choice, types: ["Q4_K_M", "int8"], files: ["file:///b.gguf"] },
    );
    const done = over();
    table.measure();
    const { rows } = await done;
    assert.deepEqual(
      rows.map(({ reason, figures }) => reason ?? figures?.perplexity),
      [10, "There is no config.json", 10.1, "The file is gone"],
    );
  });

  it("fails as a whole where the model cannot read the text, and is cancelled", async () => {
    const failing = await tableOf({ samples: () => Promise.reject(new FormatError("tokenizer.bad", "No tokenizer", { hint: "Add it." })) });
    const failed = failing.over();
    failing.table.measure();
    assert.deepEqual((await failed).run, { kind: "failed", message: "No tokenizer. Add it." });

    const waiting = await tableOf({
      engine: () =>
        Promise.resolve({
          perplexity: (_: PerplexityInput, { signal }: JobContext) =>
            new Promise<PerplexityReport>((_resolve, reject) => signal.addEventListener("abort", () => reject(new CancelledError()))),
        }),
    });
    const cancelled = waiting.over();
    waiting.table.measure();
    setTimeout(() => waiting.table.cancel(), 50);
    assert.equal((await cancelled).run.kind, "cancelled");
  });

  it("gives pages of tokens with what a row makes of them, and those that lost most", async () => {
    const { table, over } = await tableOf();
    assert.equal(await table.tokens("type:int8", 0, 16), null);
    const done = over();
    table.measure();
    await done;
    const page = (await table.tokens("type:int8", 4, 100))!;
    assert.deepEqual([page.start, page.total, page.tokens.length, page.scored, page.lost], [4, 16, 12, 6, 1]);
    assert.deepEqual(page.tokens[0], { text: "<4>" });
    assert.deepEqual(page.tokens[2], { text: "<6>", before: 1, after: 1.5, divergence: 0.2 });
    assert.ok(Math.abs(page.meanLoss - 2 / 6) < 1e-12);
    const worst = await table.worst("type:int8");
    assert.deepEqual(
      worst.map(({ position, text, after }) => [position, text, after]),
      [
        [14, "<16>", 3],
        [6, "<6>", 1.5],
      ],
    );
    assert.equal(worst[0]!.context, "<10><11><12><13><14> of");
    assert.deepEqual(await table.worst("original"), []);
  });

  it("is exported as CSV, Markdown and JSON", async () => {
    const { table, over } = await tableOf();
    const done = over();
    table.measure();
    await done;
    const [head, original, int8] = perplexityReport("a", table.now, "csv").split("\r\n");
    assert.match(head!, /^name,kind,bitsPerWeight,bytes,perplexity,standardError,nll,windows,delta,/);
    assert.match(original!, /^Original,original,32,/);
    assert.equal(int8!.split(",")[4], "10.1");
    assert.match(perplexityReport("a", table.now, "md"), /\| int8 \| type \| .* \| 10\.1 \|/);
    const document = JSON.parse(perplexityReport("a", table.now, "json")) as { rows: { label: string; perplexity: number }[] };
    assert.deepEqual(
      document.rows.map(({ label, perplexity }) => [label, perplexity]),
      [
        ["Original", 10],
        ["int8", 10.1],
        ["int4-g32", 12],
      ],
    );
  });

  it("knows types by any case, and how much of a text takes seconds", async () => {
    assert.deepEqual([typeName("q4_k_m"), typeName("INT8"), isFileType("nf4"), isFileType("q8_0")], ["Q4_K_M", "int8", false, true]);
    const checkpoint = await tinyModel();
    assert.equal(quickWindows(checkpoint, 2), 8);
    const large = { ...checkpoint, tensors: [{ ...checkpoint.tensors[0]!, shape: [100_000, 70_000] }] };
    assert.equal(quickWindows(large, 2), 1);
  });
});
