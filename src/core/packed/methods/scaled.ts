import { findDecoder } from "../../decode/decoder";
import { countValues, type TensorInfo } from "../../tensor/tensorInfo";
import type { CellLayout } from "../layout";
import { type FoundWeight, matrixOf, type PackingContext, type PackingMethod } from "../method";

const scaleName = /\.weight_(scale|scale_inv)$/;

/**
 * One byte a weight beside its scales: compressed-tensors' int-quantized and float-quantized, FP8 checkpoints of one
 * scale a tensor, and block scales as DeepSeek has them (formats §6.3).
 */
export const scaled: PackingMethod = {
  marks: scaleName,
  async find(marked, context) {
    return marked.flatMap((tensor) => weightOf(tensor, context) ?? []);
  },
};

const floatCodes = ["F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ"];

function weightOf(scale: TensorInfo, { tensors, config }: PackingContext): FoundWeight | undefined {
  const module = scale.name.replace(scaleName, "");
  const weight = tensors.get(`${module}.weight`);
  const matrix = weight && matrixOf(weight);
  if (!weight || !matrix || matrix.rows * matrix.columns === 0) return undefined;
  const isFloat = floatCodes.includes(weight.dtype);
  if (!isFloat && weight.dtype !== "I8") return undefined;
  const scales = scaleCells(scale, matrix, config);
  if (!scales) return undefined;
  const zeros = tensors.get(`${module}.weight_zero_point`);
  const zeroCells = zeros?.dtype === "I8" ? { ...scales, part: 2 } : undefined;
  const isBlock = scale.name.endsWith("_inv");
  return {
    name: weight.name,
    dtype: isFloat ? `${weight.dtype}+scale` : "int8+scale",
    shape: weight.shape,
    method: isBlock ? "FP8 with block scales" : isFloat ? "FP8 with scales" : "INT8 with scales",
    bits: 8,
    groupSize: scales.cellRows === 1 && scales.cellColumns < matrix.columns ? scales.cellColumns : 0,
    notes: [cellText(scales, matrix)],
    layout: {
      ...matrix,
      codes: { form: "bytes", part: 0, signed: !isFloat },
      scales,
      ...(zeroCells ? { zeros: zeroCells } : {}),
      ...(isFloat ? { levels: byteLevels(weight.dtype) } : {}),
      ...(scale.dtype === "BF16" || scale.dtype === "F16" ? { rounding: scale.dtype } : {}),
    },
    parts: [weight, scale, ...(zeroCells ? [zeros!] : [])],
    others: zeros && !zeroCells ? [zeros] : [],
  };
}

type Grid = Extract<CellLayout, { form: "grid" }>;

function scaleCells(
  scale: TensorInfo,
  { rows, columns }: { rows: number; columns: number },
  config: Readonly<Record<string, unknown>>,
): Grid | undefined {
  const count = countValues(scale.shape);
  if (count === 1) return { form: "grid", part: 1, cellRows: rows, cellColumns: columns };
  const shape = scale.shape.length === 1 ? [count, 1] : scale.shape;
  const [gridRows, gridColumns] = shape;
  if (shape.length !== 2 || !gridRows || !gridColumns) return undefined;
  const block = config["weight_block_size"];
  const [blockRows, blockColumns] = Array.isArray(block) ? (block as unknown[]) : [];
  const cellRows = cellSize(rows, gridRows, blockRows);
  const cellColumns = cellSize(columns, gridColumns, blockColumns);
  if (Math.ceil(rows / cellRows) !== gridRows || Math.ceil(columns / cellColumns) !== gridColumns) return undefined;
  return { form: "grid", part: 1, cellRows, cellColumns };
}

/** The usual size of a block, where the config does not say: shapes need not be multiples of it. */
const usualBlock = 128;

/** Values along one dimension that have a scale in common. */
function cellSize(values: number, scales: number, declared: unknown): number {
  if (scales > 1 && isSize(declared)) return declared;
  return scales > 1 && Math.ceil(values / usualBlock) === scales ? usualBlock : Math.ceil(values / scales);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function cellText({ cellRows, cellColumns }: Grid, { rows, columns }: { rows: number; columns: number }): string {
  if (cellRows === rows && cellColumns === columns) return "one scale for all";
  if (cellRows === 1) return cellColumns === columns ? "one scale a row" : `one scale for ${cellColumns} values`;
  return `one scale for ${cellRows} × ${cellColumns} values`;
}

/** The value of each of the 256 bytes of an 8-bit float. */
export function byteLevels(dtype: string): number[] {
  const levels = new Float32Array(256);
  findDecoder(dtype)!.decode(
    Uint8Array.from(levels, (_, byte) => byte),
    levels,
  );
  return [...levels];
}
