import type { Folder, RandomAccessFile } from "../file";
import type { Checkpoint, FormatId } from "../tensor/checkpoint";

/** Bytes at the start of a file by which formats are recognized. */
export const headBytes = 4096;

/** A file format that checkpoints come in. */
export interface CheckpointFormat {
  readonly id: FormatId;
  /** Name shown to users. */
  readonly label: string;
  /**
   * Whether a file is of this format, by its first bytes (at most {@link headBytes}) and its size alone: names lie.
   * True also for damaged files, so that `open` can say what is wrong with them.
   */
  matches(head: Uint8Array, size: number): boolean;
  /** Whether a zip archive with members of these names is of this format. Absent for formats that come in no archive. */
  holds?(members: readonly string[]): boolean;
  /**
   * Reads headers, never weights. A file that is one part of a checkpoint opens the whole checkpoint from `folder`.
   * Takes over `file`: the checkpoint's `close` closes it, a failure does so before it is thrown.
   * @throws FormatError when nothing of the file can be shown; lesser damage becomes a diagnostic of the checkpoint.
   */
  open(file: RandomAccessFile, folder: Folder): Promise<Checkpoint>;
}
