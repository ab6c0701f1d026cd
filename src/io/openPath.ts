import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { openCheckpoint } from "../core/formats/open";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { explainNodeError } from "./nodeErrors";
import { NodeFolder } from "./nodeFolder";

/**
 * Opens the checkpoint at a path: a file, any part of a sharded one, an index, or a folder.
 * @throws FormatError saying what is wrong with the path or the file
 */
export async function openPath(path: string): Promise<Checkpoint> {
  const full = resolve(path);
  const isFolder = await stat(full).then(
    (found) => found.isDirectory(),
    (error: unknown) => {
      throw explainNodeError(error, path);
    },
  );
  return isFolder ? openCheckpoint(new NodeFolder(full)) : openCheckpoint(new NodeFolder(dirname(full)), basename(full));
}
