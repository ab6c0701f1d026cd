import { countValues, type TensorInfo } from "../../tensor/tensorInfo";
import type { CellLayout, CodeLayout } from "../layout";
import { type FoundWeight, matrixOf, type PackingContext, type PackingMethod } from "../method";

/** Shifts of the fields of a packed word, in the order of the slices they hold (formats §6.1). */
const fieldShifts: Readonly<Record<number, readonly number[]>> = {
  8: [0],
  4: [4, 0],
  3: [27, 24, 21, 18, 15, 12, 9, 6, 3, 0],
  2: [6, 4, 2, 0],
  1: [7, 6, 5, 4, 3, 2, 1, 0],
};

/** HQQ: codes of a grouped matrix, packed along its rows, with float zero-points (formats §6.1). */
export const hqq: PackingMethod = {
  marks: /\.W_q$/,
  async find(marked, context) {
    const found = await Promise.all(marked.map((tensor) => weightOf(tensor, context)));
    return found.filter((weight) => weight !== undefined);
  },
};

async function weightOf(codes: TensorInfo, context: PackingContext): Promise<FoundWeight | undefined> {
  const module = codes.name.slice(0, -".W_q".length);
  const part = (name: string): TensorInfo | undefined => context.tensors.get(`${module}.${name}`);
  const [scale, zero] = [part("scale"), part("zero")];
  const packed = matrixOf(codes);
  const bits = await context.scalar(`${module}.nbits`);
  const shape = await shapeOf(module, context);
  const shifts = bits === undefined ? undefined : fieldShifts[bits];
  if (!scale || !zero || !packed || !shape || !shifts || bits === undefined || (codes.dtype !== "U8" && codes.dtype !== "I32"))
    return undefined;
  const axis = (await context.scalar(`${module}.axis`)) ?? 1;
  const groups = countValues(scale.shape);
  const values = countValues(shape);
  const width = packed.columns;
  const columns = shape.at(-1)!;
  // Along axis 1 a row of the grouped matrix is a group; along axis 0 a column is.
  const groupSize = axis === 1 ? width : values / groups;
  const fits = axis === 1 ? groups * width === values : groups === width;
  if (!fits || !Number.isInteger(groupSize) || packed.rows * shifts.length * width < values || countValues(zero.shape) !== groups)
    return undefined;
  const layout: CodeLayout = { form: "slices", part: 0, bits, shifts, groupSize: width };
  const cells = (index: number): CellLayout => ({ form: axis === 1 ? "runs" : "cycle", part: index, length: width });
  return {
    name: `${module}.weight`,
    dtype: `HQQ-int${bits}`,
    shape,
    method: "HQQ",
    bits,
    groupSize,
    notes: [`axis ${axis}`, "float zero-points"],
    layout: { rows: values / columns, columns, codes: layout, scales: cells(1), zeros: cells(2) },
    parts: [codes, scale, zero],
    others: [
      "nbits",
      "group_size",
      "shape",
      "axis",
      "packing",
      "compute_dtype",
      "view_as_float",
      "quant_scale",
      "quant_zero",
      "offload_meta",
      "unpack_view_dtype",
      "encoded_state_dict",
      "channel_wise",
      "optimize",
      "round_zero",
      "stores_quant_config",
    ].flatMap((name) => part(name) ?? []),
  };
}

async function shapeOf(module: string, context: PackingContext): Promise<number[] | undefined> {
  const stored = context.tensors.get(`${module}.shape`);
  let shape: number[];
  if (stored && (stored.dtype === "I64" || stored.dtype === "I32") && countValues(stored.shape) <= 8) {
    const bytes = await context.bytes(stored, 0, stored.bytes);
    shape = !bytes ? [] : stored.dtype === "I64" ? Array.from(new BigInt64Array(bytes.buffer), Number) : [...new Int32Array(bytes.buffer)];
  } else {
    // In a pickle it is no tensor.
    shape = (/^\[(\d+),\s*(\d+)\]$/.exec(context.text(`${module}.shape`) ?? "") ?? []).slice(1).map(Number);
  }
  const isShape = shape.length === 2 && shape.every((dimension) => Number.isSafeInteger(dimension) && dimension > 0);
  return isShape ? shape : undefined;
}
