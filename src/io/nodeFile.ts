import { open, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { FormatError } from "../core/errors";
import type { RandomAccessFile } from "../core/file";
import type { FileRef } from "../core/fileRef";
import { truncatedRead } from "./memoryFile";
import { explainNodeError } from "./nodeErrors";

/** Milliseconds without a read after which the handle is given back: Windows cannot delete or replace open files. */
const idleMs = 1000;
/** Handles that are kept open without being read: a checkpoint of hundreds of shards must not use up all a process may have. */
const mostIdle = 64;
/** Node reads at most 2 GiB at once. */
const largestReadBytes = 2 ** 30;

/**
 * A file on a local disk, read at any position. It holds a handle only while it is being read and a second longer, so
 * that an open editor does not lock the file.
 */
export class NodeFile implements RandomAccessFile {
  readonly name: string;
  readonly ref: FileRef;
  /** Files with an open handle that nobody reads, the longest unread first. */
  private static readonly idleFiles = new Set<NodeFile>();
  private opening: Promise<FileHandle> | undefined;
  private idle: NodeJS.Timeout | undefined;
  private readers = 0;

  /** @param size bytes the file had when it was looked at; a handle to a file of another size is refused */
  constructor(
    private readonly path: string,
    readonly size: number,
  ) {
    this.name = basename(path);
    this.ref = { kind: "path", path };
  }

  /** @throws FormatError `io.truncated`, `io.changed`, or why the system cannot read the file */
  async read(offset: number, target: Uint8Array): Promise<void> {
    if (offset < 0 || offset + target.byteLength > this.size) throw truncatedRead(this.name, this.size, offset, target.byteLength);
    if (target.byteLength === 0) return;
    this.readers++;
    this.leaveIdle();
    try {
      const handle = await (this.opening ??= this.open());
      await this.fill(handle, offset, target);
    } catch (error) {
      throw explainNodeError(error, this.name);
    } finally {
      this.readers--;
      if (this.readers === 0) this.enterIdle();
    }
  }

  /** Gives the handle back now. A later read opens the file again. */
  async close(): Promise<void> {
    this.leaveIdle();
    if (this.readers > 0) return;
    const { opening } = this;
    this.opening = undefined;
    const handle = await opening?.catch(() => undefined);
    await handle?.close();
  }

  private enterIdle(): void {
    this.idle = setTimeout(() => this.closeQuietly(), idleMs).unref();
    NodeFile.idleFiles.add(this);
    const [oldest] = NodeFile.idleFiles;
    if (NodeFile.idleFiles.size > mostIdle) oldest?.closeQuietly();
  }

  /** All has been read; an error of closing would have nobody to go to. */
  private closeQuietly(): void {
    this.close().catch(() => undefined);
  }

  private leaveIdle(): void {
    clearTimeout(this.idle);
    NodeFile.idleFiles.delete(this);
  }

  private async open(): Promise<FileHandle> {
    try {
      const handle = await open(this.path, "r");
      const { size } = await handle.stat();
      if (size === this.size) return handle;
      await handle.close();
      throw new FormatError("io.changed", `"${this.name}" has changed since it was opened`, {
        file: this.name,
        expected: `${this.size} bytes`,
        found: `${size} bytes`,
        hint: "Open it again to see what it holds now.",
      });
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }

  private async fill(handle: FileHandle, offset: number, target: Uint8Array): Promise<void> {
    let done = 0;
    while (done < target.byteLength) {
      const length = Math.min(largestReadBytes, target.byteLength - done);
      const { bytesRead } = await handle.read(target, done, length, offset + done);
      if (bytesRead === 0) throw truncatedRead(this.name, offset + done, offset, target.byteLength);
      done += bytesRead;
    }
  }
}
