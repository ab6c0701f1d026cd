import { createHash, randomBytes } from "node:crypto";
import { chmod, open as openFile, readdir, realpath, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve, sep } from "node:path";
import { FormatError, throwIfAborted } from "../core/errors";
import { explainWriteError, writeError } from "./writeErrors";

/** A file being written under another name. */
export interface TemporaryFile {
  readonly path: string;
  readonly handle: FileHandle;
}

interface Target {
  /** As asked for. */
  readonly path: string;
  /** The file that will be replaced: a link is written through, not replaced. */
  readonly real: string;
}

/**
 * Writes a file so that at every moment there is either the whole old file or the whole new one: into a temporary file
 * in the same folder, flushed to disk, then renamed. Nothing is left behind when `write` fails or `signal` is aborted.
 *
 * @param write fills the file through its handle; long writers check `signal` themselves
 * @throws FormatError `io.no-space`, `io.no-access`, `io.not-found`, `io.is-folder`, `io.not-a-file`; CancelledError; or what `write` throws
 */
export async function writeFileAtomically(path: string, write: (handle: FileHandle) => Promise<void>, signal?: AbortSignal): Promise<void> {
  await writeFilesAtomically([path], async ([temporary]) => write(temporary!.handle), signal);
}

/**
 * Does the same for files that belong together: none takes its name before all are complete, and the first, by which the
 * others are found, takes it last.
 *
 * @param write fills the files, in the order of `paths`, through their handles or their temporary names
 */
export async function writeFilesAtomically(
  paths: readonly string[],
  write: (files: readonly TemporaryFile[]) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  throwIfAborted(signal);
  const targets: Target[] = [];
  for (const path of paths) targets.push(await checkedTarget(path));
  const open: TemporaryFile[] = [];
  let at = targets[0]!;
  try {
    for (at of targets) {
      await removeStale(at.real);
      const path = temporaryName(at.real);
      open.push({ path, handle: await openFile(path, "wx") });
    }
    at = targets[0]!;
    await write(open);
    throwIfAborted(signal);
    for (const [index, { handle, path }] of open.entries()) {
      at = targets[index]!;
      await handle.sync();
      await handle.close();
      await copyMode(at.real, path);
    }
    throwIfAborted(signal);
    for (let index = open.length - 1; index >= 0; index--) {
      at = targets[index]!;
      await rename(open[index]!.path, at.real);
    }
  } catch (error) {
    for (const { handle, path } of open) {
      await handle.close().catch(() => undefined);
      // Where open files cannot be removed, a worker may still be about to close it.
      await rm(path, { force: true, maxRetries: 5, retryDelay: 100 }).catch(() => undefined);
    }
    throw explainWriteError(error, basename(at.path));
  }
  for (const folder of new Set(targets.map(({ real }) => dirname(real)))) await syncFolder(folder);
}

async function checkedTarget(path: string): Promise<Target> {
  const real = await realpath(path).catch(() => resolve(path));
  await checkTarget(path, real);
  return { path, real };
}

/** Of this machine: processes of another one that shares the folder are not known here. */
const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

function temporaryPrefix(target: string): string {
  return `.${basename(target).slice(0, 100)}.${host}-`;
}

/** Hidden, in the same folder, with the process that writes it in its name. */
function temporaryName(target: string): string {
  return join(dirname(target), `${temporaryPrefix(target)}${process.pid}.${randomBytes(6).toString("hex")}.tmp`);
}

/** Removes what runs that were killed have left of this target: nobody else ever will. */
async function removeStale(target: string): Promise<void> {
  const prefix = temporaryPrefix(target);
  const names = await readdir(dirname(target)).catch(() => []);
  for (const name of names) {
    const match = name.startsWith(prefix) ? /^(\d+)\.[0-9a-f]{12}\.tmp$/.exec(name.slice(prefix.length)) : null;
    if (match && !isRunning(Number(match[1]))) await rm(join(dirname(target), name), { force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
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
  const folder = await openFile(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
