import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../emitter";
import type { CheckpointDocument } from "./checkpointDocument";

/**
 * Milliseconds of quiet before a changed file is looked at. Downloads and exporters write for as long as they take;
 * replacing a file is a deletion followed by a creation, which must not be taken for the end of it.
 */
const quietTime = 400;
/** A file that never stops changing is read all the same after this many milliseconds. */
const longestWait = 5000;

/** Tells a document when a file it was read from, or another shard of it, changes, appears or vanishes. */
export function watchDocument(uri: vscode.Uri, document: CheckpointDocument, reportFailure: (error: unknown) => void): Disposable {
  const store = new DisposableStore();
  const folder = vscode.Uri.joinPath(uri, "..");
  const watcher = store.add(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, "*")));
  let timer: NodeJS.Timeout | undefined;
  let firstEvent = 0;

  const look = () => {
    timer = undefined;
    firstEvent = 0;
    if (!store.isDisposed) document.refresh().catch(reportFailure);
  };
  const note = (changed: vscode.Uri) => {
    if (!document.concerns(changed.path.slice(changed.path.lastIndexOf("/") + 1))) return;
    firstEvent ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(quietTime, Math.max(0, firstEvent + longestWait - Date.now())));
  };
  store.add(watcher.onDidChange(note));
  store.add(watcher.onDidCreate(note));
  store.add(watcher.onDidDelete(note));
  store.add({ dispose: () => clearTimeout(timer) });
  return store;
}
