import { drawValues, type ShapedData } from "../../core/shaped/shapedValues";
import type { TaskEnvironment } from "./slice";

/** Draws a part of a shaped tensor into the shared memory that is its file. */
export interface DrawTask {
  kind: "draw";
  data: ShapedData;
  /** All values, float32. */
  values: SharedArrayBuffer;
  /** The first value to draw: a multiple of `shapedRun`. */
  from: number;
  count: number;
}

/** Values between two looks at whether the job was cancelled: a multiple of `shapedRun`. */
const step = 2 ** 17;

export function runDraw({ data, values, from, count }: DrawTask, { control }: TaskEnvironment): null {
  for (let start = from; start < from + count; start += step) {
    control.check();
    drawValues(data, start, new Float32Array(values, 4 * start, Math.min(step, from + count - start)));
  }
  return null;
}
