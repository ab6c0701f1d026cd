import type { RandomAccessFile } from "../../file";
import type { DenseTensor } from "./rebuild";
import type { StorageBytes } from "./storages";

/**
 * The values of a vector of scales or zero points. Undefined when it is compressed, does not fit its storage, or has
 * another type than PyTorch gives it: the tensor it belongs to is then shown without values.
 */
export async function readNumbers(
  file: RandomAccessFile,
  tensor: DenseTensor,
  storage: StorageBytes,
  isBigEndian: boolean,
): Promise<number[] | undefined> {
  const { dtype, itemBytes } = tensor.element;
  const count = tensor.shape[0] ?? 0;
  const start = tensor.storage.start * tensor.storage.element.itemBytes + tensor.offset * itemBytes;
  if (storage.ref !== file.ref || (count > 1 && tensor.strides[0] !== 1) || start + count * itemBytes > storage.bytes) return undefined;
  const bytes = new Uint8Array(count * itemBytes);
  if (bytes.length > 0) await file.read(storage.offset + start, bytes);
  const view = new DataView(bytes.buffer);
  const readers: Readonly<Record<string, (at: number) => number>> = {
    F64: (at) => view.getFloat64(at, !isBigEndian),
    F32: (at) => view.getFloat32(at, !isBigEndian),
    I64: (at) => Number(view.getBigInt64(at, !isBigEndian)),
    I32: (at) => view.getInt32(at, !isBigEndian),
  };
  const read = readers[dtype];
  return read && Array.from({ length: count }, (_, index) => read(index * itemBytes));
}
