import { FormatError } from "../errors";
import type { FileRef } from "../fileRef";

/** Bytes that are read synchronously by range: a file in a worker, or a view over one. */
export interface ByteSource {
  /** Of a file on a disk, and of what is unpacked from one: another text when its content may be another. */
  readonly stamp?: string;
  /** Whether reading backwards begins again at the start. */
  readonly isSequential?: boolean;
  /** Fills `target` from `offset`. @throws FormatError when the source ends before that or cannot be read */
  read(offset: number, target: Uint8Array): void;
  close(): void;
}

/** Opens what a reference stands for. @throws FormatError */
export type OpenSource = (ref: FileRef) => ByteSource;

/** Refuses a read that goes past the end of a view of `size` bytes. @throws FormatError `io.truncated` */
export function checkRange(size: number, offset: number, length: number): void {
  if (offset >= 0 && offset + length <= size) return;
  throw new FormatError("io.truncated", "The values of a tensor end before those that were asked for", {
    offset,
    expected: `${length} bytes`,
    found: `${Math.max(0, size - offset)} bytes`,
    hint: "The file is damaged. Download it again.",
  });
}
