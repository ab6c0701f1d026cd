import type * as vscode from "vscode";
import { type Disposable, Emitter } from "../emitter";
import type { EditorPanel } from "./editorPanel";

/** The checkpoint editors of this window, and which of them has the focus. */
export class OpenEditors implements Disposable {
  private readonly panels = new Set<EditorPanel>();
  private readonly changes = new Emitter<void>();

  /** An editor was opened, closed, shown or hidden, or another one became the active one. */
  readonly onDidChange = this.changes.event;

  add(editor: EditorPanel, panel: vscode.WebviewPanel): void {
    this.panels.add(editor);
    panel.onDidChangeViewState(() => this.changes.fire());
    panel.onDidDispose(() => {
      this.panels.delete(editor);
      this.changes.fire();
    });
    this.changes.fire();
  }

  get all(): readonly EditorPanel[] {
    return [...this.panels];
  }

  /** The editor that commands without an argument mean. */
  get active(): EditorPanel | undefined {
    return this.all.find((editor) => editor.isActive);
  }

  of(uri: vscode.Uri): readonly EditorPanel[] {
    return this.all.filter((editor) => editor.uri.toString() === uri.toString());
  }

  dispose(): void {
    this.panels.clear();
    this.changes.dispose();
  }
}
