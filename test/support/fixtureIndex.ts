import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Checkpoint, MetadataEntry, MetadataValue } from "../../src/core/tensor/checkpoint";
import type { TensorInfo } from "../../src/core/tensor/tensorInfo";

/** What a reference reader found in a file: an entry of the fixtures' index.json. */
export interface FixtureFile {
  path: string;
  bytes: number;
  format: string;
  version?: number;
  bigEndian?: boolean | null;
  metadata?: Record<string, string> | null;
  kv?: FixtureKeyValue[];
  tensors?: FixtureTensor[];
  /** The reader refuses the file, as we must. */
  refused?: boolean;
  refusedMembers?: { name: string }[];
  refusedByWeightsOnly?: string;
  /** Names of tensors in one storage. */
  sharedStorage?: string[][];
}

export interface FixtureKeyValue {
  key: string;
  /** `UINT32`, `STRING`, `ARRAY<STRING>` … */
  type: string;
  value?: string | number | boolean;
  length?: number;
  sha256?: string;
  /** Of the values of an array as JSON, as Python's json.dumps writes it. */
  sha256ofValuesJson?: string;
}

export interface FixtureTensor {
  name: string;
  dtype: string;
  shape: number[];
  nbytes: number;
  sha256: string;
  dataOffset?: number;
  /** Over finite values; as text beyond exact numbers. */
  min?: number | string;
  max?: number | string;
  mean?: number | string;
  nan?: number;
  posinf?: number;
  neginf?: number;
  /** Without data, on PyTorch's meta device. */
  meta?: boolean;
  /** `sparse_coo` … */
  layout?: string;
  /** Of an HDF5 dataset. */
  compression?: string;
  /** Of a structured element: name, type, offset. */
  fields?: [name: string, type: string, offset: number][];
}

/** The files of one format among the fixtures. `root` is their folder. */
export function readFixtureIndex(root: string, format: string): FixtureFile[] {
  const index = JSON.parse(readFileSync(path.join(root, "index.json"), "utf8")) as { files: FixtureFile[] };
  return index.files.filter((file) => file.format === format);
}

/** SHA-256 of a tensor's bytes as they stand in its file. */
export async function tensorHash(checkpoint: Checkpoint, tensor: TensorInfo): Promise<string> {
  const bytes = new Uint8Array(tensor.bytes);
  await checkpoint.files[tensor.file]!.file!.read(tensor.offset, bytes);
  return sha256(bytes);
}

export function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** All values of an array of the header. */
export function readAll(entry: MetadataEntry): Promise<MetadataValue[]> {
  return entry.read!(0, entry.length!);
}
