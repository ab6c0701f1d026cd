import { type SparseCounts, sparseCounts } from "../../core/measure/patternCounts";
import { findDType } from "../../core/tensor/dtype";
import { forEachChunk, type Slice, type TaskEnvironment } from "./slice";

/** Rows of a tensor to draw; `start` is the index of the first value of the slice. */
export interface HeatmapTask {
  kind: "heatmap";
  slices: { slice: Slice; start: number }[];
  /** Of the matrix. */
  columns: number;
  rows: number;
  /** Of the picture. */
  width: number;
  height: number;
}

/** Pooled cells of the rows of the picture that the slices touch, and counts of their values' patterns. */
export interface HeatmapPart {
  /** First row of the picture. */
  top: number;
  /** Row-major; NaN where no finite value fell. */
  cells: Float32Array;
  patterns: SparseCounts;
}

export function runHeatmap(task: HeatmapTask, environment: TaskEnvironment): HeatmapPart {
  const { workspace } = environment;
  const { slices, columns, rows, width, height } = task;
  const line = (index: number): number => Math.floor((Math.floor(index / columns) * height) / rows);
  const top = line(slices[0]!.start);
  const last = slices.at(-1)!;
  const bottom = line(last.start + last.slice.values - 1);
  const cells = new Float32Array((bottom - top + 1) * width).fill(NaN);
  const counts = workspace.words(workspace.counts, 65536).fill(0);
  const edges = Float64Array.from({ length: width + 1 }, (_, cell) => Math.ceil((cell * columns) / width));
  for (const { slice, start } of slices) {
    forEachChunk(environment, slice, findDType(slice.dtype)!.blockSize, 1, (count, from) => {
      workspace.kernels.patternCounts32(workspace.x, count, workspace.counts, workspace.scratch);
      const values = workspace.floats(workspace.x, count);
      for (let at = 0; at < count;) {
        const index = start + from + at;
        const column = index % columns;
        const end = Math.min(count, at + columns - column);
        poolRun(values, at, end, column, edges, cells, (line(index) - top) * width);
        at = end;
      }
    });
  }
  return { top, cells, patterns: sparseCounts(counts) };
}

/** Pools values of one row, the first of which is in `column`, into the cells that begin at `base`. */
function poolRun(
  values: Float32Array,
  from: number,
  to: number,
  column: number,
  edges: Float64Array,
  cells: Float32Array,
  base: number,
): void {
  let cell = Math.floor((column * (edges.length - 1)) / edges[edges.length - 1]!);
  for (let at = from; at < to; cell++) {
    const end = Math.min(to, at + edges[cell + 1]! - column);
    let best = cells[base + cell]!;
    let size = Number.isNaN(best) ? -1 : Math.abs(best);
    column += end - at;
    for (; at < end; at++) {
      const value = values[at]!;
      const magnitude = Math.abs(value);
      if (magnitude > size && magnitude < Infinity) {
        size = magnitude;
        best = value;
      }
    }
    cells[base + cell] = best;
  }
}
