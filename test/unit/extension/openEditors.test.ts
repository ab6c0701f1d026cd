import assert from "node:assert/strict";
import type { WebviewPanel } from "vscode";
import { type OpenEditor, OpenEditors } from "../../../src/extension/editor/openEditors";
import { Emitter } from "../../../src/extension/emitter";

/** An editor and its panel, as far as it is asked who is active. */
class Tab {
  active = false;
  isReadable = true;
  private readonly viewState = new Emitter<void>();
  private readonly end = new Emitter<void>();
  readonly onDidChangeViewState = this.viewState.event;
  readonly onDidDispose = this.end.event;

  constructor(readonly name: string) {}

  get isActive(): boolean {
    return this.active;
  }

  activate(active: boolean): void {
    this.active = active;
    this.viewState.fire();
  }

  close(): void {
    this.active = false;
    this.end.fire();
  }
}

describe("open editors", () => {
  /** Adds an editor in front of all others, or behind them. */
  function open(editors: OpenEditors, name: string, active = true): Tab {
    const tab = new Tab(name);
    tab.active = active;
    editors.add(tab as unknown as OpenEditor, tab as unknown as WebviewPanel);
    return tab;
  }
  const nameOf = (editor: OpenEditor | undefined): string | undefined => (editor as unknown as Tab | undefined)?.name;

  it("know which was active last, while something else has the focus", () => {
    const editors = new OpenEditors();
    assert.equal(editors.lastReadable, undefined);
    const first = open(editors, "first");
    first.activate(false);
    const second = open(editors, "second");
    second.activate(false);
    assert.deepEqual([nameOf(editors.active), nameOf(editors.lastReadable)], [undefined, "second"]);
    first.activate(true);
    assert.deepEqual([nameOf(editors.active), nameOf(editors.lastReadable)], ["first", "first"]);
    first.activate(false);
    open(editors, "never in front", false);
    assert.deepEqual(editors.all.map(nameOf), ["first", "second", "never in front"]);
  });

  it("leave out what was closed, and what could not be read", () => {
    const editors = new OpenEditors();
    const [first, second, third] = ["first", "second", "third"].map((name) => {
      const tab = open(editors, name);
      tab.activate(false);
      return tab;
    });
    third!.close();
    assert.equal(nameOf(editors.lastReadable), "second");
    second!.isReadable = false;
    assert.equal(nameOf(editors.lastReadable), "first");
    first!.close();
    assert.equal(editors.lastReadable, undefined);
    assert.deepEqual(editors.all.map(nameOf), ["second"]);
  });
});
