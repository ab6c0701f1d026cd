import type { Arena } from "../linalg/arena";
import { productScratchBytes } from "../linalg/matrixKernels";
import type { InverseFactor } from "./inverseFactor";
import { transposeTo, type TransposedShape } from "./transposed";

/** Columns whose errors reach the columns after them in one product: the reference's `blocksize`. */
export const blockColumns = 128;
/** float32 of a grid for each row: scale, zero, min. */
export const gridValues = 3;

/** The memory of one run of GPTQ's loop over the columns: addresses in the arena. */
export interface LoopMemory {
  /** Transposed weights, by {@link TransposedShape}; become the values that the codes stand for. */
  readonly weights: number;
  /** u32 for each place: address of the grid of its column. */
  readonly grids: number;
  /** Bytes, `padded` for each place. */
  readonly codes: number;
  /** float32 for each row. */
  readonly loss: number;
  /** {@link blockColumns} × `padded` float32 of no matter. */
  readonly errors: number;
  readonly scratch: number;
}

/**
 * Takes that memory. Products reach to the side of the factor: places without a column must be there, and hold no garbage that is not
 * finite.
 *
 * @param places side of the factor
 */
export function roomForLoop(arena: Arena, places: number, { padded, stride }: TransposedShape): LoopMemory {
  return {
    weights: arena.room(places * stride),
    grids: arena.room(places),
    codes: arena.room(places * padded, 1),
    loss: arena.room(padded),
    errors: arena.room(blockColumns * padded),
    scratch: arena.room(productScratchBytes, 1),
  };
}

/** Puts rows of weights where the loop finds them, in the order of the factor. Columns without inputs, and places without a column, are 0. */
export function placeWeights(
  arena: Arena,
  memory: LoopMemory,
  weights: Float32Array,
  { upper, columns, order, dead }: InverseFactor,
  shape: TransposedShape,
): void {
  const { stride } = shape;
  const places = arena.floats(memory.weights, upper.size * stride);
  transposeTo(weights, order, shape, places);
  places.fill(0, columns * stride);
  const isDead = new Set(dead);
  order.forEach((column, place) => isDead.has(column) && places.fill(0, place * stride, (place + 1) * stride));
}

/** Bytes of that memory and of `grids` grids for each row. */
export function loopBytes(columns: number, grids: number, { padded, stride }: TransposedShape): number {
  const places = columns + 64;
  return 4 * places * stride + places * (padded + 4) + 4 * padded * (gridValues * grids + blockColumns + 1) + productScratchBytes;
}
