import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { sample } from "../support/distributions";

type FileDType = "F32" | "BF16";

const valueBytes: Readonly<Record<FileDType, number>> = { F32: 4, BF16: 2 };

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** The header of a file of `shapes`, with its length in front. */
function headerBytes(
  dtype: FileDType,
  shapes: readonly (readonly number[])[],
  names: readonly string[] = shapes.map((_, index) => `model.layers.${index}.weight`),
): { header: Buffer; dataBytes: number } {
  let offset = 0;
  const entries = shapes.map((shape, index) => {
    const end = offset + countOf(shape) * valueBytes[dtype];
    const entry = [names[index]!, { dtype, shape, data_offsets: [offset, end] }] as const;
    offset = end;
    return entry;
  });
  const text = JSON.stringify(Object.fromEntries(entries));
  const padded = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return { header: Buffer.concat([length, padded]), dataBytes: offset };
}

/** Values that are written over and over, in a few scales: drawing a quarter of a billion takes too long. */
const patternLength = 2 ** 22;
const scales = [0.02, 0.025, 0.03, 0.035];

/** A safetensors file of normally distributed weights, the same for the same arguments, whole in the page cache afterwards. */
export function writeWeights(file: string, dtype: FileDType, shapes: readonly (readonly number[])[], names?: readonly string[]): void {
  const drawn = sample("normal", patternLength, 2026);
  const patterns = scales.map((scale) => {
    const scaled = drawn.map((value) => value * scale);
    return dtype === "F32" ? new Uint8Array(scaled.buffer) : upperHalves(scaled);
  });
  const handle = openSync(file, "w");
  writeSync(handle, headerBytes(dtype, shapes, names).header);
  shapes.forEach((shape, index) => {
    const stored = patterns[index % patterns.length]!;
    const total = countOf(shape) * valueBytes[dtype];
    for (let done = 0; done < total; done += stored.length) writeSync(handle, stored.subarray(0, Math.min(stored.length, total - done)));
  });
  fsyncSync(handle);
  closeSync(handle);
}

/** BF16 by truncation. */
function upperHalves(values: Float32Array): Uint8Array {
  const words = new Uint16Array(values.buffer, values.byteOffset, values.length * 2);
  return new Uint8Array(Uint16Array.from({ length: values.length }, (_, index) => words[2 * index + 1]!).buffer);
}

/** A file whose data is a hole: it takes no space on the disk and reads as zeros. */
export function writeHole(file: string, dtype: FileDType, shapes: readonly (readonly number[])[]): void {
  const { header, dataBytes } = headerBytes(dtype, shapes);
  const handle = openSync(file, "w");
  writeSync(handle, header);
  ftruncateSync(handle, header.length + dataBytes);
  closeSync(handle);
}
