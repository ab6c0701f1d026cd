import { cpSync, readFileSync } from "node:fs";
import path from "node:path";

/** Folder of the sample checkpoint, which the windows open. */
export const sampleFolder = path.join(__dirname, "..", "..", "..", "media", "sample");

/** A copy that a test may write beside. */
export function copySample(folder: string): void {
  cpSync(sampleFolder, folder, { recursive: true });
}

/** A tensor of the sample, read here without the product's own code. */
export interface SampleTensor {
  name: string;
  shape: number[];
  /** BF16 patterns widened to the float32 values they stand for. */
  values: Float32Array;
}

/** Every tensor of the sample checkpoint, in the order of its bytes. */
export function sampleTensors(): SampleTensor[] {
  const file = readFileSync(path.join(sampleFolder, "model.safetensors"));
  const headerLength = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, 8 + headerLength)) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >;
  return Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .sort(([, one], [, other]) => one.data_offsets[0] - other.data_offsets[0])
    .map(
      ([
        name,
        {
          shape,
          data_offsets: [start, end],
        },
      ]) => {
        const patterns = new Uint32Array((end - start) / 2);
        for (let index = 0; index < patterns.length; index++)
          patterns[index] = file.readUInt16LE(8 + headerLength + start + index * 2) << 16;
        return { name, shape, values: new Float32Array(patterns.buffer) };
      },
    );
}

/** The largest magnitude of a tensor. */
export function largestMagnitude({ values }: SampleTensor): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}
