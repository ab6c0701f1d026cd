import { readFileSync } from "node:fs";
import { gguf, GGMLQuantizationType } from "@huggingface/gguf";

/** A tensor as its file's own header has it, read without this project's readers. */
export interface HeaderTensor {
  name: string;
  dtype: string;
  /** Outermost dimension first. */
  shape: number[];
  /** From the start of the file. */
  offset: number;
  bytes: number;
}

/** The header of a safetensors file by JSON.parse, in the order of the data. */
export function readSafetensorsHeader(file: string): HeaderTensor[] {
  const content = readFileSync(file);
  const length = Number(content.readBigUInt64LE(0));
  const header = JSON.parse(content.toString("utf8", 8, 8 + length)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  return Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [start, end],
        },
      ]) => ({
        name,
        dtype,
        shape,
        offset: 8 + length + start,
        bytes: end - start,
      }),
    )
    .sort((a, b) => a.offset - b.offset);
}

/**
 * The header of a GGUF file by Hugging Face's reader.
 *
 * @param rowBytes of the ggml library: bytes of a row of `columns` values of a type
 */
export async function readGgufHeader(
  file: string,
  rowBytes: (typeId: number, columns: number) => number,
): Promise<{ tensors: HeaderTensor[]; metadata: Record<string, unknown> }> {
  const { tensorInfos, tensorDataOffset, metadata } = await gguf(file, { allowLocalFile: true });
  const tensors = tensorInfos.map(({ name, dtype, shape, offset }) => {
    const [columns = 1, ...outer] = shape.map(Number);
    const rows = outer.reduce((product, dimension) => product * dimension, 1);
    return {
      name,
      dtype: GGMLQuantizationType[dtype],
      shape: [...outer.reverse(), columns],
      offset: Number(tensorDataOffset + offset),
      bytes: rows * rowBytes(dtype, columns),
    };
  });
  return { tensors, metadata: { ...metadata } };
}
