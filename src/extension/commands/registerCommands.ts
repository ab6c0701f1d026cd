import * as vscode from "vscode";
import { CancelledError } from "../../core/errors";
import { notificationText } from "../errorText";
import { logFailure } from "../log";
import type { WindowServices } from "../windowServices";
import type { Command } from "./command";

/** Ids of the commands in the manifest, which is read already when the extension is activated. */
function contributedIds({ extension }: vscode.ExtensionContext): string[] {
  const { contributes } = extension.packageJSON as { contributes: { commands: { command: string }[] } };
  return contributes.commands.map(({ command }) => command);
}

/**
 * Registers the contributed commands so that none ends in an unhandled error: cancellations are silent, failures are
 * logged in full and shown in one notification that leads to the log. Callers are told whether the command was carried
 * out, or called off. What the commands do is loaded with the first one that is called: a third of the code that
 * activation would have to read.
 */
export function registerCommands(services: WindowServices): vscode.Disposable {
  return vscode.Disposable.from(
    ...contributedIds(services.context).map((id) =>
      vscode.commands.registerCommand(id, async (...args: unknown[]) => {
        try {
          const { commands } = await import("./registry");
          await commandOf(commands, id).run(services, ...args);
          return true;
        } catch (error) {
          if (error instanceof CancelledError) return true;
          services.log.error(`${id} failed.`);
          logFailure(services.log, error);
          void offerLog(services.log, notificationText(error));
          return false;
        }
      }),
    ),
  );
}

function commandOf(commands: readonly Command[], id: string): Command {
  const found = commands.find((command) => command.id === id);
  if (!found) throw new Error(`${id} is in the manifest, but not in the registry of commands`);
  return found;
}

async function offerLog(log: vscode.LogOutputChannel, message: string): Promise<void> {
  const showLog = vscode.l10n.t("Show Log");
  if ((await vscode.window.showErrorMessage(message, showLog)) === showLog) log.show();
}
