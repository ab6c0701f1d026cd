import assert from "node:assert/strict";
import { UsageError } from "../../../src/core/errors";
import { configuredModel } from "../../../src/core/estimate/configShapes";
import type { EstimateTexts } from "../../../src/extension/estimate/estimateText";
import { Estimator } from "../../../src/extension/estimate/estimator";
import { answerEstimator } from "../../../src/extension/estimate/estimatorAnswer";
import { passedEstimate, usualChoice } from "../../../src/extension/estimate/estimatorChoice";
import { estimateCsv, estimateMarkdown, type ReadyEstimate } from "../../../src/extension/estimate/estimatorReport";
import type { EstimateChoice } from "../../../src/protocol/estimate";

const texts: EstimateTexts = { note: ({ code }) => `note: ${code}`, explanation: (text) => text.toUpperCase() };

function ready(choice: Partial<EstimateChoice>, typed = false): ReadyEstimate {
  const { answer } = answerEstimator({ ...usualChoice, ...choice }, undefined, typed, texts);
  if (answer.kind !== "ready") assert.fail(answer.message);
  return answer;
}

describe("what the estimator is asked", () => {
  it("is as usual where it is not understood", () => {
    for (const nonsense of [
      undefined,
      null,
      7,
      "7B",
      [],
      { line: 3, context: -1, sequences: 1.5, kvType: "I8", devices: "all", shape: "x" },
    ]) {
      assert.deepEqual(passedEstimate(nonsense), usualChoice);
    }
    assert.deepEqual(passedEstimate({ customGib: Infinity, context: NaN, source: "checkpoint", checkpoint: "no uri" }), usualChoice);
  });

  it("keeps what it is: a page that comes back asks the same", () => {
    const choice: EstimateChoice = {
      ...{ source: "config", line: "70b", checkpoint: "file:///a.gguf", config: "file:///config.json", shape: "Llama-3-8B" },
      ...{ context: 100, sequences: 3, kvType: "Q8_0", devices: ["h100", "phone-8"], customGib: 3.5 },
    } as const;
    assert.deepEqual(passedEstimate(JSON.parse(JSON.stringify(choice))), { ...choice });
    assert.deepEqual(passedEstimate({ devices: ["h100", "none"] }).devices, ["h100"]);
  });
});

describe("the estimator's answers", () => {
  it("take types from the line, and its context only while it is typed", () => {
    const line = "70b q4_k_m 32k";
    const typed = answerEstimator({ ...usualChoice, line }, undefined, true, texts);
    assert.equal(typed.choice.context, 32_768);
    assert.ok(typed.answer.kind === "ready" && typed.answer.context === 32_768);
    const later = ready({ line, context: 4096 });
    assert.equal(later.context, 4096);
    assert.deepEqual(
      later.rows.map(({ type }) => type),
      ["Q4_K_M"],
    );
  });

  it("have the devices smallest first, the user's own among them", () => {
    const { devices } = ready({ devices: ["h100", "phone-8", "rtx-3060"], customGib: 10 });
    assert.deepEqual(
      devices.map(({ id }) => id),
      ["phone-8", "custom", "rtx-3060", "h100"],
    );
  });

  it("have notes and explanations in the words that they are given", () => {
    const { rows } = ready({ line: "7b q4_k_m int4-g128 q2_k" });
    assert.deepEqual(
      rows.map(({ name, explanation, note }) => [name, explanation, note]),
      [
        ["Q4_K_M", "GGUF FILE, MOSTLY Q4_K", "note: proportions"],
        ["INT4 g128", "ASYMMETRIC, GROUPS OF 128", undefined],
        ["Q2_K", "GGML BLOCKS OF 256", "note: mixture"],
      ],
    );
  });

  it("are hints while there is no question", () => {
    for (const line of ["", "q4_k_m", "banana"]) {
      const { answer } = answerEstimator({ ...usualChoice, line }, undefined, true, texts);
      assert.ok(answer.kind === "hint" && answer.message.length > 0, line);
    }
  });

  it("are about a model that is named, in its own shape", () => {
    const { shapesOf, parameters } = ready({ line: "llama-2-13b" });
    assert.deepEqual([shapesOf, parameters], ["Llama-2-13B", 13_015_864_320]);
  });

  it("are about the chosen shape", () => {
    const { shapesOf, cache } = ready({ line: "7B", shape: "Llama-3-8B" });
    assert.equal(shapesOf, "Llama-3-8B");
    assert.equal(cache?.bytes, 2 ** 30);
  });
});

