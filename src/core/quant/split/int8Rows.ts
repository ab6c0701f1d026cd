import { quantizeInt8Row } from "../llmInt8";
import { solid, type SplitScheme } from "./splitScheme";

/**
 * Eight bits with the largest magnitude of every row, as bitsandbytes stores LLM.int8 weights. Source: bitsandbytes
 * `nn/modules.py` (Linear8bitLt._save_to_state_dict).
 */
export const splitInt8: SplitScheme = {
  id: "llm-int8",
  refuses: () => undefined,
  parts: ({ rows, columns }) => [
    { name: "weight", dtype: "I8", shape: [rows, columns] },
    { name: "SCB", dtype: "F32", shape: [rows] },
  ],
  // Row-major, the one of the library's layouts that is no GPU's.
  constants: () => [{ name: "weight_format", dtype: "U8", shape: [], bytes: Uint8Array.of(0) }],
  unit: ({ columns }) => columns,
  regions: ({ columns }, from, count) => [solid(from, count), solid((4 * from) / columns, (4 * count) / columns)],
  quantize(source, { columns }, _sums, [codes, scales]) {
    const signed = new Int8Array(codes!.buffer, codes!.byteOffset, codes!.length);
    const largest = new Float32Array(source.length / columns);
    for (let row = 0; row < largest.length; row++) {
      const [start, end] = [row * columns, (row + 1) * columns];
      largest[row] = quantizeInt8Row(source.subarray(start, end), signed.subarray(start, end));
    }
    scales!.set(new Uint8Array(largest.buffer));
  },
};
