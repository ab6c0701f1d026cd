import type { Checkpoint } from "../../src/core/tensor/checkpoint";
import { openBytes } from "./openBytes";
import { type TorchArchive, writeTorch } from "./torchWriter";

/** A checkpoint of PyTorch, from memory. */
export function openTorch(archive: TorchArchive): Promise<Checkpoint> {
  return openBytes(writeTorch(archive), "model.pt");
}
