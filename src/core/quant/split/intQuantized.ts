import type { IntegerPacking } from "./integerScheme";
import { storeScales } from "./packQuantized";
import { compressedTensorsRounding } from "./roundToNearest";
import { arithmeticOf } from "./roundTo";
import { solid } from "./splitScheme";

/**
 * compressed-tensors' int-quantized bytes (formats §6.3): a signed byte a weight and a scale a row, for kernels that compute
 * in eight bits. Source: compressed-tensors `compressors/naive_quantized`.
 */
export const intQuantized: IntegerPacking = {
  id: "int-quantized",
  rounding: compressedTensorsRounding,
  refuses: () => undefined,
  parts: ({ rows, columns, dtype }) => [
    { name: "weight", dtype: "I8", shape: [rows, columns] },
    { name: "weight_scale", dtype: arithmeticOf(dtype).dtype, shape: [rows, 1] },
  ],
  constants: () => [],
  rowUnit: () => 1,
  regions({ columns, dtype }, _form, row, rows) {
    const { bytes } = arithmeticOf(dtype);
    return [solid(columns * row, columns * rows), solid(bytes * row, bytes * rows)];
  },
  pack(rows, { dtype }, { bits }, [codes, scales]) {
    const middle = 2 ** (bits - 1);
    rows.codes.forEach((code, i) => (codes![i] = code - middle));
    storeScales(rows, dtype, scales!);
  },
};
