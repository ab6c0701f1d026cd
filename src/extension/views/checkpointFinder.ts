import * as vscode from "vscode";
import { type CheckpointGroup, groupCheckpoints, isCheckpointName } from "./groupCheckpoints";

/** Files by which checkpoints are found; some of them are none: see {@link isCheckpointName}. */
export const checkpointPattern = "**/*.{safetensors,gguf,pt,pth,bin,ckpt,npy,npz,onnx,tflite,h5,hdf5,keras,index.json,weights.json}";
/** More than this many files are a data lake, not a workspace. */
const foundFiles = 5000;

/** A checkpoint in the workspace or in a folder. */
export interface FoundCheckpoint extends CheckpointGroup {
  /** URI of `main`. */
  readonly uri: vscode.Uri;
  /** URIs of `parts`. */
  readonly partUris: readonly vscode.Uri[];
}

/** All checkpoints of the workspace, shards grouped. Files that the user hides from the explorer stay hidden. */
export async function findCheckpoints(): Promise<FoundCheckpoint[]> {
  const found = await vscode.workspace.findFiles(checkpointPattern, undefined, foundFiles);
  return located(found.filter((uri) => isCheckpointName(uri.path.slice(uri.path.lastIndexOf("/") + 1))));
}

/** The checkpoints that lie directly in a folder. */
export async function checkpointsIn(folder: vscode.Uri): Promise<FoundCheckpoint[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const files = entries.filter(([name, type]) => (type & vscode.FileType.Directory) === 0 && isCheckpointName(name));
  return located(files.map(([name]) => vscode.Uri.joinPath(folder, name)));
}

function located(uris: readonly vscode.Uri[]): FoundCheckpoint[] {
  const folderOf = new Map<string, vscode.Uri>();
  const files = uris.map((uri) => {
    const folder = vscode.Uri.joinPath(uri, "..");
    const key = folder.with({ query: "", fragment: "" }).toString(true).replace(/\/$/, "");
    folderOf.set(key, folder);
    return { folder: key, name: uri.path.slice(uri.path.lastIndexOf("/") + 1) };
  });
  return groupCheckpoints(files).flatMap((group) => {
    const folder = folderOf.get(group.folder);
    if (!folder) return [];
    const locate = (name: string) => vscode.Uri.joinPath(folder, name);
    return [{ ...group, uri: locate(group.main), partUris: group.parts.map(locate) }];
  });
}
