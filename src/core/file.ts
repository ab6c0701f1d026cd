import type { FileRef } from "./fileRef";

/**
 * Bytes of one file, read by range. `read` fills all of `target` from `offset`, or throws
 * `FormatError("io.truncated")` when the file ends before that.
 */
export interface RandomAccessFile {
  /** Name without folder, as shown to users. */
  readonly name: string;
  /** Where workers find the bytes. */
  readonly ref: FileRef;
  /** Bytes. */
  readonly size: number;
  read(offset: number, target: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** The folder a checkpoint lies in. Names are plain file names: no separators, no `..`. */
export interface Folder {
  /** Last path segment, as shown to users. */
  readonly name: string;
  /** Names of the plain files in it. */
  list(): Promise<string[]>;
  exists(name: string): Promise<boolean>;
  /** @throws FormatError `io.not-found`, `io.no-access`, `io.too-large` */
  open(name: string): Promise<RandomAccessFile>;
  /**
   * Opens a file that another file of the folder names by a relative path, with `/` between its segments: one in the folder
   * or below. Neither `..` nor a link leads out of it; only where `from` itself is a link, as in Hugging Face's cache, may the
   * file also lie beside what that leads to.
   * @throws FormatError `io.outside`, and what {@link open} throws
   */
  openInside(path: string, from: string): Promise<RandomAccessFile>;
}
