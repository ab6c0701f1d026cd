import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { FormatError, UsageError } from "../core/errors";
import type { FileRef } from "../core/fileRef";
import type { Checkpoint } from "../core/tensor/checkpoint";

/** @throws UsageError `output-is-input`: writing would replace the weights that are being read */
export async function checkNotInput({ files }: Checkpoint, out: string): Promise<void> {
  const existing = await stat(out).catch(() => undefined);
  if (!existing) return;
  for (const { name, file } of files) {
    const input = file?.ref.kind === "path" ? await stat(file.ref.path).catch(() => undefined) : undefined;
    if (input?.dev !== existing.dev || input.ino !== existing.ino) continue;
    throw new UsageError("output-is-input", `"${name}" is a file of the checkpoint: it would be overwritten`, {
      file: name,
      found: out,
      hint: "Choose another name for the output.",
    });
  }
}

/** Paths of the files that some sources read, through whatever views. */
export function pathsOf(refs: Iterable<FileRef>): string[] {
  const paths = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
    const { kind, path } = value as { kind?: unknown; path?: unknown };
    if (kind === "path" && typeof path === "string") paths.add(path);
    else if (!Array.isArray(value)) Object.values(value).forEach(visit);
  };
  for (const ref of refs) visit(ref);
  return [...paths];
}

/** What a file was like when a job began: its size and the time of its last change. */
export type FileStamps = ReadonlyMap<string, string>;

/** Looks at files before a job reads them. */
export async function stampFiles(paths: readonly string[]): Promise<FileStamps> {
  return new Map(await Promise.all(paths.map(async (path) => [path, await stampOf(path)] as const)));
}

/** @throws FormatError `io.changed` when one of the files is not what it was */
export async function checkUnchanged(stamps: FileStamps): Promise<void> {
  for (const [path, before] of stamps) {
    if ((await stampOf(path)) === before) continue;
    const file = basename(path);
    throw new FormatError("io.changed", `"${file}" was changed while it was being read`, {
      file,
      hint: "Nothing was written. Run it again when the file is complete.",
    });
  }
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found ? `${found.size} ${found.mtimeNs} ${found.ino}` : "gone";
}
