import type { TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { countBytes, countOf, quoteName } from "../text";

/** The byte buffer behind a header. */
export interface DataRegion {
  /** Name of the file. */
  readonly file: string;
  /** Byte offset of the buffer in the file. */
  readonly start: number;
  /** Bytes of the whole file. */
  readonly fileBytes: number;
}

const rewriteHint = "The safetensors library refuses this file. Save the checkpoint again from its source.";

/**
 * Checks that the tensors fill the byte buffer without gaps, overlaps or anything left over. A file that ends too early
 * is not reported here.
 */
export function checkLayout(entries: readonly TensorInfo[], region: DataRegion, diagnostics: DiagnosticList): void {
  let end = region.start;
  let previous: TensorInfo | undefined;
  for (const entry of inDataOrder(entries)) {
    if (entry.offset !== end) reportBreak(entry, previous, end, region, diagnostics);
    if (entry.offset + entry.bytes >= end) {
      end = entry.offset + entry.bytes;
      previous = entry;
    }
  }
  if (end >= region.fileBytes) return;
  diagnostics.add("warning", "safetensors.trailing-bytes", `No tensor claims the ${countBytes(region.fileBytes - end)} at the end`, {
    file: region.file,
    offset: end,
    expected: `a file of ${countBytes(end)}`,
    found: countBytes(region.fileBytes),
    hint: rewriteHint,
  });
}

function reportBreak(
  entry: TensorInfo,
  previous: TensorInfo | undefined,
  end: number,
  region: DataRegion,
  diagnostics: DiagnosticList,
): void {
  const fields = {
    file: region.file,
    tensor: entry.name,
    expected: `a tensor that begins at ${countOf(end - region.start)}`,
    found: `one that begins at ${countOf(entry.offset - region.start)}`,
    hint: rewriteHint,
  };
  if (entry.offset > end) {
    const message = `No tensor claims the ${countBytes(entry.offset - end)} before ${quoteName(entry.name)}`;
    diagnostics.add("warning", "safetensors.hole", message, { ...fields, offset: end });
  } else {
    const message = `${quoteName(entry.name)} and ${quoteName(previous?.name ?? "")} claim the same bytes`;
    diagnostics.add("error", "safetensors.overlap", message, { ...fields, offset: entry.offset });
  }
}

function inDataOrder(entries: readonly TensorInfo[]): readonly TensorInfo[] {
  const isSorted = entries.every((entry, index) => index === 0 || compareRanges(entries[index - 1]!, entry) <= 0);
  return isSorted ? entries : [...entries].sort(compareRanges);
}

function compareRanges(a: TensorInfo, b: TensorInfo): number {
  return a.offset - b.offset || a.bytes - b.bytes;
}
