import { countValues, matrixShape } from "../tensor/tensorInfo";

/** Bytes of a codebook or half-quadratic format for one matrix, and its rate where that does not depend on the shape. */
export interface FormatSize {
  id: string;
  label: string;
  bitsPerWeight?: number;
  bytes(shape: readonly number[]): number;
}

/** bitsandbytes' 4-bit blocks of 64: two codes a byte and a float32 maximum per block. */
function fourBit(id: string, label: string): FormatSize {
  return {
    id,
    label,
    bitsPerWeight: 4 + 32 / 64,
    bytes(shape) {
      const values = countValues(shape);
      return Math.ceil(values / 2) + 4 * Math.ceil(values / 64);
    },
  };
}

/** The same with the block maxima themselves in 8 bits, under a float32 per 256 of them. */
function doubleQuantized(id: string, label: string): FormatSize {
  return {
    id,
    label,
    bitsPerWeight: 4 + 8 / 64 + 32 / (64 * 256),
    bytes(shape) {
      const values = countValues(shape);
      const blocks = Math.ceil(values / 64);
      return Math.ceil(values / 2) + blocks + 4 * Math.ceil(blocks / 256);
    },
  };
}

/** bitsandbytes formats. Source: bitsandbytes `functional.py`; code books and per-tensor JSON (some hundred bytes) not counted. */
export const bitsandbytesSizes: readonly FormatSize[] = [
  fourBit("nf4", "NF4 · bitsandbytes, blocks of 64"),
  doubleQuantized("nf4-dq", "NF4 · bitsandbytes, double quantization"),
  fourBit("fp4", "FP4 · bitsandbytes, blocks of 64"),
  doubleQuantized("fp4-dq", "FP4 · bitsandbytes, double quantization"),
  {
    id: "llm-int8",
    label: "LLM.int8() · bitsandbytes, one float32 scale a row",
    bytes: (shape) => countValues(shape) + 4 * matrixShape(shape).rows,
  },
];

/**
 * HQQ with a float16 scale and a float16 zero per group: `hqq4-g64`, `hqq4` (groups of 64). 3-bit codes are packed ten to
 * an int32. Undefined for any other name. Source: hqq `core/quantize.py`, `core/bitpack.py`.
 */
export function hqqSize(name: string): FormatSize | undefined {
  const match = /^hqq([12348])(?:-g(\d+))?$/.exec(name.toLowerCase());
  if (!match) return undefined;
  const bits = Number(match[1]);
  const group = Number(match[2] ?? 64);
  if (!(group >= 8 && group <= 1_048_576)) return undefined;
  const codeBits = bits === 3 ? 3.2 : bits;
  return {
    id: name.toLowerCase(),
    label: `HQQ ${bits}-bit · groups of ${group}`,
    bitsPerWeight: codeBits + 32 / group,
    bytes(shape) {
      const values = countValues(shape);
      const codes = bits === 3 ? 4 * Math.ceil(values / 10) : Math.ceil((values * bits) / 8);
      return codes + 4 * Math.ceil(values / group);
    },
  };
}
