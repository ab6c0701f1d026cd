import { countValues, type TensorInfo } from "../../tensor/tensorInfo";
import type { CellLayout, PackedLayout } from "../layout";
import { type FoundWeight, matrixOf, type PackingContext, type PackingMethod } from "../method";

/** E2M1: sign in bit 3. */
export const e2m1Levels = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6];

const codeName = /(\.weight_packed|\.weight|_blocks)$/;

/**
 * Four-bit floats in blocks: NVFP4 (16 values, E4M3 scale, one float32 for all) and MXFP4 (32 values, E8M0 scale) of
 * compressed-tensors, ModelOpt and gpt-oss (formats §6.3, §10 point 5).
 */
export const fp4: PackingMethod = {
  marks: /(\.weight_packed|\.weight_scale_2|_blocks)$/,
  async find(marked, context) {
    const found = await Promise.all(marked.map((tensor) => weightOf(tensor, context)));
    return found.filter((weight) => weight !== undefined);
  },
};

async function weightOf(mark: TensorInfo, context: PackingContext): Promise<FoundWeight | undefined> {
  const { tensors } = context;
  if (mark.name.endsWith("_blocks")) return expertsOf(mark, tensors.get(mark.name.replace(/_blocks$/, "_scales")));
  const isModelOpt = mark.name.endsWith(".weight_scale_2");
  const module = mark.name.replace(isModelOpt ? ".weight_scale_2" : codeName, "");
  const codes = isModelOpt ? tensors.get(`${module}.weight`) : mark;
  const scale = tensors.get(`${module}.weight_scale`);
  const global = isModelOpt ? mark : tensors.get(`${module}.weight_global_scale`);
  const [packed, grid] = [codes, scale].map((tensor) => tensor && matrixOf(tensor));
  if (!codes || !scale || !packed || !grid || codes.dtype !== "U8" || packed.rows !== grid.rows || grid.columns === 0) return undefined;
  const columns = packed.columns * 2;
  const groupSize = columns / grid.columns;
  const isNv = scale.dtype === "F8_E4M3" && groupSize === 16 && global !== undefined;
  if (!isNv && !(scale.dtype === "U8" && groupSize === 32)) return undefined;
  const factor = isNv ? await scalarOf(global, context) : undefined;
  if (isNv && factor === undefined) return undefined;
  const scales: CellLayout = {
    form: "grid",
    part: 1,
    cellRows: 1,
    cellColumns: groupSize,
    ...(factor === undefined ? {} : isModelOpt ? { multiplier: factor } : { divisor: factor }),
  };
  return {
    name: `${module}.weight`,
    dtype: isNv ? "nvfp4+scale" : "mxfp4+scale",
    shape: [packed.rows, columns],
    method: isNv ? "NVFP4" : "MXFP4",
    bits: 4,
    groupSize,
    notes: isNv ? ["E4M3 scales", `one float32 for all: ${factor}`] : ["E8M0 scales"],
    layout: layoutOf(packed.rows, columns, scales, context.config["quant_method"] === "compressed-tensors"),
    parts: [codes, isNv ? scale : asExponents(scale)],
    others: global ? [global] : [],
  };
}

/** gpt-oss: the experts of a layer in one tensor of blocks of 16 bytes. */
function expertsOf(blocks: TensorInfo, scales: TensorInfo | undefined): FoundWeight | undefined {
  if (!scales || blocks.dtype !== "U8" || scales.dtype !== "U8" || blocks.shape.at(-1) !== 16 || blocks.shape.length < 3) return undefined;
  const outer = blocks.shape.slice(0, -1);
  if (outer.join() !== scales.shape.join() || countValues(outer) === 0) return undefined;
  const columns = outer.at(-1)! * 32;
  const shape = [...outer.slice(0, -1), columns];
  const rows = countValues(outer.slice(0, -1));
  return {
    name: blocks.name.replace(/_blocks$/, ""),
    dtype: "mxfp4+scale",
    shape,
    method: "MXFP4",
    bits: 4,
    groupSize: 32,
    notes: ["E8M0 scales", "experts of one layer together"],
    layout: layoutOf(rows, columns, { form: "grid", part: 1, cellRows: 1, cellColumns: 32 }, false),
    parts: [blocks, asExponents({ ...scales, shape: [rows, columns / 32] })],
  };
}

function layoutOf(rows: number, columns: number, scales: CellLayout, roundsToBF16: boolean): PackedLayout {
  return {
    rows,
    columns,
    codes: { form: "nibbles", part: 0, first: "low" },
    scales,
    levels: e2m1Levels,
    ...(roundsToBF16 ? { rounding: "BF16" } : {}),
  };
}

function asExponents(tensor: TensorInfo): TensorInfo {
  return { ...tensor, dtype: "F8_E8M0" };
}

async function scalarOf(tensor: TensorInfo, context: PackingContext): Promise<number | undefined> {
  if (tensor.dtype !== "F32" || countValues(tensor.shape) !== 1) return undefined;
  const bytes = await context.bytes(tensor, 0, 4);
  const value = bytes && new Float32Array(bytes.buffer)[0]!;
  return value !== undefined && Number.isFinite(value) && value !== 0 ? value : undefined;
}
