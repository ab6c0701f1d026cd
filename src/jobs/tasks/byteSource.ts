import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { FormatError } from "../../core/errors";
import type { FileRef } from "../../core/fileRef";
import type { ByteSource } from "../../core/views/byteSource";
import { openView } from "../../core/views/registry";
import { truncatedRead } from "../../io/memoryFile";
import { explainNodeError } from "../../io/nodeErrors";

/** Opens the bytes a reference stands for, to be read synchronously. @throws FormatError */
export function openSource(ref: FileRef): ByteSource {
  if (ref.kind === "path") return new PathSource(ref.path);
  if (ref.kind === "memory") return memorySource(ref.name, ref.bytes);
  return openView(ref, openSource);
}

class PathSource implements ByteSource {
  readonly stamp: string;
  private readonly name: string;
  private readonly handle: number;
  private readonly size: number;

  constructor(path: string) {
    this.name = basename(path);
    try {
      this.handle = openSync(path, "r");
      const { size, mtimeMs, ino } = fstatSync(this.handle);
      this.size = size;
      this.stamp = [path, ino, size, mtimeMs].join("/");
    } catch (error) {
      throw explainNodeError(error, this.name);
    }
  }

  read(offset: number, target: Uint8Array): void {
    let done = 0;
    try {
      while (done < target.byteLength) {
        const count = readSync(this.handle, target, done, target.byteLength - done, offset + done);
        if (count === 0) throw truncatedRead(this.name, this.size, offset, target.byteLength);
        done += count;
      }
    } catch (error) {
      throw error instanceof FormatError ? error : explainNodeError(error, this.name);
    }
  }

  close(): void {
    closeSync(this.handle);
  }
}

function memorySource(name: string, shared: SharedArrayBuffer): ByteSource {
  const bytes = new Uint8Array(shared);
  return {
    read(offset, target) {
      if (offset + target.byteLength > bytes.byteLength) throw truncatedRead(name, bytes.byteLength, offset, target.byteLength);
      target.set(bytes.subarray(offset, offset + target.byteLength));
    },
    close() {
      // Shared memory is freed with its last reference.
    },
  };
}
