import assert from "node:assert/strict";
import type { TensorRow } from "../../../src/protocol/editor";
import type { EditorState } from "../../../src/protocol/editorState";
import { defaultState } from "../../../webview/editor/state";
import type { EditorStore } from "../../../webview/editor/store";
import { RowModel } from "../../../webview/editor/tensors/rowModel";

const tensors = ["m.0.a.weight", "m.0.b.weight", "m.1.a.weight", "lm_head.weight"].map((name): TensorRow => ({
  name,
  dtype: "F32",
  shape: [2],
  parameters: 2,
  bytes: 8,
  file: 0,
  offset: 0,
  part: "other",
  decodable: true,
}));

/** The part of the store that the rows depend on. */
class FakeStore {
  state: EditorState = defaultState("Q4_K");
  summaries = [];
  summaryRevision = 0;
  snapshot = { tensors };

  setState(patch: Partial<EditorState>): void {
    this.state = { ...this.state, ...patch };
  }

  get asStore(): EditorStore {
    return this as unknown as EditorStore;
  }
}

describe("RowModel", () => {
  const labels = (model: RowModel, store: FakeStore): string[] => model.update(store.asStore).map(({ label }) => label);

  it("computes rows again only when something they depend on has changed", () => {
    const store = new FakeStore();
    const model = new RowModel();
    const first = model.update(store.asStore);
    store.setState({ tab: "values", scrollTop: 40 });
    store.summaryRevision = 1;
    assert.equal(model.update(store.asStore), first);
    store.setState({ sort: { key: "std", descending: true } });
    const sorted = model.update(store.asStore);
    assert.notEqual(sorted, first);
    store.summaryRevision = 2;
    assert.notEqual(model.update(store.asStore), sorted);
  });

  it("opens everything a filter finds and forgets what was closed meanwhile", () => {
    const store = new FakeStore();
    const model = new RowModel();
    store.setState({ collapsed: ["m.0"] });
    assert.deepEqual(labels(model, store), ["m.0", "m.1", "a", "lm_head.weight"]);
    store.setState({ filter: "a.weight" });
    assert.deepEqual(labels(model, store), ["m.0", "a", "m.1", "a"]);
    model.setExpanded(store.asStore, "m.1", false);
    assert.deepEqual(labels(model, store), ["m.0", "a", "m.1"]);
    assert.equal(model.matchCount, 2);
    store.setState({ filter: "" });
    assert.deepEqual(store.state.collapsed, ["m.0"]);
    assert.deepEqual(labels(model, store), ["m.0", "m.1", "a", "lm_head.weight"]);
  });

  it("knows where a tensor is shown", () => {
    const store = new FakeStore();
    const model = new RowModel();
    model.update(store.asStore);
    assert.equal(model.indexOf(2), 4);
    store.setState({ collapsed: ["m.1"] });
    model.update(store.asStore);
    assert.equal(model.indexOf(2), undefined);
    assert.equal(model.indexOf(undefined), undefined);
  });
});
