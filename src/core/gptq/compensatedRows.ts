import type { BlockFormat } from "../decode/ggml/blockFormat";
import { q2K } from "../decode/ggml/q2K";
import { q3K } from "../decode/ggml/q3K";
import { q4K } from "../decode/ggml/q4K";
import { q4_0 } from "../decode/ggml/q4_0";
import { q5K } from "../decode/ggml/q5K";
import { q6K } from "../decode/ggml/q6K";
import { iq4nl } from "../decode/ggml/iq4nl";
import { iq4xs } from "../decode/ggml/iq4xs";
import type { Arena } from "../linalg/arena";
import type { MatrixKernels } from "../linalg/matrixKernels";
import { storeCodes } from "./codePlaces";
import { runColumnLoop, stripColumns } from "./columnLoop";
import type { InverseFactor } from "./inverseFactor";
import { blockColumns, gridValues, loopBytes, type LoopMemory, placeWeights, roomForLoop } from "./loopMemory";
import { transposedShape, transposeFrom, type TransposedShape } from "./transposed";

/** The ggml types that errors are made up for in: those whose codes stand on a grid of their own once scales are chosen. */
export const compensatedFormats: readonly BlockFormat[] = [q4_0, q2K, q3K, q4K, q5K, q6K, iq4nl, iq4xs];

/** ggml's quantizer of a type: rows of `columns` values to blocks, weighted by the importance of the columns. */
export type QuantizeBlocks = (source: Float32Array, columns: number, target: Uint8Array, importance: Float32Array) => void;

/** Rows of a layer in a ggml type. */
export interface CompensatedRows {
  /** Blocks as a file has them. */
  readonly blocks: Uint8Array;
  /** `rows` × `columns`: what they stand for. */
  readonly values: Float32Array;
  /** `rows`: Σ over the columns of error² / 2 in the metric of the Hessian that the factor was made of. */
  readonly loss: Float32Array;
}

/** Bytes of memory that quantizing `rows` rows takes beside the factor. */
export function compensatedRowsBytes(rows: number, columns: number, { subBlock }: BlockFormat): number {
  return loopBytes(columns, columns / subBlock, transposedShape(rows)) + 4096;
}

/**
 * GPTQ onto the grids of ggml's types. At the first column of a block ggml's own quantizer chooses the block's scales, for the
 * weights as corrected so far and weighted by what errors of their columns cost; then the loop rounds the block's columns onto
 * that grid, and makes up for it in those behind. The result is ordinary blocks, which need nothing special to be run.
 *
 * @param weights `rows` × `columns`, finite
 * @param factor of the layer's Hessian, its columns ordered inside of groups of the format's size
 * @param check called now and then; may throw
 */
export function compensateRows(
  kernels: MatrixKernels,
  arena: Arena,
  weights: Float32Array,
  factor: InverseFactor,
  { format, quantize }: { format: BlockFormat; quantize: QuantizeBlocks },
  check: () => void,
): CompensatedRows {
  const mark = arena.mark();
  try {
    return new CompensatedRun(kernels, arena, weights, factor, format, quantize).run(check);
  } finally {
    arena.release(mark);
  }
}

class CompensatedRun {
  private readonly columns: number;
  private readonly shape: TransposedShape;
  private readonly memory: LoopMemory;
  private readonly grid: number;
  private readonly levels: number;
  private readonly blocks: Uint8Array;
  /** One block of every row: the weights before, blocks after it is quantized. */
  private readonly source: Float32Array;
  private readonly target: Uint8Array;
  private readonly costs: Float32Array;

  constructor(
    private readonly kernels: MatrixKernels,
    private readonly arena: Arena,
    private readonly weights: Float32Array,
    private readonly factor: InverseFactor,
    private readonly format: BlockFormat,
    private readonly quantize: QuantizeBlocks,
  ) {
    const { columns, order } = factor;
    this.columns = columns;
    this.shape = transposedShape(weights.length / columns);
    this.costs = columnCosts(arena, factor);
    const { rows, padded } = this.shape;
    this.memory = roomForLoop(arena, factor.upper.size, this.shape);
    this.grid = arena.room((columns / format.subBlock) * gridValues * padded);
    this.levels = arena.room(2 * (format.maxCode + 1));
    this.blocks = new Uint8Array((weights.length / format.size) * format.bytes);
    this.source = new Float32Array(rows * format.size);
    this.target = new Uint8Array(rows * format.bytes);
    arena.words(this.memory.grids, columns).set(Array.from(order, (column) => this.gridAddress(Math.floor(column / format.subBlock))));
    if (format.levels) arena.floats(this.levels, 2 * format.levels.length - 1).set(withMidpoints(format.levels));
  }

