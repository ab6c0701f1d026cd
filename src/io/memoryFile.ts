import { FormatError } from "../core/errors";
import type { Folder, RandomAccessFile } from "../core/file";
import type { FileRef } from "../core/fileRef";
import { insideSegments } from "../core/relativePath";

/**
 * A file whose bytes are in shared memory, so that workers read them without a copy: what is left when there is no
 * local disk to read ranges from.
 */
export class MemoryFile implements RandomAccessFile {
  readonly size: number;
  readonly ref: FileRef;
  private readonly bytes: Uint8Array;

  constructor(
    readonly name: string,
    shared: SharedArrayBuffer,
  ) {
    this.size = shared.byteLength;
    this.ref = { kind: "memory", name, bytes: shared };
    this.bytes = new Uint8Array(shared);
  }

  /** Copies `bytes` into shared memory. */
  static from(name: string, bytes: Uint8Array): MemoryFile {
    const shared = new SharedArrayBuffer(bytes.byteLength);
    new Uint8Array(shared).set(bytes);
    return new MemoryFile(name, shared);
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    if (offset < 0 || offset + target.byteLength > this.size) throw truncatedRead(this.name, this.size, offset, target.byteLength);
    target.set(this.bytes.subarray(offset, offset + target.byteLength));
  }

  async close(): Promise<void> {
    // Shared memory is freed with its last reference.
  }
}

/** Files in memory, as a folder: for tests and for content that was never on a disk. */
export class MemoryFolder implements Folder {
  private readonly files: ReadonlyMap<string, Uint8Array>;

  constructor(
    readonly name: string,
    files: Iterable<readonly [name: string, bytes: Uint8Array]>,
  ) {
    this.files = new Map(files);
  }

  async list(): Promise<string[]> {
    return [...this.files.keys()];
  }

  async exists(name: string): Promise<boolean> {
    return this.files.has(name);
  }

  async open(name: string): Promise<RandomAccessFile> {
    const bytes = this.files.get(name);
    if (!bytes) throw new FormatError("io.not-found", `There is no file "${name}"`, { file: name, hint: "Check its name." });
    return MemoryFile.from(name, bytes);
  }

  async openInside(path: string): Promise<RandomAccessFile> {
    return this.open(insideSegments(path).join("/"));
  }
}

/** The error of a read that goes past the end of a file. */
export function truncatedRead(name: string, size: number, offset: number, length: number): FormatError {
  return new FormatError("io.truncated", `"${name}" ends before the bytes that were asked for`, {
    file: name,
    offset,
    expected: `${length} bytes at offset ${offset}`,
    found: `a file of ${size} bytes`,
    hint: "The file may still be downloading, or it was cut short. Download it again.",
  });
}
