import assert from "node:assert/strict";
import type { Uri } from "vscode";
import type { EditorPanel } from "../../../src/extension/editor/editorPanel";
import { lastCheckpoint, selectedTensor } from "../../../src/extension/editor/lastCheckpoint";
import { frontFirst } from "../../../src/extension/editor/tabOrder";
import { CheckpointDocument } from "../../../src/extension/document/checkpointDocument";
import { FakeEngine, FakeSource, fakeHost } from "./fakeDocument";

const uriOf = (name: string): Uri => ({ toString: () => name }) as Uri;

/** A window with open editors, last active first, and with what is remembered of checkpoints. */
class Window {
  readonly shared: string[] = [];
  released = 0;
  readonly editors: { lastReadable: EditorPanel | undefined; of(uri: Uri): EditorPanel[] };
  readonly states = { find: (uri: string) => this.remembered[uri] as never };
  readonly documents = {
    share: (uri: Uri) => {
      this.shared.push(uri.toString());
      const source = new FakeSource();
      if (this.broken.includes(uri.toString())) source.next = () => Promise.reject(new Error("no weights"));
      const document = new CheckpointDocument(source, fakeHost(new FakeEngine()));
      return Promise.resolve({ document, dispose: () => this.released++ });
    },
  };

  constructor(
    open: readonly { name: string; selected?: string }[],
    private readonly remembered: Record<string, { selected: string }> = {},
    private readonly broken: readonly string[] = [],
  ) {
    const all = open.map(({ name, selected }) => ({ uri: uriOf(name), selected }) as EditorPanel);
    this.editors = { lastReadable: all[0], of: (uri) => all.filter((editor) => editor.uri.toString() === uri.toString()) };
  }
}

describe("the checkpoint that pages begin with", () => {
  it("is that of the editor that was active last, whatever else is in tabs", async () => {
    const window = new Window([{ name: "second" }, { name: "first" }]);
    assert.equal((await lastCheckpoint(window, [uriOf("tab")]))?.toString(), "second");
    assert.deepEqual(window.shared, []);
  });

  it("is the foremost in a tab that can be read where no editor is, and none where there is no tab", async () => {
    const window = new Window([], {}, ["broken"]);
    assert.equal(await lastCheckpoint(window, []), undefined);
    assert.equal((await lastCheckpoint(window, ["broken", "front", "behind"].map(uriOf)))?.toString(), "front");
    assert.deepEqual([window.shared, window.released], [["broken", "front"], 2]);
    assert.equal(await lastCheckpoint(window, [uriOf("broken")]), undefined);
  });

  it("comes with the tensor that is selected in its last editor, or that its editor will show", () => {
    const remembered = { a: { selected: "remembered" }, b: { selected: "before" } };
    const editors = [{ name: "a", selected: "last" }, { name: "a", selected: "other" }, { name: "b" }];
    const window = new Window(editors, remembered);
    assert.equal(selectedTensor(window, uriOf("a")), "last");
    assert.equal(selectedTensor(window, uriOf("b")), "before");
    assert.equal(selectedTensor(new Window([], remembered), uriOf("a")), "remembered");
    assert.equal(selectedTensor(window, uriOf("c")), undefined);
  });
});

describe("tabs of a window", () => {
  const group = (isActive: boolean, front: string, ...behind: string[]) => ({
    isActive,
    tabs: [...behind, front].map((name) => ({ name, isActive: name === front })),
  });

  it("come as the user sees them: in front where the user is, in front elsewhere, behind", () => {
    const groups = [group(false, "left", "left behind"), group(true, "here", "here behind"), group(false, "right")];
    const names = frontFirst(groups).map(({ name }) => name);
    assert.deepEqual(names, ["here", "left", "right", "here behind", "left behind"]);
    assert.deepEqual(frontFirst([]), []);
  });
});
