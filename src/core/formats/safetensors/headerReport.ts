import type { DiagnosticFields, Severity } from "../../errors";
import type { DiagnosticList } from "../diagnosticList";
import { ByteOffsets } from "./byteOffsets";

/** Bytes before the JSON text of the header: its length as u64. */
export const prefixBytes = 8;

/** Findings in a header's text: turns places in the text into byte offsets of the file. */
export class HeaderReport {
  private readonly offsets: ByteOffsets;

  constructor(
    readonly file: string,
    bytes: Uint8Array,
    text: string,
    private readonly diagnostics: DiagnosticList,
  ) {
    this.offsets = new ByteOffsets(bytes, text.length);
  }

  /** @param at UTF-16 units from the start of the text */
  add(severity: Severity, code: string, message: string, at: number, fields: DiagnosticFields = {}): void {
    const offset = this.diagnostics.isFull ? undefined : this.byteOffset(at);
    this.diagnostics.add(severity, code, message, { file: this.file, offset, ...fields });
  }

  /** The byte offset in the file of a place in the text. */
  byteOffset(at: number): number {
    return prefixBytes + this.offsets.of(at);
  }
}
