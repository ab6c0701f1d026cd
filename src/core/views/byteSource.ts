import type { FileRef } from "../fileRef";

/** Bytes that are read synchronously by range: a file in a worker, or a view over one. */
export interface ByteSource {
  /** Fills `target` from `offset`. @throws FormatError when the source ends before that or cannot be read */
  read(offset: number, target: Uint8Array): void;
  close(): void;
}

/** Opens what a reference stands for. @throws FormatError */
export type OpenSource = (ref: FileRef) => ByteSource;
