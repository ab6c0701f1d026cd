import type { MetadataEntry } from "../../tensor/checkpoint";
import type { TensorInfo } from "../../tensor/tensorInfo";
import type { CheckpointFormat } from "../checkpointFormat";
import { isDat, readDat } from "./dat";
import { openAlone } from "../singleFile";

/**
 * llama.cpp's older importance matrices (`imatrix.dat`): a tensor for each weight of the model, whose values are the mean
 * squares of what enters each column. The newer ones are GGUF files, see `fromGguf.ts`.
 */
export const imatrixFormat: CheckpointFormat = {
  id: "imatrix",
  label: "importance matrix",

  matches: isDat,

  open: (file) =>
    openAlone("imatrix", file, async () => {
      const { entries, chunks, dataset } = await readDat(file);
      const tensors = entries.map(({ name, calls, count, offset }): TensorInfo => {
        const ref = { kind: "divided", source: file.ref, offset, divisors: [calls], columns: count } as const;
        return { name, dtype: "F32", shape: [count], file: 0, offset, bytes: 4 * count, source: { dtype: "F32", ref, offset: 0 } };
      });
      const metadata: MetadataEntry[] = [
        ...(chunks === undefined ? [] : [{ key: "imatrix.chunk_count", type: "i32", value: chunks }]),
        ...(dataset === undefined ? [] : [{ key: "imatrix.dataset", type: "string", value: dataset }]),
      ];
      return { tensors, metadata };
    }),
};
