import { alignUp } from "../alignment";
import { type HeaderTensor, tensorBytes } from "./header";
import { type KeyValue, keyValue, withKeys } from "./keyValue";

/** One file of an output. */
export interface GgufPart<T extends HeaderTensor> {
  readonly name: string;
  readonly keyValues: readonly KeyValue[];
  readonly tensors: readonly T[];
}

const splitKeys = ["split.no", "split.count", "split.tensors.count"];

/** Keys without those that say that a file is part of a split checkpoint. */
export function withoutSplitKeys(keyValues: readonly KeyValue[]): KeyValue[] {
  return keyValues.filter(({ key }) => !splitKeys.includes(key));
}

/**
 * Cuts an output into files as llama-gguf-split does: the next file begins before the tensor that would take the data of
 * one beyond `most` bytes. Only the first has the model's keys. One file keeps its name.
 *
 * @param name of the output, with or without `.gguf`
 * @param most bytes of tensor data; absent for one file
 */
export function splitGguf<T extends HeaderTensor>(
  name: string,
  keyValues: readonly KeyValue[],
  tensors: readonly T[],
  alignment: number,
  most?: number,
): GgufPart<T>[] {
  const groups: T[][] = [[]];
  let size = 0;
  for (const tensor of tensors) {
    const bytes = alignUp(tensorBytes(tensor), alignment);
    if (most !== undefined && size + bytes > most && groups.at(-1)!.length > 0) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)!.push(tensor);
    size += bytes;
  }
  if (groups.length === 1) return [{ name, keyValues, tensors }];
  return groups.map((group, index) => ({
    name: partName(name, index, groups.length),
    keyValues: withKeys(index === 0 ? keyValues : [], [
      keyValue("split.no", "u16", index),
      keyValue("split.count", "u16", groups.length),
      keyValue("split.tensors.count", "i32", tensors.length),
    ]),
    tensors: group,
  }));
}

/** `model-00001-of-00003.gguf`, the name by which llama.cpp finds the other parts. */
function partName(name: string, index: number, count: number): string {
  const five = (number: number): string => String(number).padStart(5, "0");
  return `${name.replace(/\.gguf$/i, "")}-${five(index + 1)}-of-${five(count)}.gguf`;
}
