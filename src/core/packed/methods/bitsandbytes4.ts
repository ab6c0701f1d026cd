import { decodeUtf8 } from "../../formats/text";
import { countValues, type TensorInfo } from "../../tensor/tensorInfo";
import type { CellLayout } from "../layout";
import type { FoundWeight, PackingContext, PackingMethod } from "../method";

const stateKey = /\.quant_state\.bitsandbytes__(nf4|fp4)$/;
/** Bytes of a quantization state; real ones have below 300. */
const mostStateBytes = 16_384;

/** bitsandbytes NF4 and FP4, with and without double quantization (formats §5.4). */
export const bitsandbytes4: PackingMethod = {
  marks: stateKey,
  async find(marked, context) {
    const found = await Promise.all(marked.map((tensor) => weightOf(tensor, context)));
    return found.filter((weight) => weight !== undefined);
  },
};

/** What the JSON of the state says, checked. */
interface QuantState {
  shape: number[];
  blockSize: number;
  dtype: unknown;
  nested?: { blockSize: number; offset: number };
}

async function weightOf(state: TensorInfo, context: PackingContext): Promise<FoundWeight | undefined> {
  const kind = stateKey.exec(state.name)![1]!;
  const name = state.name.replace(stateKey, "");
  const part = (suffix: string): TensorInfo | undefined => context.tensors.get(`${name}${suffix}`);
  const [codes, absmax, map] = [part(""), part(".absmax"), part(".quant_map")];
  const stored = await readState(state, context);
  if (!stored || !codes || !absmax || !map || map.dtype !== "F32" || countValues(map.shape) !== 16) return undefined;
  const values = countValues(stored.shape);
  const blocks = Math.ceil(values / stored.blockSize);
  if (codes.bytes !== Math.ceil(values / 2) || countValues(absmax.shape) !== blocks) return undefined;
  const levels = await floats(map, context);
  const nestedParts = [part(".nested_absmax"), part(".nested_quant_map")];
  const scales = await scaleLayout(stored, absmax, nestedParts, context);
  if (!levels || !scales) return undefined;
  const isNested = scales.form === "nested";
  const columns = stored.shape.at(-1)!;
  const others = [map, state, ...(isNested ? [nestedParts[1]!] : [])];
  return {
    name,
    dtype: `bnb-${kind}`,
    shape: stored.shape,
    method: `bitsandbytes ${kind.toUpperCase()}`,
    bits: 4,
    groupSize: stored.blockSize,
    notes: [`blocks of ${stored.blockSize} over the flattened weight`, ...(isNested ? ["double quantization"] : [])],
    layout: {
      rows: values / columns,
      columns,
      codes: { form: "nibbles", part: 0, first: "high" },
      scales,
      levels: [...levels],
      ...(stored.dtype === "bfloat16" ? { rounding: "BF16" } : stored.dtype === "float16" ? { rounding: "F16" } : {}),
    },
    // The codes may be spelled in any type (`quant_storage`); they are bytes.
    parts: [{ ...codes, dtype: "U8", shape: [codes.bytes] }, absmax, ...(isNested ? [nestedParts[0]!] : [])],
    others,
  };
}

async function scaleLayout(
  { blockSize, nested }: QuantState,
  absmax: TensorInfo,
  [nestedAbsmax, nestedMap]: readonly (TensorInfo | undefined)[],
  context: PackingContext,
): Promise<CellLayout | undefined> {
  if (!nested) return absmax.dtype === "F32" ? { form: "runs", part: 1, length: blockSize } : undefined;
  if (!nestedAbsmax || !nestedMap || absmax.dtype !== "U8" || nestedAbsmax.dtype !== "F32") return undefined;
  if (countValues(nestedAbsmax.shape) < Math.ceil(countValues(absmax.shape) / nested.blockSize)) return undefined;
  const map = nestedMap.dtype === "F32" && countValues(nestedMap.shape) === 256 ? await floats(nestedMap, context) : undefined;
  if (!map) return undefined;
  return { form: "nested", part: 1, length: blockSize, map: [...map], absmax: 2, blockSize: nested.blockSize, offset: nested.offset };
}

async function floats(tensor: TensorInfo, context: PackingContext): Promise<Float32Array | undefined> {
  const bytes = await context.bytes(tensor, 0, tensor.bytes);
  return bytes && new Float32Array(bytes.buffer, 0, bytes.length / 4);
}

async function readState(tensor: TensorInfo, context: PackingContext): Promise<QuantState | undefined> {
  if (tensor.bytes > mostStateBytes) return undefined;
  const bytes = await context.bytes(tensor, 0, tensor.bytes);
  const text = bytes && decodeUtf8(bytes);
  let state: unknown;
  try {
    state = JSON.parse(text ?? "");
  } catch {
    state = undefined;
  }
  const record = state as Record<string, unknown> | null | undefined;
  const shape: unknown = record?.["shape"];
  const isShape = Array.isArray(shape) && shape.length > 0 && shape.every((dimension) => Number.isSafeInteger(dimension) && dimension > 0);
  const blockSize = record?.["blocksize"];
  if (!record || !isShape || !isCount(blockSize)) {
    context.diagnostics.add(
      "warning",
      "bitsandbytes.bad-state",
      `The quantization state of "${tensor.name.replace(stateKey, "")}" cannot be read`,
      {
        tensor: tensor.name,
        offset: tensor.offset,
        expected: "JSON with shape and blocksize",
        found: text?.slice(0, 80) ?? "bytes that are no text",
        hint: "Its raw tensors are shown. Save the checkpoint again.",
      },
    );
    return undefined;
  }
  const [nestedSize, offset] = [record["nested_blocksize"], record["nested_offset"]];
  const nested = isCount(nestedSize) && typeof offset === "number" ? { blockSize: nestedSize, offset: Math.fround(offset) } : undefined;
  return { shape: shape as number[], blockSize, dtype: record["dtype"], ...(nested ? { nested } : {}) };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
