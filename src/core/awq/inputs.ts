import type { Arena } from "../linalg/arena";
import { productScratchBytes } from "../linalg/matrixKernels";

/** Calibration inputs of a layer in the memory of kernels: `count` rows of `columns`, in whole eights; missing ones are 0. */
export interface LayerInputs {
  readonly address: number;
  readonly columns: number;
  /** Rows in memory, a multiple of 8. */
  readonly padded: number;
  /** Rows that are inputs. */
  readonly count: number;
}

/** Inputs that a search looks at, at most; rows of weights whose errors are held at once. */
const [mostInputs, rowsAtOnce] = [1024, 256];

/** Bytes of memory that the searches take for `rows` × `columns` weights. */
export function awqBytes(rows: number, columns: number): number {
  return 4 * (rows * columns + (mostInputs + sketchRows + rowsAtOnce) * columns + rowsAtOnce * mostInputs) + 4 * productScratchBytes;
}

/** Copies inputs, row-major, `columns` float32 a row, into the memory of kernels. */
export function loadInputs(arena: Arena, inputs: Float32Array, columns: number): LayerInputs {
  const count = inputs.length / columns;
  const padded = Math.ceil(count / 8) * 8;
  const address = arena.room(padded * columns);
  const rows = arena.floats(address, padded * columns);
  rows.set(inputs);
  rows.fill(0, inputs.length);
  return { address, columns, padded, count };
}

/** Rows of {@link sketchInputs}. */
const sketchRows = 64;

/**
 * A few random sums of the inputs, with signs by a fixed rule. For any D the mean square of a sketch's products with D is, but
 * for chance, that of the inputs' own (Johnson & Lindenstrauss), and chance is much the same for errors of one layer.
 */
export function sketchInputs(arena: Arena, inputs: Float32Array, columns: number): LayerInputs {
  const count = inputs.length / columns;
  const sketch = new Float32Array(sketchRows * columns);
  const factor = 1 / Math.sqrt(sketchRows);
  let state = 1;
  for (let token = 0; token < count; token++) {
    const from = token * columns;
    for (let row = 0; row < sketchRows; row++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      const sign = state < 0 ? -factor : factor;
      const to = row * columns;
      for (let c = 0; c < columns; c++) sketch[to + c]! += sign * inputs[from + c]!;
    }
  }
  return { ...loadInputs(arena, sketch, columns), count };
}
