/** What tells one content of a file from another without reading it. */
export interface FileStamp {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly mtime: number;
}

/** Whether both are the same content, as far as size and time tell. */
export function sameStamp(a: FileStamp | undefined, b: FileStamp | undefined): boolean {
  return a?.bytes === b?.bytes && a?.mtime === b?.mtime;
}
