import * as vscode from "vscode";
import { CancelledError } from "../../core/errors";
import { browseFor } from "../commands/browse";
import { checkpointFile } from "../commands/openInEditor";
import { findCheckpoints } from "../views/checkpointFinder";

interface ModelItem extends vscode.QuickPickItem {
  locate?(): Promise<vscode.Uri | undefined>;
}

/** Files of the workspace that are offered. */
const mostConfigs = 200;

/**
 * Asks for a checkpoint, or for a config.json: of the workspace, or any other.
 * @throws CancelledError; UsageError `no-checkpoint` for a folder without any
 */
export async function askModel(source: "checkpoint" | "config"): Promise<vscode.Uri> {
  const found = source === "checkpoint" ? await checkpointItems() : await configItems();
  const separator: ModelItem = { label: vscode.l10n.t("In the workspace"), kind: vscode.QuickPickItemKind.Separator };
  const items = [...browsers(source), ...(found.length > 0 ? [separator, ...found] : [])];
  const placeHolder =
    source === "checkpoint" ? vscode.l10n.t("The checkpoint whose sizes to estimate") : vscode.l10n.t("The config.json of the model");
  const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  const uri = await picked?.locate?.();
  if (!uri) throw new CancelledError();
  return source === "checkpoint" ? checkpointFile(uri) : uri;
}

function browsers(source: "checkpoint" | "config"): ModelItem[] {
  if (source === "config") return [{ label: `$(file) ${vscode.l10n.t("Choose a File...")}`, locate: browseForConfig }];
  return [
    { label: `$(file) ${vscode.l10n.t("Choose a File...")}`, locate: () => browseFor("file") },
    { label: `$(folder) ${vscode.l10n.t("Choose a Folder...")}`, locate: () => browseFor("folder") },
  ];
}

async function checkpointItems(): Promise<ModelItem[]> {
  const found = await findCheckpoints();
  return found.map(({ label, uri }) => item(label, uri));
}

async function configItems(): Promise<ModelItem[]> {
  const found = await vscode.workspace.findFiles("**/config.json", "**/node_modules/**", mostConfigs);
  return found.map((uri) => item(uri.path.split("/").slice(-2).join("/"), uri));
}

function item(label: string, uri: vscode.Uri): ModelItem {
  return { label, description: vscode.workspace.asRelativePath(uri), locate: () => Promise.resolve(uri) };
}

async function browseForConfig(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: true,
    openLabel: vscode.l10n.t("Open"),
    title: vscode.l10n.t("The config.json of the model"),
    filters: { JSON: ["json"] },
  });
  return picked?.[0];
}
