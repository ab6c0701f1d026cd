import { type Int8Matrix, multiplyFloat, multiplyInt8, toInt8 } from "../../core/lesson/matrixVector";
import { findDType } from "../../core/tensor/dtype";
import type { MatrixVectorReport } from "../contract";
import { forEachChunk, type Slice, type TaskEnvironment } from "./slice";

/** Times the product of a real matrix with a vector, in float32 and in INT8, in this thread. */
export interface MatrixVectorTask {
  kind: "matrixVector";
  /** Whole rows. */
  slice: Slice;
  columns: number;
  /** How long each of the two is repeated, milliseconds. */
  time: number;
}

export type MatrixVectorTimes = Pick<MatrixVectorReport, "float32Ms" | "int8Ms" | "relativeRmse">;

/** Runs whose median is taken. */
const runs = 5;

export function runMatrixVector(task: MatrixVectorTask, environment: TaskEnvironment): MatrixVectorTimes {
  const { slice, columns, time } = task;
  const values = new Float32Array(slice.values);
  forEachChunk(environment, slice, findDType(slice.dtype)!.blockSize, 0, (count, start) => {
    values.set(environment.workspace.floats(environment.workspace.x, count), start);
  });
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) values[i] = 0;
  const rows = values.length / columns;
  // A smooth input with both signs: what it is changes no time.
  const vector = Float32Array.from({ length: columns }, (_, i) => Math.sin(i + 1));
  const matrix: Int8Matrix = toInt8(values, columns);
  const input = toInt8(vector, columns);
  const [plain, coded] = [new Float32Array(rows), new Float32Array(rows)];
  const check = (): void => environment.control.check();
  const float32Ms = medianMs(time, check, () => multiplyFloat(values, vector, plain));
  const int8Ms = medianMs(time, check, () => multiplyInt8(matrix, input.codes, input.scales[0]!, coded));
  let difference = 0;
  let whole = 0;
  for (let i = 0; i < rows; i++) {
    difference += (plain[i]! - coded[i]!) ** 2;
    whole += plain[i]! ** 2;
  }
  return { float32Ms, int8Ms, relativeRmse: whole > 0 ? Math.sqrt(difference / whole) : 0 };
}

/** Milliseconds of one call: some runs of many calls each, after one that warms up. */
function medianMs(time: number, check: () => void, work: () => void): number {
  const run = (): number => {
    check();
    const startedAt = performance.now();
    let calls = 0;
    do {
      work();
      calls++;
    } while (performance.now() - startedAt < time / (runs + 1));
    return (performance.now() - startedAt) / calls;
  };
  run();
  return Array.from({ length: runs }, run).sort((a, b) => a - b)[(runs - 1) / 2]!;
}
