import { minifloats } from "../../decode/minifloat";
import { minifloatRounder } from "../minifloatRounding";
import { arithmeticOf, leastScale } from "./roundTo";
import { solid, type SplitScheme } from "./splitScheme";

/** Largest value of E4M3. */
const largest = 448;

/**
 * FP8 E4M3 with a scale for each row, as llm-compressor's FP8_DYNAMIC writes it: all arithmetic in the type of the weights.
 * Source: compressed-tensors `quantization/utils/helpers.py` (calculate_qparams), `quantization/lifecycle/forward.py`.
 */
export const fp8Channel: SplitScheme = {
  id: "fp8",
  refuses: () => undefined,
  parts: ({ rows, columns, dtype }) => [
    { name: "weight", dtype: "F8_E4M3", shape: [rows, columns] },
    { name: "weight_scale", dtype: arithmeticOf(dtype).dtype, shape: [rows, 1] },
  ],
  constants: () => [],
  unit: ({ columns }) => columns,
  regions({ columns, dtype }, from, count) {
    const { bytes } = arithmeticOf(dtype);
    return [solid(from, count), solid((bytes * from) / columns, (bytes * count) / columns)];
  },
  quantize(source, { columns, dtype }, _sums, [codes, scales]) {
    const { round, store, bytes } = arithmeticOf(dtype);
    const code = minifloatRounder(minifloats.F8_E4M3);
    const view = new DataView(scales!.buffer, scales!.byteOffset, scales!.byteLength);
    for (let start = 0, row = 0; start < source.length; start += columns, row++) {
      let most = 0;
      for (let i = start; i < start + columns; i++) most = Math.max(most, Math.abs(source[i]!));
      const scale = round(most / largest) || leastScale(dtype);
      store(view, row * bytes, scale);
      for (let i = start; i < start + columns; i++) codes![i] = code(round(source[i]! / scale));
    }
  },
};
