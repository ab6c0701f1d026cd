import type { TensorInfo } from "../../tensor/tensorInfo";
import { type FoundWeight, matrixOf, type PackingContext, type PackingMethod } from "../method";

/** torchao's 8-bit weights as it flattens them into safetensors: `_weight_qdata` beside its scales (formats §6.4). */
export const torchao: PackingMethod = {
  marks: /\._weight_qdata$/,
  async find(marked, context) {
    return marked.flatMap((tensor) => weightOf(tensor, context) ?? []);
  },
};

function weightOf(codes: TensorInfo, { tensors, text }: PackingContext): FoundWeight | undefined {
  const module = codes.name.slice(0, -"._weight_qdata".length);
  const [scale, zeros] = ["scale", "zero_point"].map((part) => tensors.get(`${module}._weight_${part}`));
  const [matrix, grid] = [codes, scale].map((tensor) => tensor && matrixOf(tensor));
  if (!scale || !matrix || !grid || codes.dtype !== "I8") return undefined;
  if (grid.rows === 0 || grid.columns === 0 || matrix.rows % grid.rows !== 0 || matrix.columns % grid.columns !== 0) return undefined;
  const [cellRows, cellColumns] = [matrix.rows / grid.rows, matrix.columns / grid.columns];
  const hasZeros = zeros?.dtype === "I8" && zeros.shape.join() === scale.shape.join();
  const cells = { form: "grid", cellRows, cellColumns } as const;
  return {
    name: `${module}.weight`,
    dtype: "torchao-int8",
    shape: codes.shape,
    method: "torchao INT8",
    bits: 8,
    groupSize: grid.columns === 1 ? 0 : cellColumns,
    notes: [grid.columns === 1 ? "one scale a row" : `one scale for ${cellColumns} values`],
    layout: {
      ...matrix,
      codes: { form: "bytes", part: 0, signed: true },
      scales: { ...cells, part: 1 },
      ...(hasZeros ? { zeros: { ...cells, part: 2 } } : {}),
      ...roundingOf(text(`${module}.weight`)),
    },
    parts: [codes, scale, ...(hasZeros ? [zeros] : [])],
    others: zeros && !hasZeros ? [zeros] : [],
  };
}

/** The type in which the library gives the weight back: part of what it notes of every tensor, as JSON. */
function roundingOf(note: string | undefined): { rounding?: "F16" | "BF16" } {
  const dtype = /"_type":\s*"torch\.dtype",\s*"_data":\s*"(\w+)"/.exec(note ?? "")?.[1];
  return dtype === "bfloat16" ? { rounding: "BF16" } : dtype === "float16" ? { rounding: "F16" } : {};
}
