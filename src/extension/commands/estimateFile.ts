import * as vscode from "vscode";
import { checkpointsIn } from "../views/checkpointFinder";
import { checkpointFile, isFolder } from "./openInEditor";

const configName = "config.json";

/** The file that an estimate is made from: a checkpoint, or a config.json, which is enough to count a model's weights. */
export interface EstimateFile {
  source: "checkpoint" | "config";
  uri: vscode.Uri;
}

/**
 * What to estimate for a file or folder: a config.json itself, or that of a folder without weights.
 * @throws UsageError `no-checkpoint`; CancelledError when the user picks none of several
 */
export async function estimateFile(uri: vscode.Uri): Promise<EstimateFile> {
  if (uri.path.endsWith(`/${configName}`)) return { source: "config", uri };
  if (await isFolder(uri)) {
    const config = vscode.Uri.joinPath(uri, configName);
    if ((await checkpointsIn(uri)).length === 0 && (await exists(config))) return { source: "config", uri: config };
  }
  return { source: "checkpoint", uri: await checkpointFile(uri) };
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
