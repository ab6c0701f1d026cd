import assert from "node:assert/strict";
import { filterNames } from "../../../webview/editor/tensors/filter";

const names = [
  "model.embed_tokens.weight",
  "model.layers.0.mlp.down_proj.weight",
  "model.layers.1.mlp.down_proj.weight",
  "model.layers.1.self_attn.q_proj.weight",
  "lm_head.weight",
];

function found(query: string): string[] {
  const matches = filterNames(names, query);
  return names.filter((_, index) => matches?.[index]);
}

describe("tensor filter", () => {
  it("lets everything through without a query", () => {
    assert.equal(filterNames(names, ""), undefined);
    assert.equal(filterNames(names, "  "), undefined);
  });

  it("finds words in any case and order, all of them", () => {
    assert.deepEqual(found("DOWN"), names.slice(1, 3));
    assert.deepEqual(found("down layers.1"), [names[2]]);
    assert.deepEqual(found("down q_proj"), []);
  });

  it("takes * and .* for anything between", () => {
    assert.deepEqual(found("layers.*down"), names.slice(1, 3));
    assert.deepEqual(found("layers*1*proj"), names.slice(2, 4));
    assert.deepEqual(found("*"), names);
  });

  it("falls back to letters in order when no name contains the words", () => {
    assert.deepEqual(found("l1qproj"), [names[3]]);
    assert.deepEqual(found("mlp1"), []);
  });

  it("prefers names that contain the words over those that only have the letters", () => {
    assert.deepEqual(found("head"), ["lm_head.weight"]);
  });

  it("treats signs of regular expressions as themselves", () => {
    assert.deepEqual(found("(a+)+$"), []);
    assert.deepEqual(found("q_proj.weight["), []);
  });
});
