import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { openCheckpoint } from "../core/formats/open";
import type { Folder } from "../core/file";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { explainNodeError } from "./nodeErrors";
import { NodeFolder } from "./nodeFolder";

/**
 * Opens the checkpoint at a path: a file, any part of a sharded one, an index, or a folder.
 * @throws FormatError saying what is wrong with the path or the file
 */
export async function openPath(path: string): Promise<Checkpoint> {
  const { folder, file } = await placeOf(path);
  return openCheckpoint(folder, file);
}

/** The folder a checkpoint lies in, where its configuration and tokenizer are. @throws FormatError */
export async function folderOf(path: string): Promise<Folder> {
  return (await placeOf(path)).folder;
}

async function placeOf(path: string): Promise<{ folder: Folder; file?: string }> {
  const full = resolve(path);
  const isFolder = await stat(full).then(
    (found) => found.isDirectory(),
    (error: unknown) => {
      throw explainNodeError(error, path);
    },
  );
  return isFolder ? { folder: new NodeFolder(full) } : { folder: new NodeFolder(dirname(full)), file: basename(full) };
}
