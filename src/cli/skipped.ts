import { plainText } from "./format";

/** Lines about tensors that a table leaves out. */
export function skippedLines(skipped: readonly { name: string; reason: string }[]): string[] {
  return skipped.map(({ name, reason }) => plainText(`not measured: ${name}: ${reason}`));
}
