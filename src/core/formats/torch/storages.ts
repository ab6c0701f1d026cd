import type { FileRef } from "../../fileRef";

/** The bytes of one storage of a file. */
export interface StorageBytes {
  readonly ref: FileRef;
  /** Byte in what `ref` stands for. */
  readonly offset: number;
  /** Bytes of the storage. */
  readonly bytes: number;
  /** The byte range of the file that it takes: another one when it is compressed. */
  readonly place: { readonly offset: number; readonly bytes: number };
}

/** Where the storages of a file are. */
export interface Storages {
  /** Index into `Checkpoint.files`. */
  readonly file: number;
  /** Whether numbers are stored with their largest byte first. */
  readonly isBigEndian: boolean;
  find(key: string): StorageBytes | undefined;
}
