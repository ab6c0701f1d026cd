import * as vscode from "vscode";
import type { Folder } from "../../core/file";
import { openCheckpoint } from "../../core/formats/open";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { NodeFolder } from "../../io/nodeFolder";
import { VscodeFolder } from "../../io/vscodeFolder";
import type { FileStamp } from "../fileStamp";
import type { CheckpointSource } from "./checkpointSource";

/** Last segment of a URI's path. */
export function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}

/**
 * The URI of a file in the same folder. `git:` URIs name their file a second time, in a JSON query; without changing it
 * there, every file of the folder would have the content of this one.
 */
function beside(uri: vscode.Uri, name: string): vscode.Uri {
  if (name === nameOf(uri)) return uri;
  const sibling = vscode.Uri.joinPath(uri, "..", name);
  if (uri.query === "") return sibling;
  try {
    const query: unknown = JSON.parse(uri.query);
    if (typeof query !== "object" || query === null || !("path" in query) || typeof query.path !== "string") return sibling;
    return sibling.with({ query: JSON.stringify({ ...query, path: query.path.replace(/[^/\\]*$/, () => name) }) });
  } catch {
    return sibling;
  }
}

/** The folder a file lies in, where a checkpoint's configuration and tokenizer are. */
export function folderOf(uri: vscode.Uri): Folder {
  const folder = vscode.Uri.joinPath(uri, "..");
  // By range where there is a disk; everything else can only be read whole.
  if (uri.scheme === "file") return new NodeFolder(folder.fsPath);
  return new VscodeFolder(vscode.workspace.fs, folder, nameOf(folder), (_, name) => beside(uri, name));
}

async function stampOf(uri: vscode.Uri): Promise<FileStamp | undefined> {
  try {
    const { size, mtime } = await vscode.workspace.fs.stat(uri);
    return { bytes: size, mtime };
  } catch {
    return undefined;
  }
}

/** Where the document of a URI gets its bytes. */
export function sourceOf(uri: vscode.Uri): CheckpointSource {
  return {
    uri: uri.toString(),
    name: nameOf(uri),
    open: () => openCheckpointAt(uri),
    stamp: (name) => stampOf(beside(uri, name)),
  };
}

/**
 * Opens the checkpoint that a file belongs to.
 * @throws FormatError
 */
export function openCheckpointAt(uri: vscode.Uri): Promise<Checkpoint> {
  return openCheckpoint(folderOf(uri), nameOf(uri));
}
