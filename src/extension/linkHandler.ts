import * as vscode from "vscode";
import { notificationText } from "./errorText";
import { logFailure } from "./log";
import { linkedCommand } from "./webLink";

/** Opens links such as `vscode://quantscope.quantscope/playground?state=…`. VS Code has asked the user before. */
export function registerLinks(log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri: async (uri) => {
      try {
        const { id, argument } = linkedCommand(uri, isInWorkspace);
        await vscode.commands.executeCommand(id, argument);
      } catch (error) {
        logFailure(log, error);
        void vscode.window.showErrorMessage(notificationText(error));
      }
    },
  });
}

function isInWorkspace(checkpoint: string): boolean {
  try {
    return vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(checkpoint, true)) !== undefined;
  } catch {
    return false;
  }
}
