import type { Checkpoint } from "./checkpoint";
import { findDType } from "./dtype";
import type { TensorInfo } from "./tensorInfo";

/** Bytes of a tensor that its file does not have: 0 for a whole tensor, all of them where the file is missing. */
export function missingBytes(tensor: TensorInfo, fileBytes: number): number {
  return Math.min(tensor.bytes, Math.max(0, tensor.offset + tensor.bytes - fileBytes));
}

/** Why the values of a tensor cannot be read: its file or part of it is not there, or its type cannot be interpreted. */
export type Unavailable = "no-file" | "truncated" | "unknown-type";

/** Why the values of a listed tensor cannot be read, or undefined when all its bytes are there and mean something. */
export function unavailability(checkpoint: Checkpoint, tensor: TensorInfo): Unavailable | undefined {
  const file = checkpoint.files[tensor.file];
  if (!file?.file) return "no-file";
  if (missingBytes(tensor, file.bytes) > 0) return "truncated";
  return findDType(tensor.dtype) ? undefined : "unknown-type";
}
