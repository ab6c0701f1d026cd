import { type QuantizedAs, quantizedValues } from "./quantizedValues";
import { forEachChunk, type Slice, sliceFrom, type TaskEnvironment } from "./slice";

/** Looks up the embeddings of some tokens: rows of a matrix. */
export interface EmbedTask {
  kind: "embed";
  /** The whole matrix. */
  slice: Slice;
  /** Values of a row. */
  columns: number;
  /** What values are multiplied with. */
  scale: number;
  ids: Int32Array;
  /** Float32 stream, and the token in it that the first of the ids is. */
  stream: SharedArrayBuffer;
  start: number;
  /** The type that the values go through, whose blocks lie in rows. */
  as?: QuantizedAs;
}

export function runEmbed({ slice, columns, scale, ids, stream, start, as }: EmbedTask, environment: TaskEnvironment): null {
  const values = new Float32Array(stream);
  const take = quantizedValues(as, environment);
  ids.forEach((id, i) => {
    forEachChunk(environment, sliceFrom(slice, id * columns, columns), columns, 0, (count) => {
      const row = take(count);
      const target = values.subarray((start + i) * columns, (start + i + 1) * columns);
      for (let c = 0; c < columns; c++) target[c] = row[c]! * scale;
    });
  });
  return null;
}
