import type { RandomAccessFile } from "../core/file";
import type { FileRef } from "../core/fileRef";
import { openSource } from "./tasks/byteSource";

/** What a reference stands for, read on this thread: for pages of a tensor whose values come through a view. */
export class SourceFile implements Pick<RandomAccessFile, "name" | "read"> {
  constructor(
    readonly name: string,
    private readonly ref: FileRef,
  ) {}

  /** Opens the source for this read alone, so that nothing stays open behind a page. @throws FormatError */
  async read(offset: number, target: Uint8Array): Promise<void> {
    const source = openSource(this.ref);
    try {
      source.read(offset, target);
    } finally {
      source.close();
    }
  }
}
