import assert from "node:assert/strict";
import { FormatError, type Diagnostic } from "../../src/core/errors";
import { openCheckpoint } from "../../src/core/formats/open";
import type { Checkpoint } from "../../src/core/tensor/checkpoint";
import { MemoryFolder } from "../../src/io/memoryFile";

/** Files of a folder that exists in memory only; text is written as UTF-8. */
export type Files = Readonly<Record<string, Uint8Array | string>>;

/** A folder called `folder` with the given files. */
export function folderOf(files: Files): MemoryFolder {
  return new MemoryFolder(
    "folder",
    Object.entries(files).map(([name, content]) => [name, typeof content === "string" ? new TextEncoder().encode(content) : content]),
  );
}

/** Opens one file of a folder, or the folder. */
export function openFiles(files: Files, name?: string): Promise<Checkpoint> {
  return openCheckpoint(folderOf(files), name);
}

/** Opens a file that lies alone in its folder. */
export function openBytes(content: Uint8Array | string, name = "model.bin"): Promise<Checkpoint> {
  return openFiles({ [name]: content }, name);
}

/** The FormatError that `promise` must be rejected with; fails when it is not, or has no expected, found or hint. */
export async function refusalOf(promise: Promise<unknown>): Promise<FormatError> {
  const error = await promise.then(
    () => assert.fail("nothing was thrown"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof FormatError)) throw error;
  return error;
}

/** The only warning of that code. */
export function warningOf(checkpoint: Checkpoint, code: string): Diagnostic {
  const found = checkpoint.warnings.filter((warning) => warning.code === code);
  assert.equal(found.length, 1, `warnings: ${JSON.stringify(checkpoint.warnings, null, 1)}`);
  return found[0]!;
}

export function codesOf(checkpoint: Checkpoint): string[] {
  return checkpoint.warnings.map((warning) => warning.code);
}

export function namesOf(checkpoint: Checkpoint): string[] {
  return checkpoint.tensors.map((tensor) => tensor.name);
}

/** Place in a file at which `needle` begins. */
export function placeOf(file: Uint8Array, needle: string): number {
  return Buffer.from(file).indexOf(Buffer.from(needle, "latin1"));
}
