import assert from "node:assert/strict";
import { FormatError } from "../../src/core/errors";
import type { Folder, RandomAccessFile } from "../../src/core/file";
import type { FileRef } from "../../src/core/fileRef";
import { insideSegments } from "../../src/core/relativePath";
import type { ByteSource } from "../../src/core/views/byteSource";
import { openView } from "../../src/core/views/registry";

/** Bytes beyond its own size that a reader of one file may ask for at once: its read window. */
const slackBytes = 8 * 2 ** 20;

/**
 * Files in memory that fail the test when they are read in a way that a hostile file must not bring about: into targets
 * larger than the file and a window, past the end, or again and again.
 */
export class BoundedFolder implements Folder {
  readonly name = "folder";
  /** Bytes read from all files so far. */
  bytesRead = 0;
  readonly totalBytes: number;

  constructor(private readonly files: ReadonlyMap<string, Uint8Array>) {
    this.totalBytes = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  }

  async list(): Promise<string[]> {
    return [...this.files.keys()];
  }

  async exists(name: string): Promise<boolean> {
    return this.files.has(name);
  }

  /** Opens bytes of a file, or a view over them, as jobs do. Reads outside of a file fail the test. */
  source(ref: FileRef): ByteSource {
    if (ref.kind !== "path" && ref.kind !== "memory") return openView(ref, (inner) => this.source(inner));
    const bytes = ref.kind === "memory" ? new Uint8Array(ref.bytes) : this.files.get(ref.path)!;
    return {
      read(offset, target) {
        assert.ok(Number.isSafeInteger(offset) && offset >= 0 && offset + target.byteLength <= bytes.length, `read at ${offset}`);
        target.set(bytes.subarray(offset, offset + target.byteLength));
      },
      close: () => undefined,
    };
  }

  async openInside(path: string): Promise<RandomAccessFile> {
    return this.open(insideSegments(path).join("/"));
  }

  async open(name: string): Promise<RandomAccessFile> {
    const bytes = this.files.get(name);
    if (!bytes) throw new FormatError("io.not-found", `no ${name}`, { file: name });
    return {
      name,
      size: bytes.length,
      ref: { kind: "path", path: name },
      read: async (offset, target) => {
        assert.ok(target.byteLength <= bytes.length + slackBytes, `a target of ${target.byteLength} bytes for a file of ${bytes.length}`);
        assert.ok(Number.isSafeInteger(offset) && offset >= 0 && offset + target.byteLength <= bytes.length, `read at ${offset}`);
        this.bytesRead += target.byteLength;
        // Head, header, tail and samples of each file, at most a few times over.
        assert.ok(this.bytesRead <= 20 * this.totalBytes + slackBytes, `${this.bytesRead} bytes read of ${this.totalBytes}`);
        target.set(bytes.subarray(offset, offset + target.byteLength));
      },
      close: async () => undefined,
    };
  }
}
