import { countValues, matrixShape } from "../tensor/tensorInfo";
import { roundHalfEven } from "./roundHalfEven";
import { rowsFit } from "./rowsFit";
import type { ValueScheme } from "./scheme";

/** Σ|x| of the finite values from `from` to before `to`, and how many they are. */
function magnitudes(source: Float32Array, from: number, to: number): number[] {
  let sum = 0;
  let count = 0;
  for (let i = from; i < to; i++) {
    const magnitude = Math.abs(source[i]!);
    if (!(magnitude < Infinity)) continue;
    sum += magnitude;
    count++;
  }
  return [sum, count];
}

function mean([sum, count]: readonly number[]): number {
  return count! > 0 ? Math.fround(sum! / count!) : 0;
}

/**
 * The binarization a name stands for: `binary`, with α = mean|x| of each row (Rastegari et al., "XNOR-Net", 2016), or
 * `binary-g` and a group size, α of each run inside a row. x̂ = α · sign(x), the sign of 0 being +. Undefined for any other
 * name.
 */
export function parseBinary(name: string): ValueScheme | undefined {
  const match = /^binary(?:-g(\d+))?$/.exec(name.toLowerCase());
  if (!match) return undefined;
  const size = match[1] === undefined ? 0 : Number(match[1]);
  if (match[1] !== undefined && !(size >= 1 && size <= 1_048_576)) return undefined;
  return {
    id: name.toLowerCase(),
    label: `Binary · mean magnitude ${size === 0 ? "per row" : `of ${size}`}`,
    family: "binary",
    blockSize: size,
    cut: "row",
    bytes(shape) {
      const { rows, columns } = matrixShape(shape);
      return Math.ceil(countValues(shape) / 8) + 2 * rows * (size === 0 ? 1 : Math.ceil(columns / size));
    },
    applicable: rowsFit,
    fakeQuantize(source, columns, target) {
      const run = size === 0 ? columns : size;
      for (let row = 0; row < source.length; row += columns) {
        for (let start = row; start < row + columns; start += run) {
          const end = Math.min(start + run, row + columns);
          const alpha = mean(magnitudes(source, start, end));
          for (let i = start; i < end; i++) target[i] = source[i]! < 0 ? -alpha : alpha;
        }
      }
    },
  };
}

/** BitNet b1.58 (Ma et al. 2024): −α, 0 or α with α = mean|x| of the tensor; x̂ = α · clamp(rint(x / max(α, 1e−5)), ±1). */
export const ternary: ValueScheme = {
  id: "ternary",
  label: "Ternary · BitNet b1.58, per tensor",
  family: "binary",
  blockSize: 0,
  cut: 1,
  // Two bits a code, as BitNet's own packed checkpoints have it, and one F32 scale.
  bytes: (shape) => Math.ceil(countValues(shape) / 4) + (countValues(shape) > 0 ? 4 : 0),
  applicable: () => true,
  tensorSums: (source) => magnitudes(source, 0, source.length),
  fakeQuantize(source, _columns, target, sums) {
    const alpha = mean(sums);
    const divisor = Math.max(alpha, 1e-5);
    for (let i = 0; i < source.length; i++) {
      target[i] = Number.isFinite(source[i]) ? alpha * Math.min(1, Math.max(-1, roundHalfEven(source[i]! / divisor))) : 0;
    }
  },
};
