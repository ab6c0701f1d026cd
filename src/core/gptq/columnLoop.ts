import type { Arena } from "../linalg/arena";
import { type MatrixKernels, wholeProduct } from "../linalg/matrixKernels";
import type { InverseFactor } from "./inverseFactor";
import { blockColumns, type LoopMemory } from "./loopMemory";
import type { TransposedShape } from "./transposed";

/** Columns inside of a block that are quantized one by one before their errors reach the rest of the block. */
export const stripColumns = 32;

/** What differs between kinds of grids. */
export interface LoopGrids {
  readonly maxCode: number;
  /** Address of the levels and midpoints of a code book; absent for evenly spaced levels. */
  readonly levels?: number;
  /** Columns after which grids are made again. The reference looks at the weights only at the start of a block. */
  readonly every: typeof blockColumns | typeof stripColumns;
  /** Makes the grids that begin in places [from, to), of the weights as they are now. */
  prepare(from: number, to: number): void;
  /**
   * For who wants to watch: called after each column, with its place, when its error has reached all columns behind it. The loop
   * then goes in strips of one column, in the same order of operations: the codes stay what they are. Only for small matrices:
   * products are of whole fours, so that behind the last column of the only block three places must be free.
   */
  readonly onColumn?: (place: number) => void;
}

/**
 * GPTQ's loop over the columns (Frantar et al., 2022), three levels deep: strips inside of blocks inside of the layer. What a
 * column's rounding changes of the output is made up for by the columns behind it. Rows do not know of each other, so that any
 * split of them gives the same result.
 *
 * @param check called once a block; may throw
 */
export function runColumnLoop(
  kernels: MatrixKernels,
  arena: Arena,
  { upper, columns }: InverseFactor,
  { padded, stride }: TransposedShape,
  memory: LoopMemory,
  grids: LoopGrids,
  check: () => void,
): void {
  const { weights, errors, scratch } = memory;
  const { onColumn } = grids;
  if (onColumn && columns > Math.min(blockColumns, upper.size) - 3) throw new RangeError(`${columns} columns are too many to be watched`);
  const stripWidth = onColumn ? 1 : stripColumns;
  const u = (row: number, column: number): number => upper.address + 4 * (row * upper.size + column);
  const place = (column: number): number => weights + 4 * column * stride;
  arena.floats(memory.loss, padded).fill(0);
  for (let block = 0; block < columns; block += blockColumns) {
    check();
    const blockEnd = Math.min(block + blockColumns, columns);
    if (grids.every === blockColumns) grids.prepare(block, blockEnd);
    for (let strip = block; strip < blockEnd; strip += stripWidth) {
      const end = Math.min(strip + stripWidth, blockEnd);
      if (grids.every === stripColumns) grids.prepare(strip, end);
      const own = errors + 4 * (strip - block) * padded;
      kernels.gptqColumns(
        place(strip),
        stride,
        end - strip,
        padded,
        u(strip, strip),
        upper.size,
        memory.grids + 4 * strip,
        grids.maxCode,
        grids.levels ?? 0,
        own,
        memory.codes + strip * padded,
        memory.loss,
      );
      subtract(end, Math.min(block + blockColumns, upper.size), strip, end - strip, own);
      onColumn?.(strip);
    }
    subtract(blockEnd, upper.size, block, blockEnd - block, errors);
  }

  /** Takes the part of the errors of `depth` columns from `first` on that falls on the places [from, to), whole fours of them. */
  function subtract(from: number, to: number, first: number, depth: number, rows: number): void {
    const count = (to - from) & ~3;
    if (count <= 0) return;
    kernels.multiplyAdd(
      count,
      padded,
      depth,
      -1,
      u(first, from),
      upper.size,
      1,
      rows,
      padded,
      0,
      place(from),
      stride,
      wholeProduct,
      scratch,
    );
  }
}
