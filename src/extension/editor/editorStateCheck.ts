import type { EditorState } from "../../protocol/editorState";

/** Characters of the JSON of a page's state. Only what a user folded up can make it long. */
const stateLength = 200_000;
const textFields = ["filter", "view", "tab", "scheme"] as const;

/** Whether this is a state that a page of this version wrote: it is kept, and handed back to one. */
export function isEditorState(value: unknown): value is EditorState {
  if (typeof value !== "object" || value === null) return false;
  const fields = new Map(Object.entries(value));
  return (
    fields.get("version") === 1 &&
    textFields.every((name) => typeof fields.get(name) === "string") &&
    JSON.stringify(value).length < stateLength
  );
}
