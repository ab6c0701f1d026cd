import { EditorSession } from "../../../src/extension/editor/editorSession";
import type { PageHost } from "../../../src/extension/editor/pageSession";
import { histogramChoices } from "../../../src/extension/editor/schemeChoices";
import type { EditorState } from "../../../src/protocol/editorState";
import { DocumentPageHost } from "./documentPageHost";

/** The real thing behind a checkpoint editor. */
export class SessionPageHost extends DocumentPageHost<EditorSession> {
  readonly copied: string[] = [];
  readonly actions: string[] = [];
  lastState: EditorState | undefined;
  /** Names of the tensors that were selected, as they were. */
  readonly selected: string[] = [];

  protected override connect(page: PageHost): EditorSession {
    return new EditorSession(this.document, {
      ...page,
      engine: this.measuring.engine,
      settings: () => ({ locale: "en", strings: {}, bins: 128, defaultScheme: "int4-g128", state: this.lastState }),
      schemes: histogramChoices,
      copy: (text) => Promise.resolve(void this.copied.push(text)),
      save: (name, content) => this.save(name, content),
      act: (action) => Promise.resolve(void this.actions.push(action)),
      saveState: (state) => (this.lastState = state),
      selected: (tensor) => this.selected.push(tensor),
      initialized: () => undefined,
      did: () => undefined,
    });
  }
}
