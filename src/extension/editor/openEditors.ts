import type * as vscode from "vscode";
import { type Disposable, Emitter } from "../emitter";
import type { EditorPanel } from "./editorPanel";

/** The checkpoint editors of this window, which of them has the focus, and which had it last. */
export class OpenEditors implements Disposable {
  /** That which was active last comes first; those that never were, last. */
  private panels: EditorPanel[] = [];
  private readonly changes = new Emitter<void>();

  /** An editor was opened, closed, shown or hidden, or another one became the active one. */
  readonly onDidChange = this.changes.event;

  add(editor: EditorPanel, panel: vscode.WebviewPanel): void {
    this.panels.push(editor);
    const arrange = (): void => {
      if (panel.active) this.panels = [editor, ...this.without(editor)];
    };
    arrange();
    panel.onDidChangeViewState(() => {
      arrange();
      this.changes.fire();
    });
    panel.onDidDispose(() => {
      this.panels = this.without(editor);
      this.changes.fire();
    });
    this.changes.fire();
  }

  /** That which was active last comes first. */
  get all(): readonly EditorPanel[] {
    return this.panels;
  }

  /** The editor that commands without an argument mean. */
  get active(): EditorPanel | undefined {
    return this.all.find((editor) => editor.isActive);
  }

  /** The editor that the user was at last, of those whose checkpoint could be read: something else may have the focus now. */
  get lastReadable(): EditorPanel | undefined {
    return this.all.find((editor) => editor.isReadable);
  }

  of(uri: vscode.Uri): readonly EditorPanel[] {
    return this.all.filter((editor) => editor.uri.toString() === uri.toString());
  }

  dispose(): void {
    this.panels = [];
    this.changes.dispose();
  }

  private without(other: EditorPanel): EditorPanel[] {
    return this.panels.filter((editor) => editor !== other);
  }
}
