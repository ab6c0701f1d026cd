import assert from "node:assert/strict";
import { PerplexityResults } from "../../../src/extension/perplexity/perplexityResults";
import { knownPerplexity, measuredAs, typesAround } from "../../../src/extension/playground/knownPerplexity";
import type { PerplexityRow, PerplexityState } from "../../../src/protocol/perplexity";
import { tinyModel } from "../../support/tinyModel";

const row = (kind: PerplexityRow["kind"], label: string, perplexity: number | null, windows = 4): PerplexityRow => ({
  id: label,
  kind,
  label,
  bytes: 1,
  bitsPerWeight: kind === "original" ? 16 : 4.5,
  figures: perplexity === null ? null : { perplexity, standardError: 0.1, nll: Math.log(perplexity), windows },
  answers: null,
});
const stateOf = (rows: PerplexityRow[]): PerplexityState => ({
  rows,
  run: { kind: "none" },
  text: { name: "words.txt", windows: 8, length: 512, scored: 256, isWhole: false },
});

describe("perplexities that the playground knows", () => {
  it("are those of types on the windows that the original was measured on", () => {
    const rows = [
      row("original", "Original", 20),
      row("type", "Q4_K_M", 21),
      row("type", "int4-sym-channel", 22),
      row("type", "Q8_0", 20.5, 2),
      row("type", "nf4", null),
      row("file", "other.gguf", 23),
    ];
    assert.deepEqual(knownPerplexity(stateOf(rows)), {
      text: "words.txt",
      windows: 4,
      length: 512,
      original: 20,
      rows: [
        { type: "Q4_K_M", schemeLabel: null, bitsPerWeight: 4.5, perplexity: 21 },
        { type: "int4-sym-channel", schemeLabel: "INT4 · symmetric, per channel", bitsPerWeight: 4.5, perplexity: 22 },
      ],
    });
  });

  it("are none before anything is measured", () => {
    assert.equal(knownPerplexity(undefined), null);
    assert.equal(knownPerplexity(stateOf([row("original", "Original", null)])), null);
    assert.equal(knownPerplexity({ rows: [row("original", "Original", 20)], run: { kind: "none" } }), null);
  });

  it("are asked for by the names that tables have, with the method at other widths", () => {
    assert.deepEqual(typesAround("int4-sym-g64"), ["int4-sym-g64", "int3-sym-g64", "int5-sym-g64", "int6-sym-g64", "int8-sym-g64"]);
    assert.deepEqual(typesAround("int2"), ["int2", "int3", "int4", "int5", "int6", "int8"]);
    assert.deepEqual([typesAround("nf4"), typesAround("Q8_0")], [["nf4"], ["Q8_0"]]);
    assert.deepEqual(measuredAs("INT2"), { type: "int2", label: "INT2 · asymmetric, per tensor" });
    assert.deepEqual(measuredAs("q8_0"), { type: "Q8_0", label: "Q8_0" });
  });

  it("are kept with the content they are of, and told", async () => {
    const results = new PerplexityResults();
    const [one, other] = [await tinyModel(), await tinyModel()];
    const told: unknown[] = [];
    results.onDidKeep((checkpoint) => told.push(checkpoint));
    const state = stateOf([]);
    results.keep(one, state);
    assert.deepEqual([results.of(one), results.of(other), told.length, told[0] === one], [state, undefined, 1, true]);
  });
});
