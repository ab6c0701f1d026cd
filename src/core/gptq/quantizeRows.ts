import type { Arena } from "../linalg/arena";
import type { MatrixKernels } from "../linalg/matrixKernels";
import { runColumnLoop } from "./columnLoop";
import { searchGrid } from "./grids";
import type { InverseFactor } from "./inverseFactor";
import { blockColumns, gridValues, loopBytes, type LoopMemory, placeWeights, roomForLoop } from "./loopMemory";
import { type GptqOptions, groupWidth } from "./options";
import type { QuantizedRows } from "./quantizedRows";
import { transposedShape, transposeFrom, transposeTo, type TransposedShape } from "./transposed";

/** Bytes of memory that quantizing `rows` rows takes beside the factor. */
export function quantizeRowsBytes(rows: number, columns: number, options: Pick<GptqOptions, "groupSize">): number {
  return loopBytes(columns, Math.ceil(columns / groupWidth(options, columns)), transposedShape(rows));
}

/** What sees the rows after each column: its place, and the weights as they are then, by column as stored. */
export type ColumnWatcher = (place: number, values: Float32Array) => void;

/**
 * Quantizes rows of a layer by GPTQ.
 *
 * @param weights `rows` × `columns`, finite
 * @param factor of the layer's Hessian, made with the same options
 * @param check called now and then; may throw
 * @param watch the codes are the same with it
 */
export function quantizeRows(
  kernels: MatrixKernels,
  arena: Arena,
  weights: Float32Array,
  factor: InverseFactor,
  options: GptqOptions,
  check: () => void,
  watch?: ColumnWatcher,
): QuantizedRows {
  const mark = arena.mark();
  try {
    return new RowsRun(kernels, arena, weights, factor, options).run(check, watch);
  } finally {
    arena.release(mark);
  }
}

class RowsRun {
  private readonly columns: number;
  private readonly width: number;
  private readonly groups: number;
  private readonly maxCode: number;
  private readonly shape: TransposedShape;
  private readonly memory: LoopMemory;
  /** Grids of all groups, in the order in which they are made. */
  private readonly grid: number;
  /** Group of the grid at each place. */
  private readonly gridOf: Int32Array;

  constructor(
    private readonly kernels: MatrixKernels,
    private readonly arena: Arena,
    private readonly weights: Float32Array,
    private readonly factor: InverseFactor,
    private readonly options: GptqOptions,
  ) {
    this.columns = factor.columns;
    this.width = groupWidth(options, this.columns);
    this.groups = Math.ceil(this.columns / this.width);
    this.maxCode = 2 ** options.bits - 1;
    this.shape = transposedShape(weights.length / this.columns);
    this.memory = roomForLoop(arena, factor.upper.size, this.shape);
    this.grid = arena.room(this.groups * gridValues * this.shape.padded);
    const isInPlace = this.isStatic || options.order === "stored";
    this.gridOf = Int32Array.from(factor.order, (column, place) => Math.floor((isInPlace ? column : place) / this.width));
    arena.words(this.memory.grids, this.columns).set(Array.from(this.gridOf, (group) => this.gridAddress(group)));
  }

  /** Whether grids are those of the weights as stored. One for a whole row always is. */
  private get isStatic(): boolean {
    return this.options.staticGroups || this.options.groupSize === -1;
  }

  private gridAddress(group: number): number {
    return this.grid + 4 * group * gridValues * this.shape.padded;
  }

  run(check: () => void, watch: ColumnWatcher | undefined): QuantizedRows {
    const { arena, factor, shape, memory } = this;
    if (this.isStatic) this.makeStaticGrids();
    placeWeights(arena, memory, this.weights, factor, shape);
    const prepare = (from: number, to: number): void => {
      if (this.isStatic) return;
      for (let start = Math.ceil(from / this.width) * this.width; start < to; start += this.width) this.makeGrid(start, start / this.width);
    };
    const onColumn = watch && ((place: number): void => watch(place, this.values()));
    const grids = { maxCode: this.maxCode, every: blockColumns, prepare, ...(onColumn ? { onColumn } : {}) } as const;
    runColumnLoop(this.kernels, arena, factor, shape, memory, grids, check);
    return this.result();
  }

  /** The weights as they are, by column as stored. */
  private values(): Float32Array {
    const { arena, factor, shape, memory, columns } = this;
    const values = new Float32Array(shape.rows * columns);
    transposeFrom(arena.floats(memory.weights, columns * shape.stride), factor.order, shape.rows, shape.stride, values);
    return values;
  }

  /** Groups of columns as stored, whatever the order. The weights' room holds them for the while. */
  private makeStaticGrids(): void {
    const { arena, shape, memory, columns } = this;
    const stored = Int32Array.from({ length: columns }, (_, column) => column);
    transposeTo(this.weights, stored, shape, arena.floats(memory.weights, columns * shape.stride));
    for (let group = 0; group < this.groups; group++) this.makeGrid(group * this.width, group);
  }

  /** The grid of the places from `start` on. */
  private makeGrid(start: number, group: number): void {
    const { shape, maxCode, options, arena, memory } = this;
    const { padded, stride } = shape;
    const count = Math.min(this.width, this.columns - start);
    const symmetric = options.symmetric;
    const target = this.gridAddress(group);
    this.kernels.gptqGrid(memory.weights + 4 * start * stride, stride, count, padded, maxCode, Number(symmetric), target);
    if (options.rangeExponent === 0) return;
    const weights = arena.floats(memory.weights, this.columns * stride);
    const grid = arena.floats(target, 2 * padded);
    for (let row = 0; row < shape.rows; row++) {
      const found = searchGrid({ weights, at: start * stride + row, step: stride, count }, maxCode, symmetric, options.rangeExponent);
      grid[row] = found.scale;
      grid[padded + row] = found.zero;
    }
  }

  private result(): QuantizedRows {
    const { arena, factor, shape, memory, columns, groups } = this;
    const { rows, padded } = shape;
    const codes = new Uint8Array(rows * columns);
    const values = this.values();
    transposeFrom(arena.bytes(memory.codes, columns * padded), factor.order, rows, padded, codes);
    const scales = new Float32Array(rows * groups);
    const zeros = new Uint8Array(rows * groups);
    const names = this.groupNames();
    for (let group = 0; group < groups; group++) {
      const grid = arena.floats(this.gridAddress(group), 2 * padded);
      for (let row = 0; row < rows; row++) {
        scales[row * groups + names[group]!] = grid[row]!;
        zeros[row * groups + names[group]!] = grid[padded + row]!;
      }
    }
    const groupOf = new Int32Array(columns);
    factor.order.forEach((column, place) => (groupOf[column] = names[this.gridOf[place]!]!));
    const loss = arena.floats(memory.loss, rows).slice();
    return { codes, scales, zeros, groupOf, values, loss };
  }

  /** Groups by the order in which they lie in a row. Only reordered whole groups have another than that in which they were made. */
  private groupNames(): Int32Array {
    const { groups, width, factor, options } = this;
    const isMoved = options.order === "group-aware" && !this.isStatic;
    return Int32Array.from({ length: groups }, (_, group) => (isMoved ? Math.floor(factor.order[group * width]! / width) : group));
  }
}
