import type { Folder, RandomAccessFile } from "../file";
import { limits } from "../limits";
import type { Checkpoint } from "../tensor/checkpoint";
import { findPacked } from "../packed/findPacked";
import type { CheckpointFormat } from "./checkpointFormat";
import { DiagnosticList } from "./diagnosticList";
import { openFolder } from "./openFolder";
import { formats } from "./registry";
import { readShardIndex } from "./safetensors/shardIndex";
import { openIndexed } from "./safetensors/shards";
import { readHead, refuse } from "./sniff";
import { isZip, zipMembers } from "./zip/zip";

/**
 * Opens a checkpoint: headers are read and checked, weights are not.
 *
 * @param name a file of the folder: the checkpoint, any one of its parts, or the index of its parts. Without a name the
 *   folder's one checkpoint is opened. What a file is, its content says; names only find the other parts.
 * @throws FormatError when nothing can be shown, saying what the file is instead. Lesser damage is listed among the
 *   checkpoint's warnings.
 */
export async function openCheckpoint(folder: Folder, name?: string): Promise<Checkpoint> {
  if (name === undefined) return findPacked(await openFolder(folder, (file) => openCheckpoint(folder, file)), folder);
  const file = await folder.open(name);
  let head: Uint8Array;
  let format: CheckpointFormat | undefined;
  try {
    head = await readHead(file);
    format = await formatOf(file, head);
  } catch (error) {
    await file.close();
    throw error;
  }
  if (format) return findPacked(await format.open(file, folder), folder);
  try {
    return await openOther(file, head, folder);
  } finally {
    await file.close();
  }
}

/** The format that a file is of. Of an archive, its members say that. */
async function formatOf(file: RandomAccessFile, head: Uint8Array): Promise<CheckpointFormat | undefined> {
  if (!isZip(head)) return formats.find((format) => format.matches(head, file.size));
  const members = await zipMembers(file);
  return formats.find((format) => format.holds?.(members));
}

/** Opens the index of a sharded checkpoint, or says what a file is that holds no weights. */
async function openOther(file: RandomAccessFile, head: Uint8Array, folder: Folder): Promise<Checkpoint> {
  const refusal = await refuse(file, head);
  if (refusal.code === "sniff.json" && file.size <= limits.sidecarJsonBytes) {
    const diagnostics = new DiagnosticList();
    const index = await readShardIndex(folder, file.name, diagnostics);
    if (index) return findPacked(await openIndexed(folder, index, diagnostics), folder);
  }
  // Nothing we know, but called a checkpoint: most likely a damaged one, and its format's own reader can say how.
  const claimed = formats.find((format) => file.name.toLowerCase().endsWith(`.${format.id}`));
  if (refusal.code === "sniff.unknown" && claimed) return claimed.open(await folder.open(file.name), folder);
  throw refusal;
}
