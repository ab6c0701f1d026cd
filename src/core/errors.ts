/** How bad a finding is. Errors mean that some data cannot be shown; warnings that it may not be what it claims to be. */
export type Severity = "error" | "warning" | "info";

/** A finding about a file: what was found where, what was expected, and what to do about it. */
export interface Diagnostic {
  severity: Severity;
  /** Stable kebab-case identifier, e.g. `safetensors.header-too-large`. Never localized. */
  code: string;
  /** One sentence in English; localized where it is shown. */
  message: string;
  file?: string;
  tensor?: string;
  /** Byte offset in `file` at which the problem was noticed. */
  offset?: number;
  expected?: string;
  found?: string;
  /** What the user can do. */
  hint?: string;
}

export type DiagnosticFields = Omit<Diagnostic, "severity" | "code" | "message">;

/** An error with a stable code and the fields of a {@link Diagnostic}. */
abstract class CodedError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly fields: DiagnosticFields = {},
  ) {
    super(message);
  }
}

/** A file is not what it claims to be, or cannot be read as asked. Carries the fields of a {@link Diagnostic}. */
export class FormatError extends CodedError {
  override readonly name = "FormatError";

  toDiagnostic(severity: Severity = "error"): Diagnostic {
    return { severity, code: this.code, message: this.message, ...this.fields };
  }
}

/** The caller asked for something that does not exist or makes no sense (unknown type, missing tensor, bad option). */
export class UsageError extends CodedError {
  override readonly name = "UsageError";
}

/** The user, or a newer request, cancelled the job. Never shown as a failure. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
  readonly code = "cancelled";
  constructor() {
    super("Cancelled");
  }
}

/** Throws {@link CancelledError} once `signal` is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}
