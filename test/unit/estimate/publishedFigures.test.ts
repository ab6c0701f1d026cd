import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { findPublished, publishedModels } from "../../../src/core/estimate/published/publishedModels";
import type { PublishedModel } from "../../../src/core/estimate/published/publishedModel";
import type { Config } from "../../../src/core/estimate/textConfig";
import { isRecord } from "../../../src/core/jsonRecord";

/** Names of our figures in a config.json. */
const keys: Readonly<Record<string, readonly string[]>> = {
  layers: ["num_hidden_layers"],
  hidden: ["hidden_size"],
  feedForward: ["intermediate_size"],
  heads: ["num_attention_heads"],
  keyValueHeads: ["num_key_value_heads"],
  headDim: ["head_dim"],
  vocabulary: ["vocab_size"],
  context: ["max_position_embeddings"],
  window: ["sliding_window"],
  chunk: ["attention_chunk_size"],
  latent: ["kv_lora_rank"],
  rotary: ["qk_rope_head_dim"],
  queryLatent: ["q_lora_rank"],
  experts: ["n_routed_experts", "num_local_experts", "num_experts"],
  used: ["num_experts_per_tok"],
  shared: ["n_shared_experts"],
  expertWidth: ["moe_intermediate_size"],
  denseFirst: ["first_k_dense_replace"],
};

interface Fixture {
  sources: Record<string, string>;
  /** What a source says of a model, by the names above. */
  figures: ({ model: string; source: string } & Record<string, string | number>)[];
  /** Where a source says something else than we do, and why we do not follow it. */
  differ: { models: string[]; figure: string; theirs: number; sources: string[]; why: string }[];
  /** Of which models no source that could be read gives which of their layers, width, heads and context. */
  withoutSource: Record<string, string[]>;
}

const file = path.join(__dirname, "..", "..", "fixtures", "estimate", "publishedFigures.json");
const { sources, figures, differ, withoutSource } = JSON.parse(readFileSync(file, "utf8")) as Fixture;

function settings({ config }: PublishedModel): Config {
  return isRecord(config.text_config) ? config.text_config : config;
}

function ours(name: string, figure: string): unknown {
  const model = findPublished(name);
  assert.ok(model, name);
  const config = settings(model);
  return keys[figure]!.map((key) => config[key]).find((value) => value !== undefined);
}

describe("figures of published models, against those of other projects", () => {
  for (const { model, source, ...said } of figures) {
    it(`${model}: ${source}`, () => {
      assert.ok(Object.hasOwn(sources, source));
      assert.deepEqual(Object.fromEntries(Object.keys(said).map((figure) => [figure, ours(model, figure)])), said);
    });
  }

  it("differ where that is said", () => {
    for (const { models, figure, theirs, sources: from, why } of differ) {
      assert.ok(why !== "" && from.every((source) => Object.hasOwn(sources, source)));
      for (const model of models) assert.notEqual(ours(model, figure), theirs, `${model} ${figure}`);
    }
  });

  it("have a source, or are said to have none", () => {
    // Models that differ in nothing but the context share the sources of their shape.
    const shape = (model: PublishedModel) => JSON.stringify({ ...model.config, max_position_embeddings: 0 });
    const known = new Set<string>();
    for (const { model: name, ...said } of figures) {
      const model = findPublished(name)!;
      for (const figure of Object.keys(said)) known.add(`${figure === "context" ? model.name : shape(model)} ${figure}`);
    }
    const missing = publishedModels.map((model) => [
      model.name,
      ["layers", "hidden", "heads", "context"].filter(
        (figure) => !known.has(`${figure === "context" ? model.name : shape(model)} ${figure}`),
      ),
    ]);
    assert.deepEqual(Object.fromEntries(missing.filter(([, figures]) => figures!.length > 0)), withoutSource);
  });
});
