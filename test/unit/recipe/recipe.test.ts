import assert from "node:assert/strict";
import { reasonText } from "../../../src/core/recipe/reasons";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileTypes, findFileType } from "../../../src/core/recipe/fileTypes";
import { assignTypes, isQuantizable, type RecipeTensor } from "../../../src/core/recipe/recipe";
import type { RecipeModel } from "../../../src/core/recipe/typeRules";
import { findDType } from "../../../src/core/tensor/dtype";

/** Model → file type → tensor base name → type, or type → layers. From the real llama-quantize's dry runs. */
type Golden = Record<string, Record<string, { types: Record<string, string | Record<string, number[]>> }>>;

const golden = JSON.parse(readFileSync(path.join(__dirname, "..", "..", "fixtures", "llama_recipe_golden.json"), "utf8")) as Golden;

const isOutsideLayers = (name: string): boolean => /^(output|token_embd|output_norm)\./.test(name);

function expectedTypes(types: Golden[string][string]["types"], layers: number): Map<string, string> {
  const expected = new Map<string, string>();
  for (const [base, choice] of Object.entries(types)) {
    const names = isOutsideLayers(base) ? [base] : Array.from({ length: layers }, (_, layer) => `blk.${layer}.${base}`);
    if (typeof choice === "string") names.forEach((name) => expected.set(name, choice.toUpperCase()));
    else
      for (const [type, numbers] of Object.entries(choice))
        numbers.forEach((layer) => expected.set(`blk.${layer}.${base}`, type.toUpperCase()));
  }
  return expected;
}

const weight = (name: string, columns = 256): RecipeTensor => ({ name, shape: name.includes("norm") ? [columns] : [512, columns] });

function typeOf(tensors: RecipeTensor[], name: string, fileType: string, model: Partial<RecipeModel> = {}): string {
  const choices = assignTypes(tensors, findFileType(fileType)!, { layers: 32, groupedQueries: 1, experts: 0, ...model });
  return choices.find((choice) => choice.name === name)!.type;
}

describe("recipe of llama-quantize", () => {
  let assignments = 0;
  for (const [key, byFileType] of Object.entries(golden)) {
    it(`gives every tensor the type the real program gives it: ${key}`, () => {
      const [, layers, gqa] = /layers=(\d+),gqa=(\d+)/.exec(key)!;
      const model: RecipeModel = { layers: Number(layers), groupedQueries: Number(gqa), experts: 0 };
      for (const [name, { types }] of Object.entries(byFileType)) {
        const expected = expectedTypes(types, model.layers);
        if (expected.size === 0) continue; // NVFP4: that release could not make it.
        const fileType = findFileType(name);
        assert.ok(fileType, name);
        const choices = assignTypes(
          [...expected.keys()].map((tensor) => weight(tensor)),
          fileType,
          model,
        );
        assert.deepEqual(new Map(choices.map((choice) => [choice.name, choice.type])), expected, name);
        assignments += choices.length;
      }
    });
  }

  after(() => assert.ok(assignments > 36_000, `only ${assignments} assignments compared`));

  it("does not depend on the order of the tensors", () => {
    const names = Array.from({ length: 12 }, (_, layer) => [`blk.${layer}.attn_v.weight`, `blk.${layer}.ffn_down.weight`]).flat();
    const model: RecipeModel = { layers: 12, groupedQueries: 1, experts: 0 };
    const forwards = assignTypes(
      names.map((name) => weight(name)),
      findFileType("Q4_K_M")!,
      model,
    );
    const backwards = assignTypes(
      [...names].reverse().map((name) => weight(name)),
      findFileType("Q4_K_M")!,
      model,
    );
    assert.deepEqual([...backwards].reverse(), forwards);
    assert.ok(new Set(forwards.map(({ type }) => type)).size === 2);
  });

  it("replaces types whose blocks do not divide the rows, and says so", () => {
    const tensors = [weight("blk.0.attn_q.weight", 896), weight("blk.0.attn_k.weight", 100), weight("output.weight", 896)];
    const choices = assignTypes(tensors, findFileType("Q4_K_M")!, { layers: 1, groupedQueries: 1, experts: 0 });
    assert.deepEqual(
      choices.map(({ type }) => type),
      ["Q5_0", "F16", "Q8_0"],
    );
    assert.match(reasonText(choices[0]!.rule), /896 columns do not divide into Q4_K blocks/);
  });

  it("keeps vectors, norms, routers and integers as they are", () => {
    const kept: RecipeTensor[] = [
      { name: "blk.0.attn_q.bias", shape: [256] },
      { name: "blk.0.attn_q_norm.weight", shape: [2, 256] },
      { name: "blk.0.ffn_gate_inp.weight", shape: [8, 256], kept: "F32" },
      { name: "blk.0.indices.weight", shape: [8, 256], kept: "I32" },
    ];
    assert.deepEqual(
      assignTypes(kept, findFileType("Q4_0")!, { layers: 1, groupedQueries: 1, experts: 0 }).map(({ type }) => type),
      ["F32", "F32", "F32", "I32"],
    );
    assert.ok(isQuantizable({ name: "blk.0.attn_q.weight", shape: [256, 256], kept: "BF16" }));
    assert.ok(!isQuantizable({ name: "blk.0.attn_q.weight", shape: [256, 256], kept: "UNKNOWN_TYPE" }));
  });

  it("follows the source for mixtures of experts, 80 layers and importance matrices", () => {
    const tensors = ["attn_v", "attn_k", "attn_output", "ffn_down_exps"].map((part) => weight(`blk.10.${part}.weight`));
    const moe = { experts: 8 };
    assert.equal(typeOf(tensors, "blk.10.attn_v.weight", "Q4_K_M", moe), "Q8_0");
    assert.equal(typeOf(tensors, "blk.10.attn_k.weight", "Q4_K_M", moe), "Q8_0");
    assert.equal(typeOf(tensors, "blk.10.attn_output.weight", "Q4_K_M", moe), "Q5_K");
    // Layer 10 of 32 itself decides, although this is the first such tensor: (10 − 4) mod 3 is 0, so no extra bits.
    assert.equal(typeOf(tensors, "blk.10.ffn_down_exps.weight", "Q4_K_M", moe), "Q4_K");
    assert.equal(typeOf(tensors, "blk.10.attn_v.weight", "Q4_K_S", { layers: 80 }), "Q5_K");
    assert.equal(typeOf(tensors, "blk.10.attn_v.weight", "Q3_K_S", { layers: 80 }), "Q5_K");
    assert.equal(typeOf(tensors, "blk.10.attn_v.weight", "IQ3_XXS", { importance: true }), "IQ3_XXS");
    assert.equal(typeOf(tensors, "blk.10.attn_v.weight", "IQ3_XXS"), "IQ3_S");
    const stacked: RecipeTensor = { name: "blk.0.ffn_up_exps.weight", shape: [8, 512, 256] };
    assert.equal(typeOf([stacked], stacked.name, "MXFP4_MOE", moe), "MXFP4");
  });

  it("names file types as llama.cpp does, without repeats, on types that exist", () => {
    assert.equal(new Set(fileTypes.map(({ id }) => id)).size, fileTypes.length);
    assert.equal(new Set(fileTypes.map(({ name }) => name)).size, fileTypes.length);
    for (const { base, name } of fileTypes) assert.ok(findDType(base), name);
    assert.equal(findFileType("q4_k_m")?.id, 15);
    assert.equal(findFileType("Q4_K"), undefined);
  });
});
