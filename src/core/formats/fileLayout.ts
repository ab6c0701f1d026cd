/** Where everything of a file to be written goes. */
export interface FileLayout {
  /** All bytes before the first tensor, padding included. */
  readonly header: Uint8Array;
  /** Offsets of the tensors from the start of the file, in the order in which they were given. */
  readonly offsets: readonly number[];
  /** Bytes of the whole file. */
  readonly bytes: number;
}
