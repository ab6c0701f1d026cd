import * as vscode from "vscode";
import { optionalViewType, viewType } from "../identifiers";
import { frontFirst } from "./tabOrder";

/**
 * The checkpoints in tabs of this window, foremost first. More than the open editors: a tab that VS Code brought back has no editor until
 * it is shown.
 */
export function checkpointTabs(): vscode.Uri[] {
  return frontFirst(vscode.window.tabGroups.all).flatMap(({ input }) =>
    input instanceof vscode.TabInputCustom && (input.viewType === viewType || input.viewType === optionalViewType) ? [input.uri] : [],
  );
}
