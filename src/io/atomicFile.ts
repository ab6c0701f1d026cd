import { randomBytes } from "node:crypto";
import { chmod, open, realpath, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { FormatError, throwIfAborted } from "../core/errors";

const writeErrors: Readonly<Record<string, { code: string; message: string; hint: string }>> = {
  ENOSPC: { code: "io.no-space", message: "the disk is full", hint: "Free some space or choose another disk." },
  EDQUOT: { code: "io.no-space", message: "your quota on the disk is used up", hint: "Free some space or choose another disk." },
  EFBIG: { code: "io.no-space", message: "the disk cannot hold files of that size", hint: "Choose another disk." },
  EACCES: { code: "io.no-access", message: "its folder may not be written to", hint: "Choose another folder." },
  EPERM: { code: "io.no-access", message: "its folder may not be written to", hint: "Choose another folder." },
  EROFS: { code: "io.no-access", message: "the disk is read-only", hint: "Choose another folder." },
  ENOENT: { code: "io.not-found", message: "its folder does not exist", hint: "Create the folder first." },
  ENOTDIR: { code: "io.not-found", message: "its folder is a file", hint: "Choose another folder." },
  EISDIR: { code: "io.is-folder", message: "that is the name of a folder", hint: "Add the name of a file." },
};

/**
 * Writes a file so that at every moment there is either the whole old file or the whole new one: into a temporary file
 * in the same folder, flushed to disk, then renamed. Nothing is left behind when `write` fails or `signal` is aborted.
 *
 * @param write fills the file through its handle; long writers check `signal` themselves
 * @throws FormatError `io.no-space`, `io.no-access`, `io.not-found`, `io.is-folder`, `io.not-a-file`; CancelledError; or what `write` throws
 */
export async function writeFileAtomically(path: string, write: (handle: FileHandle) => Promise<void>, signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  // A link is written through, not replaced.
  const target = await realpath(path).catch(() => resolve(path));
  await checkTarget(path, target);
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
  let handle: FileHandle | undefined;
  try {
    handle = await open(temporary, "wx");
    await write(handle);
    throwIfAborted(signal);
    await handle.sync();
    await handle.close();
    handle = undefined;
    await copyMode(target, temporary);
    throwIfAborted(signal);
    await rename(temporary, target);
  } catch (error) {
    await handle?.close().catch(() => undefined);
    await rm(temporary, { force: true }).catch(() => undefined);
    throw explainWriteError(error, basename(path));
  }
  await syncFolder(dirname(target));
}

/** Renaming would put a plain file in the place of a device such as `/dev/null`; and a folder is better refused before hours of work. */
async function checkTarget(path: string, target: string): Promise<void> {
  const name = basename(path);
  const existing = await stat(target).catch(() => undefined);
  if (existing?.isDirectory() || path.endsWith("/") || path.endsWith(sep)) throw writeError("EISDIR", name);
  if (existing && !existing.isFile()) {
    throw new FormatError("io.not-a-file", `"${name}" cannot be written: a device or pipe of that name exists`, {
      file: name,
      found: "a device or pipe",
      hint: "Choose another name.",
    });
  }
}

async function copyMode(from: string, to: string): Promise<void> {
  const existing = await stat(from).catch(() => undefined);
  if (existing?.isFile()) await chmod(to, existing.mode);
}

/** Makes the rename itself durable. Not every system can flush a folder; the file's content is safe without. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

function explainWriteError(error: unknown, name: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  return writeErrors[error.code] ? writeError(error.code, name) : error;
}

function writeError(found: string, name: string): FormatError {
  const { code, message, hint } = writeErrors[found]!;
  return new FormatError(code, `"${name}" cannot be written: ${message}`, { file: name, found, hint });
}
