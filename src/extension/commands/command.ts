import * as vscode from "vscode";
import { CancelledError } from "../../core/errors";
import { notificationText } from "../errorText";
import { logFailure } from "../log";
import type { Services } from "../services";

/** A contributed command. Its arguments come from menus, from other extensions, or not at all: they are checked by it. */
export interface Command {
  readonly id: string;
  run(services: Services, ...args: readonly unknown[]): Promise<void>;
}

/**
 * Registers commands so that none ends in an unhandled error: cancellations are silent, failures are logged in full and
 * shown in one notification that leads to the log. Callers are told whether the command was carried out, or called off.
 */
export function registerCommands(commands: readonly Command[], services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    ...commands.map((command) =>
      vscode.commands.registerCommand(command.id, async (...args: unknown[]) => {
        try {
          await command.run(services, ...args);
          return true;
        } catch (error) {
          if (error instanceof CancelledError) return true;
          services.log.error(`${command.id} failed.`);
          logFailure(services.log, error);
          void offerLog(services.log, notificationText(error));
          return false;
        }
      }),
    ),
  );
}

async function offerLog(log: vscode.LogOutputChannel, message: string): Promise<void> {
  const showLog = vscode.l10n.t("Show Log");
  if ((await vscode.window.showErrorMessage(message, showLog)) === showLog) log.show();
}
