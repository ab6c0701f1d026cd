import { countValues, type TensorInfo } from "../../tensor/tensorInfo";
import type { PackedLayout } from "../layout";
import { configInteger, type FoundWeight, matrixOf, type PackingContext, type PackingMethod } from "../method";

/** compressed-tensors' pack-quantized integers: 32-bit words along the inputs (formats §6.3). */
export const compressedTensors: PackingMethod = {
  marks: /\.weight_packed$/,
  async find(marked, context) {
    const found = await Promise.all(marked.map((tensor) => weightOf(tensor, context)));
    return found.filter((weight) => weight !== undefined);
  },
};

async function weightOf(packed: TensorInfo, context: PackingContext): Promise<FoundWeight | undefined> {
  const module = packed.name.slice(0, -".weight_packed".length);
  const part = (suffix: string): TensorInfo | undefined => context.tensors.get(`${module}.weight_${suffix}`);
  const [scale, shape, zeros, order] = [part("scale"), part("shape"), part("zero_point"), part("g_idx")];
  const words = matrixOf(packed);
  const grid = scale && matrixOf(scale);
  const size = shape && (await shapeOf(shape, context));
  if (packed.dtype !== "I32" || !scale || !shape || !words || !grid || !size || size.rows !== words.rows || grid.rows !== size.rows)
    return undefined;
  const { rows, columns } = size;
  const codes = codeLayout(words.columns, columns, declaredBits(context.config));
  if (!codes || grid.columns === 0) return undefined;
  const cellColumns = Math.ceil(columns / grid.columns);
  const isOrdered = order?.dtype === "I32" && countValues(order.shape) === columns;
  const zeroRows = Math.ceil((rows * codes.bits) / 32);
  const hasZeros = zeros?.dtype === "I32" && matrixOf(zeros)?.rows === zeroRows && matrixOf(zeros)?.columns === grid.columns;
  const layout: PackedLayout = {
    rows,
    columns,
    codes,
    scales: { form: "grid", part: 1, cellRows: 1, cellColumns },
    ...(hasZeros ? { zeros: { form: "stream", part: 2, bits: codes.bits, cellColumns, subtract: codes.subtract } } : {}),
    ...(isOrdered ? { order: hasZeros ? 3 : 2 } : {}),
    ...(scale.dtype === "BF16" || scale.dtype === "F16" ? { rounding: scale.dtype } : {}),
  };
  return {
    name: `${module}.weight`,
    dtype: `ct-int${codes.bits}`,
    shape: [rows, columns],
    method: "compressed-tensors",
    bits: codes.bits,
    groupSize: grid.columns === 1 ? 0 : cellColumns,
    notes: [hasZeros ? "asymmetric" : "symmetric", ...(isOrdered ? ["order of columns in weight_g_idx"] : [])],
    layout,
    parts: [packed, scale, ...(hasZeros ? [zeros] : []), ...(isOrdered ? [order] : [])],
    others: [shape, ...(zeros && !hasZeros ? [zeros] : []), ...(order && !isOrdered ? [order] : [])],
  };
}

/** The bits of the first group of weights that the config has. */
function declaredBits(config: Readonly<Record<string, unknown>>): number | undefined {
  const groups = Object.values((config["config_groups"] ?? {}) as Record<string, unknown>);
  for (const group of groups) {
    const weights = (group as Record<string, unknown> | null)?.["weights"];
    const bits = weights ? configInteger(weights as Record<string, unknown>, "num_bits") : undefined;
    if (bits !== undefined) return bits;
  }
  return undefined;
}

/** The layout whose words come out at `width` for `columns` codes: dense, or as older releases did with whole codes in every word. */
function codeLayout(width: number, columns: number, declared: number | undefined) {
  const candidates = declared === undefined ? [4, 8, 2, 1, 3, 5, 6, 7] : [declared];
  for (const bits of candidates.filter((candidate) => candidate >= 1 && candidate <= 8)) {
    const subtract = 2 ** (bits - 1);
    if (Math.ceil((columns * bits) / 32) === width) return { form: "stream", part: 0, bits, along: "rows", subtract } as const;
    if (Math.ceil(columns / Math.floor(32 / bits)) === width) return { form: "words", part: 0, bits, subtract } as const;
  }
  return undefined;
}

async function shapeOf(tensor: TensorInfo, context: PackingContext): Promise<{ rows: number; columns: number } | undefined> {
  if (tensor.dtype !== "I64" || countValues(tensor.shape) !== 2) return undefined;
  const bytes = await context.bytes(tensor, 0, 16);
  if (!bytes) return undefined;
  const [rows, columns] = Array.from(new BigInt64Array(bytes.buffer), Number);
  return rows! > 0 && columns! > 0 && Number.isSafeInteger(rows! * columns!) ? { rows: rows!, columns: columns! } : undefined;
}
