import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { FormatError } from "../core/errors";
import type { Folder, RandomAccessFile } from "../core/file";
import { insideSegments, outside } from "../core/relativePath";
import { explainNodeError } from "./nodeErrors";
import { NodeFile } from "./nodeFile";

/** A folder on a local disk. */
export class NodeFolder implements Folder {
  readonly name: string;
  private readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
    this.name = basename(this.path);
  }

  async list(): Promise<string[]> {
    try {
      const entries = await readdir(this.path, { withFileTypes: true });
      // Links are kept: Hugging Face's cache has nothing else. Whether one leads to a file shows when it is opened.
      return entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map((entry) => entry.name);
    } catch (error) {
      throw explainNodeError(error, this.name);
    }
  }

  async exists(name: string): Promise<boolean> {
    if (!isPlainName(name)) return false;
    return stat(join(this.path, name)).then(
      (found) => found.isFile(),
      () => false,
    );
  }

  async open(name: string): Promise<RandomAccessFile> {
    if (!isPlainName(name))
      throw new FormatError("io.not-found", `"${name}" is no name of a file in this folder`, {
        file: name,
        hint: "Files elsewhere are not opened.",
      });
    return openAt(join(this.path, name), name);
  }

  async openInside(path: string, from: string): Promise<RandomAccessFile> {
    const named = join(this.path, ...insideSegments(path));
    try {
      const [real, folder, origin] = await Promise.all([realpath(named), realpath(this.path), realpath(join(this.path, from))]);
      const isInside = real.startsWith(folder.endsWith(sep) ? folder : folder + sep);
      if (!isInside && dirname(real) !== dirname(origin)) throw outside(path);
    } catch (error) {
      throw explainNodeError(error, path);
    }
    return openAt(named, path);
  }
}

/** @param name for messages */
async function openAt(path: string, name: string): Promise<RandomAccessFile> {
  try {
    const found = await stat(path);
    if (found.isFile()) return new NodeFile(path, found.size);
    const code = found.isDirectory() ? "io.is-folder" : "io.not-a-file";
    throw new FormatError(code, `"${name}" is not a file`, {
      file: name,
      found: found.isDirectory() ? "a folder" : "a device or pipe",
      hint: "Open a file.",
    });
  } catch (error) {
    throw explainNodeError(error, name);
  }
}

function isPlainName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[/\\\0]/.test(name);
}
