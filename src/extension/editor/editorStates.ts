import type * as vscode from "vscode";
import type { EditorState } from "../../protocol/editorState";
import { isEditorState } from "./editorStateCheck";

const storageKey = "quantscope.editorStates";
/** Checkpoints whose view is remembered; the one not looked at for longest goes first. */
const remembered = 50;

/** What each checkpoint's editor last showed in this workspace, so that it shows the same again. */
export class EditorStates {
  private states: Map<string, EditorState>;

  constructor(private readonly memento: vscode.Memento) {
    const stored = memento.get<unknown>(storageKey);
    const entries: unknown[] = Array.isArray(stored) ? stored : [];
    this.states = new Map(
      entries.flatMap((entry) => {
        if (!Array.isArray(entry)) return [];
        const [uri, state]: unknown[] = entry;
        return typeof uri === "string" && isEditorState(state) ? [[uri, state] as const] : [];
      }),
    );
  }

  find(uri: string): EditorState | undefined {
    return this.states.get(uri);
  }

  async remember(uri: string, state: EditorState): Promise<void> {
    this.states.delete(uri);
    this.states.set(uri, state);
    this.states = new Map([...this.states].slice(-remembered));
    await this.memento.update(storageKey, [...this.states]);
  }
}
