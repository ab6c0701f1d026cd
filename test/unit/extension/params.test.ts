import assert from "node:assert/strict";
import { ErrorCodes, ResponseError } from "vscode-jsonrpc";
import { isEditorState } from "../../../src/extension/editor/editorStateCheck";
import { integer, oneOf, optionalIndices, optionalText, record, text } from "../../../src/extension/editor/params";
import type { EditorState } from "../../../src/protocol/editorState";

function refused(check: () => unknown): void {
  assert.throws(check, (error: unknown) => error instanceof ResponseError && error.code === Number(ErrorCodes.InvalidParams));
}

describe("parameters from the page", () => {
  it("takes whole numbers in their range and nothing else", () => {
    assert.equal(integer({ n: 3 }, "n", 0, 3), 3);
    for (const value of [-1, 4, 1.5, NaN, Infinity, "3", null, undefined, [3], 2 ** 60]) refused(() => integer({ n: value }, "n", 0, 3));
  });

  it("takes text up to its limit", () => {
    assert.equal(text({ s: "abc" }, "s", 3), "abc");
    assert.equal(optionalText({}, "s", 3), undefined);
    for (const value of ["abcd", 3, undefined]) refused(() => text({ s: value }, "s", 3));
  });

  it("takes lists of indices without repetitions", () => {
    assert.equal(optionalIndices({}, "tensors", 9), undefined);
    assert.deepEqual(optionalIndices({ tensors: [2, 0, 2] }, "tensors", 3), [2, 0]);
    for (const value of [[3], [-1], ["0"], [0, 1, 2, 0], { 0: 1, length: 1 }])
      refused(() => optionalIndices({ tensors: value }, "tensors", 3));
  });

  it("takes words of a list", () => {
    assert.equal(oneOf({ name: "b" }, "name", ["a", "b"]), "b");
    refused(() => oneOf({ name: "toString" }, "name", ["a", "b"]));
  });

  it("takes objects as parameters", () => {
    assert.deepEqual(record({ a: 1 }), { a: 1 });
    for (const value of [null, undefined, [1], "a", 3]) refused(() => record(value));
  });

  it("keeps only states of its own version and of sane size", () => {
    const state: EditorState = {
      version: 1,
      filter: "",
      view: "tree",
      sort: { key: "order", descending: false },
      columns: ["shape"],
      collapsed: [],
      tab: "histogram",
      scheme: "Q4_K",
      logScale: true,
      asTable: false,
      split: 0.6,
      scrollTop: 0,
      values: { row: 0, column: 0 },
      tint: true,
      codes: false,
    };
    assert.ok(isEditorState(state));
    assert.ok(!isEditorState({ ...state, version: 2 }));
    assert.ok(!isEditorState({ ...state, filter: 3 }));
    assert.ok(!isEditorState({ ...state, collapsed: ["x".repeat(300_000)] }));
    assert.ok(!isEditorState(null));
  });
});
