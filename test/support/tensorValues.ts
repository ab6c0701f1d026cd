import type { Checkpoint } from "../../src/core/tensor/checkpoint";
import { findDType, storedBytes } from "../../src/core/tensor/dtype";
import { valueDType, type TensorInfo } from "../../src/core/tensor/tensorInfo";
import { openSource } from "../../src/jobs/tasks/byteSource";

/** The bytes of a tensor's values as jobs read them: row-major, little-endian, through its views. */
export function valueBytes(
  checkpoint: Checkpoint,
  tensor: TensorInfo,
  bytes = storedBytes(findDType(valueDType(tensor))!, tensor.shape)!,
): Uint8Array {
  const { ref, offset } = tensor.source ?? { ref: checkpoint.files[tensor.file]!.file!.ref, offset: tensor.offset };
  const source = openSource(ref);
  const target = new Uint8Array(bytes);
  source.read(offset, target);
  source.close();
  return target;
}

/** The values of a tensor that is read as float32. */
export function floatValues(checkpoint: Checkpoint, name: string): number[] {
  const tensor = checkpoint.tensors.find((candidate) => candidate.name === name)!;
  return [...new Float32Array(valueBytes(checkpoint, tensor).buffer)];
}
