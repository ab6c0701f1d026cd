import { quantizeBlockwise } from "../blockwise";
import { type Codebook, fp4, nf4 } from "../codebook";
import type { SplitScheme } from "./splitScheme";

/** Values of a block. */
const block = 64;

/** PyTorch's names of the types that weights are decoded to. */
const torchTypes: Readonly<Record<string, string>> = { F16: "float16", BF16: "bfloat16" };

/**
 * Four bits in blocks of 64 over the flattened matrix, with float32 scales, as bitsandbytes stores them: the first of two
 * codes in the high half of a byte. Source: bitsandbytes `functional.py` (QuantState.as_dict).
 */
function bitsandbytes4(id: string, book: Codebook): SplitScheme {
  return {
    id,
    applies: ({ rows, columns }) => (rows * columns) % block === 0,
    codes: ({ rows, columns }) => ({ suffix: "", dtype: "U8", shape: [(rows * columns) / 2, 1] }),
    scales: ({ rows, columns }) => ({ suffix: ".absmax", dtype: "F32", shape: [(rows * columns) / block] }),
    constants({ rows, columns, dtype }) {
      const state = { quant_type: id, blocksize: block, dtype: torchTypes[dtype] ?? "float32", shape: [rows, columns] };
      const text = new TextEncoder().encode(JSON.stringify(state));
      return [
        { suffix: ".quant_map", dtype: "F32", shape: [book.values.length], bytes: new Uint8Array(book.values.buffer) },
        { suffix: `.quant_state.bitsandbytes__${id}`, dtype: "U8", shape: [text.length], bytes: text },
      ];
    },
    unit: () => block,
    codeBytes: (values) => values / 2,
    quantize(source, _columns, _dtype, codes, scales) {
      const found = quantizeBlockwise(source, block, book);
      for (let i = 0; i < found.codes.length; i += 2) codes[i / 2] = (found.codes[i]! << 4) | found.codes[i + 1]!;
      scales.set(new Uint8Array(found.absmax.buffer));
    },
  };
}

export const splitNf4 = bitsandbytes4("nf4", nf4);
export const splitFp4 = bitsandbytes4("fp4", fp4);
