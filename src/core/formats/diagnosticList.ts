import type { Diagnostic, DiagnosticFields, Severity } from "../errors";
import { limits } from "../limits";

/**
 * Findings about one checkpoint. Keeps the first `limits.diagnostics` and counts the rest, so that a file in which every
 * tensor is wrong costs no more memory than one in which a thousand are.
 */
export class DiagnosticList {
  private readonly kept: Diagnostic[] = [];
  private dropped = 0;

  /** True once further findings are only counted: callers can skip the work of describing them. */
  get isFull(): boolean {
    return this.kept.length >= limits.diagnostics;
  }

  add(severity: Severity, code: string, message: string, fields: DiagnosticFields = {}): void {
    this.push({ severity, code, message, ...fields });
  }

  push(diagnostic: Diagnostic): void {
    if (this.isFull) this.dropped++;
    else this.kept.push(diagnostic);
  }

  /** Counts findings that are not described, since the list is full. */
  skip(count: number): void {
    this.dropped += count;
  }

  /** The findings in the order they were made, and a line that says how many more there were. */
  result(): Diagnostic[] {
    if (this.dropped === 0) return [...this.kept];
    return [...this.kept, { severity: "info", code: "diagnostics.more", message: `And ${this.dropped} more findings that are not listed` }];
  }
}
