import type { RandomAccessFile } from "../core/file";
import { type FileRef, needsHdf5 } from "../core/fileRef";
import { hdf5Reader } from "../core/formats/hdf5/library";
import { openSource } from "./tasks/byteSource";

/** What a reference stands for, read on this thread, or where it takes the HDF5 library on another: for pages of a tensor whose values come through a view. */
export class SourceFile implements Pick<RandomAccessFile, "name" | "read"> {
  constructor(
    readonly name: string,
    private readonly ref: FileRef,
  ) {}

  /** Opens the source for this read alone, so that nothing stays open behind a page. @throws FormatError */
  async read(offset: number, target: Uint8Array): Promise<void> {
    if (needsHdf5(this.ref)) {
      target.set(await hdf5Reader().read(this.ref, offset, target.length));
      return;
    }
    const source = openSource(this.ref);
    try {
      source.read(offset, target);
    } finally {
      source.close();
    }
  }
}
