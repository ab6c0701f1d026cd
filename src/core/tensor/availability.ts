import type { Checkpoint } from "./checkpoint";
import { findDType } from "./dtype";
import { type Extent, type TensorInfo, valueDType } from "./tensorInfo";

/** Bytes of a range that its file does not have: 0 for a whole one, all of them where the file is missing. */
export function missingBytes({ offset, bytes }: Pick<Extent, "offset" | "bytes">, fileBytes: number): number {
  return Math.min(bytes, Math.max(0, offset + bytes - fileBytes));
}

/** Why the values of a tensor cannot be read: its file or part of it is not there, or its type cannot be interpreted. */
export type Unavailable = "no-file" | "truncated" | "unknown-type";

/** Why the values of a listed tensor cannot be read, or undefined when all its bytes are there and mean something. */
export function unavailability(checkpoint: Checkpoint, tensor: TensorInfo): Unavailable | undefined {
  for (const extent of tensor.extents ?? [tensor]) {
    const file = checkpoint.files[extent.file];
    if (!file?.file) return "no-file";
    if (missingBytes(extent, file.bytes) > 0) return "truncated";
  }
  return findDType(valueDType(tensor)) ? undefined : "unknown-type";
}
