import type * as vscode from "vscode";
import type { RevealRequest } from "../../protocol/editor";
import { type Disposable, Emitter } from "../emitter";

/** A checkpoint editor on the screen, as other parts see it. */
export interface OpenEditor {
  readonly uri: vscode.Uri;
  /** The group that it is in. */
  readonly viewColumn: vscode.ViewColumn | undefined;
  readonly isActive: boolean;
  /** Whether its checkpoint was read, and could be. */
  readonly isReadable: boolean;
  /** Name of the tensor that is selected in it. */
  readonly selected: string | undefined;
  /** Brings the editor to the front and shows a tensor, a tab, a type in it. */
  reveal(view: RevealRequest): void;
}

/** The checkpoint editors of this window, which of them has the focus, and which had it last. */
export class OpenEditors implements Disposable {
  /** That which was active last comes first; those that never were, last. */
  private panels: OpenEditor[] = [];
  private readonly changes = new Emitter<void>();

  /** An editor was opened, closed, shown or hidden, or another one became the active one. */
  readonly onDidChange = this.changes.event;

  add(editor: OpenEditor, panel: vscode.WebviewPanel): void {
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
  get all(): readonly OpenEditor[] {
    return this.panels;
  }

  /** The editor that commands without an argument mean. */
  get active(): OpenEditor | undefined {
    return this.all.find((editor) => editor.isActive);
  }

  /** The editor that the user was at last, of those whose checkpoint could be read: something else may have the focus now. */
  get lastReadable(): OpenEditor | undefined {
    return this.all.find((editor) => editor.isReadable);
  }

  of(uri: vscode.Uri): readonly OpenEditor[] {
    return this.all.filter((editor) => editor.uri.toString() === uri.toString());
  }

  dispose(): void {
    this.panels = [];
    this.changes.dispose();
  }

  private without(other: OpenEditor): OpenEditor[] {
    return this.panels.filter((editor) => editor !== other);
  }
}
