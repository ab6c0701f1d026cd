import { findDType, type DType } from "../../tensor/dtype";

/** ggml's type ids (`enum ggml_type` of ggml.h), for the types that exist today. */
const ids: readonly (readonly [id: number, dtype: string])[] = [
  [0, "F32"],
  [1, "F16"],
  [2, "Q4_0"],
  [3, "Q4_1"],
  [6, "Q5_0"],
  [7, "Q5_1"],
  [8, "Q8_0"],
  [9, "Q8_1"],
  [10, "Q2_K"],
  [11, "Q3_K"],
  [12, "Q4_K"],
  [13, "Q5_K"],
  [14, "Q6_K"],
  [15, "Q8_K"],
  [16, "IQ2_XXS"],
  [17, "IQ2_XS"],
  [18, "IQ3_XXS"],
  [19, "IQ1_S"],
  [20, "IQ4_NL"],
  [21, "IQ3_S"],
  [22, "IQ2_S"],
  [23, "IQ4_XS"],
  [24, "I8"],
  [25, "I16"],
  [26, "I32"],
  [27, "I64"],
  [28, "F64"],
  [29, "IQ1_M"],
  [30, "BF16"],
  [34, "TQ1_0"],
  [35, "TQ2_0"],
  [39, "MXFP4"],
  [40, "NVFP4"],
  [41, "Q1_0"],
  [42, "Q2_0"],
];

/** Ids that ggml once used and no longer reads. */
const removed: ReadonlyMap<number, string> = new Map([
  [4, "Q4_2"],
  [5, "Q4_3"],
  [31, "Q4_0_4_4"],
  [32, "Q4_0_4_8"],
  [33, "Q4_0_8_8"],
  [36, "IQ4_NL_4_4"],
  [37, "IQ4_NL_4_8"],
  [38, "IQ4_NL_8_8"],
]);

const known = new Map<number, DType>();
for (const [id, name] of ids) {
  const dtype = findDType(name);
  if (dtype) known.set(id, dtype);
}

/** The stored type of a ggml type id, or undefined for ids that today's ggml does not know. */
export function findGgmlType(id: number): DType | undefined {
  return known.get(id);
}

/** The former name of an id that ggml has removed. */
export function removedGgmlType(id: number): string | undefined {
  return removed.get(id);
}

const idByName = new Map(ids.map(([id, name]) => [name, id]));

/** The ggml type id of a stored type, or undefined for types that ggml does not have. */
export function ggmlTypeId(dtype: string): number | undefined {
  return idByName.get(dtype);
}
