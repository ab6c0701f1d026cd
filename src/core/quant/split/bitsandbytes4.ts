import { meanAbsmax, nestAbsmax, nestedBlock, parseBlockwise } from "../bitsandbytes";
import { quantizeBlockwise } from "../blockwise";
import { dynamic8 } from "../codebook";
import type { BlockwiseScheme } from "../scheme";
import { type ConstantPart, once, solid, type SplitMatrix, type SplitScheme } from "./splitScheme";

/** PyTorch's names of the types that weights are decoded to. */
const torchTypes: Readonly<Record<string, string>> = { F16: "float16", BF16: "bfloat16" };

/** Characters of the longest float64 (`-2.2250738585072014e-308`): the room that the offset of double quantization has. */
const offsetLength = 24;

/**
 * Four bits in blocks over the flattened matrix, with float32 scales, as bitsandbytes stores them: the first of two codes in
 * the high half of a byte. With double quantization the scales are bytes, and the state has their mean. Source: bitsandbytes
 * `functional.py` (QuantState.as_dict). Undefined for any name but those of `parseBlockwise` with 16 levels.
 */
export function parseBitsandbytes4(id: string): SplitScheme | undefined {
  const scheme = parseBlockwise(id);
  return scheme && scheme.book.values.length === 16 ? bitsandbytes4(scheme) : undefined;
}

function bitsandbytes4(scheme: BlockwiseScheme): SplitScheme {
  const { id, blockSize: block, book, nested } = scheme;
  const kind = id.slice(0, 3);
  const blocksOf = (values: number): number => Math.ceil(values / block);
  const state = `weight.quant_state.bitsandbytes__${kind}`;
  const stateOf = (matrix: SplitMatrix, offset?: string) => new TextEncoder().encode(stateText(kind, block, matrix, offset));
  const map = (name: string, values: Float32Array): ConstantPart => {
    return { name, dtype: "F32", shape: [values.length], bytes: new Uint8Array(values.buffer) };
  };
  return {
    id,
    refuses: () => undefined,
    parts(matrix) {
      const values = matrix.rows * matrix.columns;
      const blocks = blocksOf(values);
      const codes = { name: "weight", dtype: "U8", shape: [Math.ceil(values / 2), 1] };
      if (!nested) return [codes, { name: "weight.absmax", dtype: "F32", shape: [blocks] }];
      return [
        codes,
        { name: "weight.absmax", dtype: "U8", shape: [blocks] },
        { name: "weight.nested_absmax", dtype: "F32", shape: [Math.ceil(blocks / nestedBlock)] },
        { name: state, dtype: "U8", shape: [stateOf(matrix, "").length] },
      ];
    },
    constants(matrix) {
      const levels = map("weight.quant_map", book.values);
      if (nested) return [levels, map("weight.nested_quant_map", dynamic8.values)];
      const bytes = stateOf(matrix);
      return [levels, { name: state, dtype: "U8", shape: [bytes.length], bytes }];
    },
    unit: () => (nested ? block * nestedBlock : block),
    regions(matrix, from, count) {
      const [first, blocks] = [from / block, blocksOf(count)];
      const codes = solid(from / 2, Math.ceil(count / 2));
      if (!nested) return [codes, solid(4 * first, 4 * blocks)];
      const scales = solid((4 * first) / nestedBlock, 4 * Math.ceil(blocks / nestedBlock));
      return [codes, solid(first, blocks), scales, once(from, stateOf(matrix, "").length)];
    },
    ...(nested ? { sumsOf: id } : {}),
    quantize(source, matrix, sums, [codes, absmax, nestedAbsmax, stateBytes]) {
      const found = quantizeBlockwise(source, block, book);
      for (let i = 0; i < found.codes.length; i += 2) codes![i / 2] = (found.codes[i]! << 4) | (found.codes[i + 1] ?? 0);
      if (!nested) return absmax!.set(new Uint8Array(found.absmax.buffer));
      const offset = meanAbsmax(sums);
      const again = nestAbsmax(found.absmax, offset);
      absmax!.set(again.codes);
      nestedAbsmax!.set(new Uint8Array(again.absmax.buffer));
      if (stateBytes!.length > 0) stateBytes!.set(stateOf(matrix, String(offset)));
    },
  };
}

/**
 * What bitsandbytes says of a weight, as Python's `json.dumps` spells it.
 *
 * @param offset of double quantization, or "" where it is not known yet; the text has the same length for all of them, since
 *   spaces after it are no part of it
 */
function stateText(kind: string, block: number, { rows, columns, dtype }: SplitMatrix, offset?: string): string {
  const type = torchTypes[dtype] ?? "float32";
  const text = `{"quant_type": "${kind}", "blocksize": ${block}, "dtype": "${type}", "shape": [${rows}, ${columns}]`;
  if (offset === undefined) return `${text}}`;
  const nested = `, "nested_blocksize": ${nestedBlock}, "nested_dtype": "float32", "nested_offset": `;
  return `${text}${nested}${`${offset}}`.padEnd(offsetLength + 1)}`;
}
