import assert from "node:assert/strict";
import type { EstimateRow } from "../../../src/core/estimate/estimateSize";
import type { ModelShapes } from "../../../src/core/estimate/modelShapes";
import { answerEstimate } from "../../../src/extension/estimate/estimateAnswer";
import { nameAndExplanation, remarkableNote, sizeText } from "../../../src/extension/estimate/estimateText";
import { NumberText } from "../../../src/extension/numberText";

const words = {
  bitsPerWeight: (bits: string) => `${bits} bits/weight`,
  withContext: (tokens: string, size: string) => `${size} with ${tokens} tokens`,
};
const numbers = new NumberText("en");

function rowsOf(line: string, shapes?: ModelShapes): EstimateRow[] {
  const answer = answerEstimate(line, shapes);
  if (answer.kind !== "report") assert.fail(answer.message);
  return answer.report.rows;
}

const shapes: ModelShapes = {
  name: "tiny",
  parameters: 1024 * 256,
  tensors: [{ name: "blk.0.ffn_up.weight", shape: [1024, 256], kept: "F32", storedBytes: 4 * 1024 * 256 }],
  model: { layers: 1, groupedQueries: 1, experts: 0 },
};

describe("estimate while typing", () => {
  it("answers a number of weights in every usual type", () => {
    const rows = rowsOf("7B");
    const find = (type: string) => rows.find((row) => row.type === type);
    assert.equal(find("FP32")?.bytes, 28e9);
    assert.equal(find("INT4")?.bytes, 3.5e9);
    for (const type of ["FP16", "INT8", "nf4", "Q4_K", "Q4_K_M", "Q8_0"]) assert.ok(find(type), type);
  });

  it("answers only what was asked for", () => {
    assert.deepEqual(
      rowsOf("70b q4_k_m").map((row) => row.type),
      ["Q4_K_M"],
    );
    const answer = answerEstimate("8b int4 32k");
    assert.equal(answer.kind === "report" && answer.context, 32 * 1024);
  });

  it("gives hints, not errors, while a line is not a question yet", () => {
    for (const line of ["", "7", "hello", "7B 7B", "7B q9_x"]) {
      const answer = answerEstimate(line);
      assert.equal(answer.kind, "hint", line);
      assert.ok(answer.kind === "hint" && answer.message.length > 0);
    }
  });

  it("completes the names of published models, where that makes a question", () => {
    const completions = (line: string) => {
      const answer = answerEstimate(line);
      return answer.kind === "hint" ? answer.completions : undefined;
    };
    assert.deepEqual(completions("q4_k_m gpt-oss"), ["q4_k_m gpt-oss-20b", "q4_k_m gpt-oss-120b"]);
    // It has another name that begins so.
    assert.deepEqual(completions("qwen3 30"), ["Qwen3-30B-A3B", "Qwen3-30B-A3B-2507"]);
    assert.deepEqual(completions("gemma 3 2"), ["Gemma-3-270M", "Gemma-3-27B"]);
    assert.deepEqual(completions("8k MIXTRAL"), ["8k Mixtral-8x7B", "8k Mixtral-8x22B"]);
    // A second size, no beginning of a name, and nothing to complete.
    for (const line of ["7b gpt-oss", "7b banana", "gpt-oss q4_k_m x"]) assert.deepEqual(completions(line), [], line);
    assert.equal(completions("gpt-oss-20b"), undefined);
  });

  it("is about the chosen checkpoint, unless the line names a size of its own", () => {
    const [exact] = rowsOf("q8_0", shapes);
    assert.equal(exact?.bytes, (1024 * 256 * 34) / 32);
    assert.equal(rowsOf("7B", shapes)[0]?.bytes, 28e9);
    assert.equal(rowsOf("", shapes)[0]?.bytes, 4 * 1024 * 256);
  });

  it("is about a model that is named, in its own shape", () => {
    const answer = answerEstimate("llama-2-13b 4k", shapes);
    assert.ok(answer.kind === "report" && answer.report.shapes.name === "Llama-2-13B");
    // 40 layers of 40 heads of 128, twice.
    assert.equal(answer.report.rows[0]!.kvCacheBytes, 2 * 40 * 40 * 128 * 2 * 4096);
  });
});

describe("estimate as text", () => {
  it("names variants of a type apart", () => {
    const names = rowsOf("7B").map((row) => nameAndExplanation(row).name);
    assert.equal(new Set(names).size, names.length, names.join());
    assert.ok(names.includes("INT4 g128"), names.join());
  });

  it("writes both units, the bits, and the total with a context", () => {
    const [row] = rowsOf("7B fp16");
    assert.equal(sizeText(row!, undefined, numbers, words), "14.0 GB · 13.0 GiB · 16.00 bits/weight");
    const [cached] = rowsOf("7B fp16 4k");
    assert.match(sizeText(cached!, 4096, numbers, words), / · 15\.0 GiB with 4,096 tokens$/);
  });

  it("marks what is not exact", () => {
    const [row] = rowsOf("7B q4_k_m");
    assert.match(sizeText(row!, undefined, numbers, words), /^≈ /);
  });

  it("shows a note unless most rows have it", () => {
    const noteOf = (value: string) => ({ code: "proportions" as const, value });
    const rows = ["a", "b", "b", "b"].map((value) => ({ ...rowsOf("7B fp16")[0]!, note: noteOf(value) }));
    assert.deepEqual(
      rows.map((row) => remarkableNote(row, rows)),
      [noteOf("a"), undefined, undefined, undefined],
    );
    assert.deepEqual(remarkableNote(rows[1]!, [rows[1]!]), noteOf("b"));
  });
});
