import assert from "node:assert/strict";
import type { TensorRow, TensorSummary } from "../../../src/protocol/editor";
import { type DisplayQuery, type DisplayRow, listRows, treeRows } from "../../../webview/editor/tensors/displayRows";
import { filterNames } from "../../../webview/editor/tensors/filter";
import { buildTree, groupPath } from "../../../webview/editor/tensors/tensorTree";

function row(name: string, parameters = 100, dtype = "BF16"): TensorRow {
  return {
    name,
    dtype,
    shape: [parameters / 10, 10],
    parameters,
    bytes: 2 * parameters,
    file: 0,
    offset: 0,
    part: "other",
    decodable: true,
  };
}

function summary(index: number, std: number): TensorSummary {
  return { index, min: -std, max: std, mean: 0, std, absMax: 3 * std, kurtosis: 3, zero: 0, nan: 0, inf: 0, spark: [] };
}

const rows = [
  row("lm_head.weight"),
  row("model.embed_tokens.weight"),
  row("model.layers.0.input_layernorm.weight", 10),
  row("model.layers.0.mlp.down_proj.weight", 300),
  row("model.layers.0.mlp.gate_proj.weight", 200),
  row("model.layers.0.self_attn.q_proj.bias", 10),
  row("model.layers.0.self_attn.q_proj.weight", 50, "F32"),
  row("model.layers.10.mlp.down_proj.weight"),
  row("model.layers.9.mlp.down_proj.weight"),
  row("model.norm.weight", 10),
];

function query(patch: Partial<DisplayQuery> = {}): DisplayQuery {
  return { rows, summaries: [], matches: undefined, sort: { key: "order", descending: false }, collapsed: new Set(), ...patch };
}

function drawn(shown: DisplayRow[]): string[] {
  return shown.map(({ label, level }) => `${"  ".repeat(level - 1)}${label}`);
}

describe("tensor tree", () => {
  it("groups a name where the model repeats itself", () => {
    assert.deepEqual(groupPath("model.layers.0.self_attn.q_proj.weight"), { groups: ["model.layers.0", "self_attn"], label: "q_proj" });
    assert.deepEqual(groupPath("model.layers.0.self_attn.q_proj.bias"), { groups: ["model.layers.0", "self_attn"], label: "q_proj.bias" });
    assert.deepEqual(groupPath("blk.3.attn_q.weight"), { groups: ["blk.3"], label: "attn_q" });
    assert.deepEqual(groupPath("h.0.mlp.experts.2.w1.weight"), { groups: ["h.0", "mlp", "experts", "2"], label: "w1" });
    assert.deepEqual(groupPath("layers.1.weight"), { groups: ["layers.1"], label: "weight" });
    assert.deepEqual(groupPath("model.embed_tokens.weight"), { groups: [], label: "model.embed_tokens.weight" });
    assert.deepEqual(groupPath("tensor.5"), { groups: [], label: "tensor.5" });
    assert.deepEqual(groupPath(""), { groups: [], label: "" });
  });

  it("shows modules in the order of the model, numbers by size", () => {
    assert.deepEqual(drawn(treeRows(buildTree(rows), query())), [
      "model.embed_tokens.weight",
      "model.layers.0",
      "  input_layernorm",
      "  self_attn",
      "    q_proj",
      "    q_proj.bias",
      "  mlp",
      "    gate_proj",
      "    down_proj",
      "model.layers.9",
      "  mlp",
      "    down_proj",
      "model.layers.10",
      "  mlp",
      "    down_proj",
      "model.norm.weight",
      "lm_head.weight",
    ]);
  });

  it("sums what can be summed", () => {
    const layer = buildTree(rows).children.find((node) => node.kind === "group" && node.path === "model.layers.0");
    assert.ok(layer?.kind === "group");
    assert.deepEqual([layer.tensors, layer.parameters, layer.bytes, layer.dtype], [5, 570, 1140, ""]);
  });

  it("tells level, place and size of the set", () => {
    const shown = treeRows(buildTree(rows), query());
    const gate = shown.find(({ label }) => label === "gate_proj");
    assert.deepEqual([gate?.level, gate?.position, gate?.setSize], [3, 1, 2]);
  });

  it("leaves out what is in closed groups, and groups without a match", () => {
    const tree = buildTree(rows);
    const shown = treeRows(tree, query({ collapsed: new Set(["model.layers.0", "model.layers.9.mlp"]) }));
    assert.equal(shown.find(({ label }) => label === "model.layers.0")?.expanded, false);
    assert.ok(!drawn(shown).includes("  input_layernorm"));
    const matches = filterNames(
      rows.map(({ name }) => name),
      "gate",
    );
    assert.deepEqual(drawn(treeRows(tree, query({ matches }))), ["model.layers.0", "  mlp", "    gate_proj"]);
  });

  it("sorts siblings among themselves, groups by what they hold", () => {
    const labels = drawn(treeRows(buildTree(rows), query({ sort: { key: "parameters", descending: true } })));
    assert.equal(labels[0], "model.layers.0");
    assert.deepEqual(labels.slice(1, 4), ["  mlp", "    down_proj", "    gate_proj"]);
  });

  it("brings a module up by its most striking tensor", () => {
    const summaries = rows.map((_, index) => (index === 7 ? summary(index, 9) : summary(index, 1)));
    const labels = drawn(treeRows(buildTree(rows), query({ summaries, sort: { key: "std", descending: true } })));
    assert.equal(labels[0], "model.layers.10");
  });

  it("lists by any column, with what was not scanned last in both directions", () => {
    const summaries = [undefined, summary(1, 0.2), summary(2, 0.1)];
    for (const descending of [false, true]) {
      const labels = listRows(query({ summaries, sort: { key: "std", descending } })).map(({ label }) => label);
      assert.deepEqual(labels.slice(0, 2), descending ? [rows[1]!.name, rows[2]!.name] : [rows[2]!.name, rows[1]!.name]);
      assert.equal(labels.length, rows.length);
    }
    const names = listRows(query({ sort: { key: "name", descending: false } })).map(({ label }) => label);
    assert.ok(names.indexOf("model.layers.9.mlp.down_proj.weight") < names.indexOf("model.layers.10.mlp.down_proj.weight"));
    assert.deepEqual(
      listRows(query()).map(({ label }) => label),
      rows.map(({ name }) => name),
    );
  });
});
