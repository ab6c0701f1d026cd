import { type BlockField, type BlockScalar, scalarsOf } from "./ggml/blockFormat";
import { decodeBlocks } from "./ggml/decodeBlocks";
import { findBlockFormat } from "./ggml/formats";

/** Values under one scale: `x̂ = scale·level + offset`, where the level is the code itself or what a code book has for it. */
export interface SubBlockParts {
  start: number;
  count: number;
  scale: number;
  offset: number;
  codes: number[];
}

/** One block of a quantized tensor, taken apart: how its bytes become values. */
export interface BlockParts {
  /** The byte layout in order; the bytes sum to the block's. */
  fields: BlockField[];
  formula: string;
  scalars: BlockScalar[];
  subBlocks: SubBlockParts[];
  /** Smallest code the type can store. */
  minCode: number;
  /** Largest code. */
  maxCode: number;
  /** What each code from 0 stands for before scaling, in types with a code book. */
  levels?: number[];
  /** The decoded values. */
  values: number[];
}

/** Takes the block at the start of `bytes` apart; undefined for types we cannot decode or when the block is cut short. */
export function inspectBlock(dtype: string, bytes: Uint8Array): BlockParts | undefined {
  const format = findBlockFormat(dtype);
  if (!format || bytes.length < format.bytes) return undefined;
  const codes = new Int16Array(format.size);
  const count = format.subBlock;
  const scales = new Float32Array(format.size / count);
  const mins = new Float32Array(scales.length);
  format.unpack(bytes, 0, codes, 0, scales, mins);
  const values = new Float32Array(format.size);
  decodeBlocks(format, bytes, values);
  return {
    fields: format.fields.map((field) => ({ ...field })),
    formula: format.formula,
    scalars: scalarsOf(format, bytes, 0),
    subBlocks: Array.from(scales, (scale, j) => ({
      start: j * count,
      count,
      scale,
      // 0 − … keeps a plain zero from showing as −0.
      offset: 0 - (scale * format.zero + mins[j]!),
      codes: Array.from(codes.subarray(j * count, (j + 1) * count)),
    })),
    minCode: format.minCode,
    maxCode: format.maxCode,
    ...(format.levels && { levels: [...format.levels] }),
    values: Array.from(values),
  };
}
