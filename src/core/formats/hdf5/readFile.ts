import type { RandomAccessFile } from "../../file";
import type { MetadataValue } from "../../tensor/checkpoint";
import type { TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { hdf5Lister } from "./library";
import { placeDatasets } from "./placeDatasets";

/** `\x89HDF\r\n\x1a\n`. */
const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** The first place of the signature behind a block of the user's; the next ones are twice as far each time. */
const firstUserBlock = 512;

/** Whether a file is one of HDF5's, by its first bytes. */
export function isHdf5(head: Uint8Array): boolean {
  for (let start = 0; start + signature.length <= head.length; start = start === 0 ? firstUserBlock : 2 * start) {
    if (signature.every((byte, index) => head[start + index] === byte)) return true;
  }
  return false;
}

/**
 * Reads one file: a whole checkpoint or a shard.
 * @param place the file's place in `Checkpoint.files`
 * @throws FormatError when nothing of it can be shown
 */
export async function readHdf5(
  file: RandomAccessFile,
  place: number,
  diagnostics: DiagnosticList,
): Promise<{ tensors: TensorInfo[]; metadata: ReadonlyMap<string, MetadataValue> }> {
  const whole = { source: file.ref, offset: 0, bytes: file.size };
  const listing = await hdf5Lister().list(whole);
  const tensors = placeDatasets(listing, whole, file, diagnostics).map((tensor) => ({ ...tensor, file: place }));
  return { tensors, metadata: listing.attributes };
}
