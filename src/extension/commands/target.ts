import * as vscode from "vscode";
import { UsageError } from "../../core/errors";
import type { Services } from "../services";

/** The URI that a menu, a tree item or a caller passed; undefined when it passed none. */
export function passedUri(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument === "object" && argument !== null && "uri" in argument && argument.uri instanceof vscode.Uri) return argument.uri;
  return undefined;
}

/** What a command is about: the argument, or else the active checkpoint editor. */
export function targetUri(services: Services, argument: unknown): vscode.Uri | undefined {
  return passedUri(argument) ?? services.editors.active?.uri;
}

/**
 * The same, for commands that make no sense without one.
 * @throws UsageError `no-checkpoint`
 */
export function requireTarget(services: Services, argument: unknown): vscode.Uri {
  const uri = targetUri(services, argument);
  if (!uri) throw new UsageError("no-checkpoint", vscode.l10n.t("No checkpoint is open."));
  return uri;
}

/** The active checkpoint, unless it could not be read. */
export function readableEditor({ editors: { active } }: Services): vscode.Uri | undefined {
  return active?.isReadable ? active.uri : undefined;
}
