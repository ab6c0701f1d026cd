import type * as vscode from "vscode";
import { CancelledError } from "../core/errors";
import { logText } from "./errorText";

/** Writes a failure to the log, except a cancellation, which is none. */
export function logFailure(log: vscode.LogOutputChannel, error: unknown): void {
  if (!(error instanceof CancelledError)) log.error(logText(error));
}
