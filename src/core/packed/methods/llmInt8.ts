import { countValues, type TensorInfo } from "../../tensor/tensorInfo";
import { type FoundWeight, matrixOf, type PackingContext, type PackingMethod } from "../method";

/** bitsandbytes LLM.int8(): a byte a weight and the largest magnitude of every row (formats §5.5). */
export const llmInt8: PackingMethod = {
  marks: /\.SCB$/,
  async find(marked, context) {
    return marked.flatMap((tensor) => weightOf(tensor, context) ?? []);
  },
};

function weightOf(scb: TensorInfo, { tensors }: PackingContext): FoundWeight | undefined {
  const module = scb.name.slice(0, -".SCB".length);
  const weight = tensors.get(`${module}.weight`);
  const matrix = weight && matrixOf(weight);
  if (!weight || !matrix || weight.dtype !== "I8" || scb.dtype !== "F32" || countValues(scb.shape) !== matrix.rows) return undefined;
  const format = tensors.get(`${module}.weight_format`);
  return {
    name: weight.name,
    dtype: "bnb-int8",
    shape: weight.shape,
    method: "bitsandbytes LLM.int8()",
    bits: 8,
    groupSize: 0,
    notes: ["one scale a row", "columns with outliers are computed in half precision"],
    layout: {
      ...matrix,
      codes: { form: "bytes", part: 0, signed: true },
      scales: { form: "runs", part: 1, length: matrix.columns },
      // The library multiplies by this number; dividing by 127 differs in the last digit.
      factor: Math.fround(1 / 127),
    },
    parts: [weight, scb],
    others: format ? [format] : [],
  };
}
