import assert from "node:assert/strict";
import { describeModel } from "../../../src/core/model/describe";
import { tensorsOfLayer } from "../../../src/core/model/modelDescription";
import { checkSequences, groupSequences } from "../../../src/core/model/sequences";
import { UsageError } from "../../../src/core/errors";
import { openFiles, refusalOf } from "../../support/openBytes";
import { ggufString, writeGguf } from "../../support/ggufWriter";
import { tiny, tinyConfig, tinyModel, tinyTensors } from "../../support/tinyModel";

const without = (name: string) => tinyTensors().filter((tensor) => tensor.name !== name);
const extra = (name: string) => [...tinyTensors(), { name, dtype: "F32", shape: [2] }];

describe("the description of a model", () => {
  it("names every tensor by the part it plays", async () => {
    const checkpoint = await tinyModel();
    const description = await describeModel(checkpoint);
    assert.deepEqual(
      [description.architecture, description.hidden, description.vocabulary, description.context, description.layers.length],
      ["llama", tiny.hidden, tiny.vocabulary, tiny.context, tiny.layers],
    );
    const named = [
      description.embedding.tensor,
      description.finalNorm.tensor,
      description.head.linear.tensor,
      ...description.layers.flatMap(tensorsOfLayer),
    ];
    assert.deepEqual(new Set(named), new Set(tinyTensors().map(({ name }) => name)));
  });

  it("takes the embedding for the output matrix where the two are one, and not where one is missing", async () => {
    const tied = await describeModel(await tinyModel({ ...tinyConfig, tie_word_embeddings: true }, without("lm_head.weight")));
    assert.equal(tied.head.linear.tensor, "model.embed_tokens.weight");
    const repeated = await describeModel(await tinyModel({ ...tinyConfig, tie_word_embeddings: true }));
    assert.equal(repeated.head.linear.tensor, "model.embed_tokens.weight");
    const refusal = await refusalOf(describeModel(await tinyModel(tinyConfig, without("lm_head.weight"))));
    assert.equal(refusal.code, "model.missing-tensor");
  });

  for (const [what, config, tensors, code, found] of [
    [
      "another architecture",
      { ...tinyConfig, architectures: ["MambaForCausalLM"] },
      tinyTensors(),
      "model.unknown-part",
      "MambaForCausalLM",
    ],
    ["another activation", { ...tinyConfig, hidden_act: "relu" }, tinyTensors(), "model.unknown-part", "relu"],
    ["another scaling of positions", { ...tinyConfig, rope_scaling: { type: "spiral" } }, tinyTensors(), "model.unknown-part", "spiral"],
    ["heads that do not divide", { ...tinyConfig, num_key_value_heads: 3 }, tinyTensors(), "model.unknown-part", "4 and 3"],
    ["more layers than any model has", { ...tinyConfig, num_hidden_layers: 1e9 }, tinyTensors(), "model.unknown-part", "1000000000"],
    ["a tensor that it has no place for", tinyConfig, extra("model.layers.0.self_attn.sinks"), "model.unknown-part", "one tensor more"],
    ["a missing tensor", tinyConfig, without("model.layers.1.mlp.up_proj.weight"), "model.missing-tensor", "nothing"],
    ["a missing norm", tinyConfig, without("model.norm.weight"), "model.missing-tensor", "nothing"],
    ["another shape", { ...tinyConfig, intermediate_size: 32 }, tinyTensors(), "model.wrong-shape", "24 × 16"],
    ["a configuration without layers", { ...tinyConfig, num_hidden_layers: undefined }, tinyTensors(), "config.missing-key", "nothing"],
  ] as const) {
    it(`is refused for ${what}`, async () => {
      const refusal = await refusalOf(describeModel(await tinyModel(config, tensors)));
      assert.deepEqual([refusal.code, refusal.fields.found], [code, found]);
    });
  }

  it("is refused without config.json, and for a GGUF file that names no architecture or another", async () => {
    assert.equal((await refusalOf(describeModel({ ...(await tinyModel()), config: undefined }))).code, "config.missing");
    for (const [metadata, code] of [
      [[], "model.no-architecture"],
      [[["general.architecture", ggufString("mamba")]], "model.unknown-part"],
      [[["general.architecture", ggufString("llama")]], "model.bad-key"],
    ] as const) {
      const checkpoint = await openFiles({ "model.gguf": writeGguf({ metadata }) }, "model.gguf");
      assert.equal((await refusalOf(describeModel(checkpoint))).code, code);
    }
  });
});

describe("sequences", () => {
  it("are refused when a model cannot be given them", async () => {
    const description = await describeModel(await tinyModel());
    checkSequences(description, [Int32Array.of(0, 39), new Int32Array(tiny.context)]);
    for (const [ids, code] of [
      [[], "no-ids"],
      [[40], "bad-id"],
      [[0, -1], "bad-id"],
      [new Array<number>(33).fill(0), "too-long"],
    ] as const) {
      assert.throws(
        () => checkSequences(description, [Int32Array.from(ids)]),
        (error: unknown) => error instanceof UsageError && error.code === code,
      );
    }
  });

  it("are grouped with their neighbours, long ones alone", () => {
    assert.deepEqual(groupSequences([3, 3, 3, 9, 1, 1], 6), [[3, 3], [3], [9], [1, 1]]);
    assert.deepEqual(groupSequences([], 6), []);
  });
});
