import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { FileStamp } from "../fileStamp";

/** Where a document's checkpoint comes from. */
export interface CheckpointSource {
  /** URI text: the document's identity. */
  readonly uri: string;
  /** Name of the file that was opened. */
  readonly name: string;
  /** @throws FormatError */
  open(): Promise<Checkpoint>;
  /** Size and time of a file in the same folder; undefined where there is none. */
  stamp(name: string): Promise<FileStamp | undefined>;
}
