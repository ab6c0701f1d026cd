import { FormatError } from "../core/errors";
import type { Folder, RandomAccessFile } from "../core/file";
import { limits } from "../core/limits";
import { insideSegments } from "../core/relativePath";
import { MemoryFile } from "./memoryFile";

/** The part of `vscode.workspace.fs` that is used, so that this needs no VS Code to be tested. */
export interface VirtualFileSystem<Uri> {
  stat(uri: Uri): PromiseLike<{ readonly type: number; readonly size: number }>;
  readFile(uri: Uri): PromiseLike<Uint8Array>;
  readDirectory(uri: Uri): PromiseLike<readonly (readonly [name: string, type: number])[]>;
}

/** `vscode.FileType.File`, a bit of the type. */
const fileType = 1;

/** How the errors of `vscode.FileSystemError` are called. */
const errors: Readonly<Record<string, { code: string; message: string; hint: string }>> = {
  FileNotFound: { code: "io.not-found", message: "does not exist", hint: "It may have been moved or deleted." },
  FileIsADirectory: { code: "io.is-folder", message: "is a folder, not a file", hint: "Open a file in it." },
  FileNotADirectory: { code: "io.not-found", message: "does not exist", hint: "Part of the path is a file." },
  NoPermissions: { code: "io.no-access", message: "may not be read", hint: "Sign in, or ask its owner for permission." },
  Unavailable: { code: "io.failed", message: "cannot be reached", hint: "Check the connection and try again." },
};

/**
 * A folder that only VS Code can reach (`vscode-vfs:`, `git:` …). Its files can only be read whole, so their size, and
 * that of all that are open, is limited; what is read goes into shared memory, from which workers read ranges.
 */
export class VscodeFolder<Uri> implements Folder {
  private openBytes = 0;

  /**
   * @param name last segment of the folder's path
   * @param join the address of a file in the folder, as `vscode.Uri.joinPath` makes it
   */
  constructor(
    private readonly fs: VirtualFileSystem<Uri>,
    private readonly uri: Uri,
    readonly name: string,
    private readonly join: (folder: Uri, name: string) => Uri,
  ) {}

  /** @throws FormatError also where the provider lists nothing, as that of `git:` does */
  async list(): Promise<string[]> {
    try {
      const entries = await this.fs.readDirectory(this.uri);
      return entries.filter(([, type]) => (type & fileType) !== 0).map(([name]) => name);
    } catch (error) {
      throw explain(error, this.name);
    }
  }

  async exists(name: string): Promise<boolean> {
    try {
      const found = await this.fs.stat(this.join(this.uri, name));
      return (found.type & fileType) !== 0;
    } catch {
      return false;
    }
  }

  async open(name: string): Promise<RandomAccessFile> {
    const uri = this.join(this.uri, name);
    try {
      const { size } = await this.fs.stat(uri);
      this.checkSize(name, size);
      const bytes = await this.fs.readFile(uri);
      this.checkSize(name, bytes.byteLength);
      return this.share(name, bytes);
    } catch (error) {
      throw explain(error, name);
    }
  }

  async openInside(path: string): Promise<RandomAccessFile> {
    return this.open(insideSegments(path).join("/"));
  }

  private share(name: string, bytes: Uint8Array): RandomAccessFile {
    const file = MemoryFile.from(name, bytes);
    this.openBytes += file.size;
    let isOpen = true;
    return {
      name,
      ref: file.ref,
      size: file.size,
      read: (offset, target) => file.read(offset, target),
      close: async () => {
        if (isOpen) this.openBytes -= file.size;
        isOpen = false;
      },
    };
  }

  private checkSize(name: string, size: number): void {
    if (this.openBytes + size <= limits.virtualFileBytes) return;
    const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
    throw new FormatError("io.too-large", `"${name}" is too large to be opened from a folder that is not on this computer's disk`, {
      file: name,
      expected: `at most ${megabytes(limits.virtualFileBytes - this.openBytes)}`,
      found: megabytes(size),
      hint: "Such files can only be read whole. Clone or download the folder and open it from disk.",
    });
  }
}

function explain(error: unknown, name: string): unknown {
  if (error instanceof FormatError || !(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
  const known = errors[code];
  return new FormatError(known?.code ?? "io.failed", `"${name}" ${known?.message ?? "cannot be read"}`, {
    file: name,
    found: code,
    hint: known?.hint ?? "Clone or download the folder and open it from disk.",
  });
}
