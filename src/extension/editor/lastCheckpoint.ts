import type * as vscode from "vscode";
import type { DocumentStore } from "../document/documentStore";
import type { EditorStates } from "./editorStates";
import type { OpenEditors } from "./openEditors";

/** Where is known what is open. */
interface Open {
  readonly editors: Pick<OpenEditors, "lastReadable" | "of">;
  readonly documents: Pick<DocumentStore, "share">;
  readonly states: Pick<EditorStates, "find">;
}

/**
 * The open checkpoint that the user was at last, of those that can be read; undefined where none is open.
 *
 * @param tabs checkpoints that are open, shown yet or not, foremost first: the first that can be read stands in where no editor is
 */
export async function lastCheckpoint({ editors, documents }: Open, tabs: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> {
  const { lastReadable } = editors;
  if (lastReadable) return lastReadable.uri;
  for (const uri of tabs) if (await canBeRead(documents, uri)) return uri;
  return undefined;
}

/** Name of the tensor that is selected in the editor of a checkpoint, or that it will show when it is opened; undefined for one never looked at. */
export function selectedTensor({ editors, states }: Open, uri: vscode.Uri): string | undefined {
  // That which was active last comes first.
  return editors.of(uri)[0]?.selected ?? states.find(uri.toString())?.selected;
}

async function canBeRead(documents: Open["documents"], uri: vscode.Uri): Promise<boolean> {
  const share = await documents.share(uri);
  try {
    return (await share.document.whenRead()).kind === "ready";
  } finally {
    share.dispose();
  }
}
