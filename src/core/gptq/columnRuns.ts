import type { ColumnErrors } from "./outputErrors";

/** Runs that the columns of a layer are put into, at most: a picture cannot show more, and a table not be read. */
const mostRuns = 512;

/** What quantizing does to runs of neighbouring columns of a layer. */
export interface ColumnRuns {
  /** Columns of a run; the last may have fewer. */
  readonly width: number;
  /** Sum of the columns' parts of the output error. */
  readonly output: number[];
  /** Root of the mean squared error of the weights. */
  readonly weightRmse: number[];
}

/** @param rows of the layer */
export function columnRuns({ output, weight }: ColumnErrors, rows: number): ColumnRuns {
  const columns = output.length;
  const width = Math.ceil(columns / mostRuns);
  const starts = Array.from({ length: Math.ceil(columns / width) }, (_, run) => run * width);
  const sum = (values: Float64Array, start: number): number =>
    values.subarray(start, start + width).reduce((total, value) => total + value, 0);
  return {
    width,
    output: starts.map((start) => sum(output, start)),
    weightRmse: starts.map((start) => Math.sqrt(sum(weight, start) / (rows * Math.min(width, columns - start)))),
  };
}
