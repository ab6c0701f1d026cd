import * as vscode from "vscode";
import type { FoundCheckpoint } from "../views/checkpointFinder";
import { browseFor } from "./browse";
import type { Command } from "./command";
import { checkpointFile, openInEditor } from "./openInEditor";
import { passedUri } from "./target";

interface Choice extends vscode.QuickPickItem {
  choose?(): Promise<vscode.Uri | undefined>;
}

/** *Open Checkpoint*: one found in the workspace, or a file or folder from a dialog. */
export const openCheckpoint: Command = {
  id: "quantscope.openCheckpoint",
  async run(services, argument) {
    const uri = passedUri(argument) ?? (await choose(services.checkpoints.all()));
    if (uri) await openInEditor(await checkpointFile(uri));
  },
};

async function choose(found: Promise<FoundCheckpoint[]>): Promise<vscode.Uri | undefined> {
  const items = found.then((checkpoints) => {
    const browse: Choice[] = [
      { label: `$(file) ${vscode.l10n.t("Choose a File...")}`, choose: () => browseFor("file") },
      { label: `$(folder) ${vscode.l10n.t("Choose a Folder...")}`, choose: () => browseFor("folder") },
    ];
    if (checkpoints.length === 0) return browse;
    const separator: Choice = { label: vscode.l10n.t("in this workspace"), kind: vscode.QuickPickItemKind.Separator };
    return [...browse, separator, ...checkpoints.map(workspaceChoice)];
  });
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t("A file with weights, or the folder of a checkpoint"),
    matchOnDescription: true,
  });
  return picked?.choose?.();
}

function workspaceChoice(found: FoundCheckpoint): Choice {
  const place = vscode.workspace.asRelativePath(found.uri);
  return { label: found.label, ...(place === found.label ? {} : { description: place }), choose: () => Promise.resolve(found.uri) };
}
