import { CancelledError, type DiagnosticFields, FormatError, UsageError } from "../core/errors";
import { quoteName } from "../core/formats/text";
import { outputFailed } from "./output";

/** Exit statuses. */
export const exitStatus = { done: 0, failed: 1, wrongInput: 2, cancelled: 130 } as const;

/** What the machine refused, as against what is wrong with the input. */
const failedCodes = new Set(["io.failed", "io.no-access", "io.no-space", "io.too-many-files", "io.changed", outputFailed]);

/**
 * Says what went wrong: as the one JSON document on stdout, or in words on stderr, also where stdout is what failed.
 *
 * @returns the exit status
 */
export function reportFailure(error: unknown, { json, verbose }: { json: boolean; verbose: boolean }): number {
  const { code, message, fields } = described(error);
  if (json && code !== outputFailed) {
    const { file = null, offset = null, expected = null, hint = null } = fields;
    const found = foundWhere(fields);
    process.stdout.write(`${JSON.stringify({ error: { code, message, file, offset, expected, found, hint } })}\n`);
  } else if (!(error instanceof CancelledError)) {
    process.stderr.write([`quantscope: ${message}`, ...details(fields)].join("\n") + "\n");
  }
  if (verbose && error instanceof Error) process.stderr.write(`${error.stack ?? error.message}\n`);
  return statusOf(error);
}

/** What was found, with the tensor that it was found in: the document has no field of its own for that. */
function foundWhere({ tensor, expected, found }: DiagnosticFields): string | null {
  if (tensor === undefined || found?.includes(tensor) || expected?.includes(tensor)) return found ?? null;
  return found === undefined ? `tensor ${quoteName(tensor)}` : `tensor ${quoteName(tensor)}: ${found}`;
}

function statusOf(error: unknown): number {
  if (error instanceof CancelledError) return exitStatus.cancelled;
  if (error instanceof UsageError) return exitStatus.wrongInput;
  if (error instanceof FormatError) return failedCodes.has(error.code) ? exitStatus.failed : exitStatus.wrongInput;
  return exitStatus.failed;
}

function described(error: unknown): { code: string; message: string; fields: DiagnosticFields } {
  if (error instanceof FormatError || error instanceof UsageError)
    return { code: error.code, message: error.message, fields: error.fields };
  if (error instanceof CancelledError) return { code: error.code, message: error.message, fields: {} };
  return { code: "internal", message: error instanceof Error ? error.message : String(error), fields: {} };
}

function details({ file, tensor, offset, expected, found, hint }: DiagnosticFields): string[] {
  const lines: [string, string | number | undefined][] = [
    ["file", file],
    ["tensor", tensor],
    ["offset", offset],
    ["expected", expected],
    ["found", found],
    ["hint", hint],
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name}: ${value}`]));
}