/** Figures of a small model. */
const llama = {
  ...{ model_type: "llama", hidden_size: 256, intermediate_size: 512, num_hidden_layers: 2, num_attention_heads: 4 },
  ...{ num_key_value_heads: 2, vocab_size: 512, max_position_embeddings: 4096 },
};

describe("the estimator", () => {
  const config = { model_type: "xlstm" };
  const reader = {
    checkpoint: () => Promise.reject(new UsageError("no-checkpoint", "No weights there.")),
    config: async () => configuredModel(config, "xlstm"),
    nameOf: (uri: string) => uri.split("/").pop()!,
  };

  it("says why a model is not known, and forgets it when something else is asked", async () => {
    const estimator = new Estimator(reader, texts, usualChoice);
    const asked = { ...usualChoice, source: "config" as const, config: "file:///config.json" };
    const { answer } = await estimator.ask(asked, false);
    assert.ok(answer.kind === "hint" && answer.message.includes('"xlstm"'));
    assert.equal((await estimator.ask(usualChoice, false)).answer.kind, "ready");
    assert.equal(estimator.answer?.kind, "ready");
    const checkpoint = await estimator.ask({ ...asked, source: "checkpoint", checkpoint: "file:///x" }, false);
    assert.deepEqual(checkpoint.answer, { kind: "hint", message: "No weights there." });
  });

  it("reads a file once, and again when it is chosen again, which it tells", async () => {
    let read = 0;
    const known = Promise.resolve(configuredModel(llama, "llama"));
    const estimator = new Estimator({ ...reader, config: () => (read++, known) }, texts, usualChoice);
    const asked = { ...usualChoice, source: "config" as const, config: "file:///a/config.json" };
    await estimator.ask(asked, false);
    await estimator.ask({ ...asked, context: 100 }, false);
    assert.equal(read, 1);
    let told = 0;
    estimator.onDidChoose(() => told++);
    estimator.choose(asked);
    const { answer } = await estimator.ask(estimator.choice, false);
    assert.deepEqual([told, read], [1, 2]);
    assert.ok(answer.kind === "ready" && !answer.isAssumed && answer.shapesOf === "llama");
    assert.deepEqual(estimator.choices(asked).names, { config: "config.json" });
  });
});

describe("the estimator's reports", () => {
  const answer = ready({ devices: ["rtx-3060"], customGib: 100 });

  it("CSV: exact bytes of the rows that are shown, in their order", () => {
    const lines = estimateCsv(answer, ["INT4", "FP32", "none"]).trimEnd().split("\r\n");
    assert.equal(
      lines[0],
      "type,name,kind,bitsPerWeight,weightBytes,kvCacheBytes,workingBytes,totalBytes,largestContext:rtx-3060,largestContext:custom",
    );
    const total = 3.5e9 + 4 * 2 ** 30 + 83 * 2 ** 20;
    assert.match(lines[1]!, new RegExp(`^INT4,INT4,nominal,4,3500000000,4294967296,87031808,${total},\\d+,\\d+$`));
    assert.match(lines[2]!, /^FP32,FP32,nominal,32,28000000000,.*,0,\d+$/);
    assert.equal(lines.length, 3);
  });

  it("Markdown: as many cells in every line", () => {
    const text = {
      ...{ title: "Size", basis: "7 B", fits: "fits", device: (index: number) => `device ${index}` },
      columns: ["Type", "Bits", "Weights", "Cache", "Working", "Total"] as const,
    };
    const types = answer.rows.map(({ type }) => type);
    const table = estimateMarkdown(answer, types, text, (value) => value.toFixed(2))
      .split("\n")
      .filter((line) => line.startsWith("|"));
    assert.equal(table.length, types.length + 2);
    assert.equal(new Set(table.map((line) => line.split(/(?<!\\)\|/).length)).size, 1);
    assert.match(table[2]!, /^\| FP32 \| 32\.00 \| 28\.00 \| 26\.08 \| 4\.00 \| ≈ 0\.08 \| ≈ 30\.16 \| – \| fits \|$/);
  });
});