  private gridAddress(subBlock: number): number {
    return this.grid + 4 * subBlock * gridValues * this.shape.padded;
  }

  run(check: () => void): CompensatedRows {
    const { arena, factor, format, shape, memory } = this;
    placeWeights(arena, memory, this.weights, factor, shape);
    const { size } = format;
    const prepare = (from: number, to: number): void => {
      for (let start = Math.ceil(from / size) * size; start < to; start += size) this.makeGrids(start);
    };
    const every = size > stripColumns ? blockColumns : stripColumns;
    const grids = { maxCode: format.maxCode, levels: format.levels && this.levels, every, prepare } as const;
    runColumnLoop(this.kernels, arena, factor, shape, memory, grids, check);
    return this.result();
  }

  /** The grids of the block of columns that lies at the places from `start` on. */
  private makeGrids(start: number): void {
    const { arena, format, shape, memory, factor } = this;
    const { size, subBlock, bytes } = format;
    const { rows, padded, stride } = shape;
    const first = Math.floor(factor.order[start]! / size) * size;
    const places = arena.floats(memory.weights + 4 * start * stride, size * stride);
    transposeFrom(
      places,
      factor.order.subarray(start, start + size).map((column) => column - first),
      rows,
      stride,
      this.source,
    );
    this.quantize(this.source, size, this.target, this.costs.subarray(first, first + size));
    const codes = new Int16Array(size);
    const scales = new Float32Array(size / subBlock);
    const mins = new Float32Array(size / subBlock);
    const grids = arena.floats(this.gridAddress(first / subBlock), (size / subBlock) * gridValues * padded).fill(0);
    const rowBytes = (this.columns / size) * bytes;
    for (let row = 0; row < rows; row++) {
      this.blocks.set(this.target.subarray(row * bytes, (row + 1) * bytes), row * rowBytes + (first / size) * bytes);
      format.unpack(this.target, row * bytes, codes, 0, scales, mins);
      for (let j = 0; j < scales.length; j++) {
        const at = j * gridValues * padded + row;
        grids[at] = scales[j]!;
        grids[at + padded] = format.zero;
        grids[at + 2 * padded] = mins[j]!;
      }
    }
  }

  private result(): CompensatedRows {
    const { arena, factor, format, shape, memory, columns, blocks } = this;
    const { rows, padded, stride } = shape;
    const codes = new Uint8Array(rows * columns);
    const values = new Float32Array(rows * columns);
    transposeFrom(arena.bytes(memory.codes, columns * padded), factor.order, rows, padded, codes);
    transposeFrom(arena.floats(memory.weights, columns * stride), factor.order, rows, stride, values);
    for (let block = 0; block * format.size < codes.length; block++) {
      storeCodes(format, codes, block * format.size, blocks, block * format.bytes);
    }
    return { blocks, values, loss: arena.floats(memory.loss, rows).slice() };
  }
}

/**
 * What an error² of each column costs once the columns behind it have made up for it, by column: 1 / U[place][place]². The
 * Hessian's diagonal, which importance matrices have, is what it would cost if nothing did, so that columns which others can
 * stand in for would take precision from those that none can. Columns without inputs cost nothing.
 */
function columnCosts(arena: Arena, { upper: { address, size }, columns, order, dead }: InverseFactor): Float32Array {
  const upper = arena.floats(address, size * size);
  const costs = new Float32Array(columns);
  order.forEach((column, place) => (costs[column] = upper[place * size + place]! ** -2));
  for (const column of dead) costs[column] = 0;
  return costs;
}

/** Levels and the midpoints between them, as the kernel has them. */
function withMidpoints(levels: readonly number[]): number[] {
  return [...levels, ...levels.slice(1).map((level, k) => (level + levels[k]!) / 2)];
}
