import { type Diagnostic, FormatError, UsageError } from "../core/errors";

/** Any failure as a finding that can be shown and copied. */
export function toDiagnostic(error: unknown): Diagnostic {
  if (error instanceof FormatError) return error.toDiagnostic();
  if (error instanceof UsageError) return { severity: "error", code: error.code, message: error.message, ...error.fields };
  return { severity: "error", code: "internal", message: error instanceof Error ? error.message : String(error) };
}

/** Everything about a failure, for the log. */
export function logText(error: unknown): string {
  if (error instanceof FormatError || error instanceof UsageError) {
    const fields = Object.entries(error.fields).map(([name, value]) => `${name}=${String(value)}`);
    return [`${error.code}: ${error.message}`, ...fields].join("\n  ");
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** One line for a notification: the message and what to do about it. */
export function notificationText(error: unknown): string {
  const { message, hint } = toDiagnostic(error);
  if (!hint) return message;
  return `${/[.!?…]$/.test(message) ? message : `${message}.`} ${hint}`;
}
