import type { TensorInfo } from "../../tensor/tensorInfo";
import { type FoundWeight, matrixOf, type PackingContext, type PackingMethod } from "../method";

/** AutoAWQ's GEMM layout: eight outputs a word in an order of their own (formats §4.5). */
export const awq: PackingMethod = {
  marks: /\.qweight$/,
  async find(marked, context) {
    return marked.flatMap((tensor) => weightOf(tensor, context) ?? []);
  },
};

function weightOf(qweight: TensorInfo, { tensors }: PackingContext): FoundWeight | undefined {
  const module = qweight.name.slice(0, -".qweight".length);
  const [qzeros, scales] = ["qzeros", "scales"].map((part) => tensors.get(`${module}.${part}`));
  const [packed, zeros, scale] = [qweight, qzeros, scales].map((tensor) => tensor && matrixOf(tensor));
  if (!qzeros || !scales || !packed || !zeros || !scale || qweight.dtype !== "I32" || qzeros.dtype !== "I32") return undefined;
  const [rows, columns] = [scale.columns, packed.rows];
  if (rows === 0 || packed.columns * 8 !== rows || zeros.columns !== packed.columns || zeros.rows !== scale.rows) return undefined;
  if (scale.rows === 0 || columns % scale.rows !== 0) return undefined;
  const cellColumns = columns / scale.rows;
  return {
    name: `${module}.weight`,
    dtype: "AWQ-int4",
    shape: [rows, columns],
    method: "AWQ",
    bits: 4,
    groupSize: scale.rows === 1 ? 0 : cellColumns,
    notes: ["GEMM layout", "salient channels are scaled: norms and neighbours hold the inverse"],
    layout: {
      rows,
      columns,
      codes: { form: "awq", part: 0 },
      scales: { form: "grid", part: 1, cellRows: 1, cellColumns, transposed: true },
      zeros: { form: "awq", part: 2, cellColumns },
    },
    parts: [qweight, scales, qzeros],
  };
}
