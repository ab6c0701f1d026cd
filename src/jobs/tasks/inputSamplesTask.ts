import type { DecoderLayer } from "../../core/model/modelDescription";
import { runPart, type SharedWeights, type StreamPart } from "./blockTask";
import type { TaskEnvironment } from "./slice";

/** Runs one block on some sequences, as a block task does, and keeps every so many-th input of its linear layers. */
export interface InputSamplesTask {
  kind: "inputSamples";
  layer: DecoderLayer;
  part: StreamPart;
  weights: SharedWeights;
  /** Tokens of the stream from one that is kept to the next. */
  step: number;
  /** Float32 rows of the kept inputs, by the name of one linear layer for each input. */
  samples: SharedWeights;
  /** What the part adds to the job's progress, in bytes. */
  share: number;
}

/** Largest magnitude of each input column over the part, by the name of the layer. */
export type InputMaxima = Record<string, Float32Array>;

export function runInputSamples(task: InputSamplesTask, environment: TaskEnvironment): InputMaxima {
  const { part, step, samples } = task;
  const maxima: InputMaxima = {};
  const targets = new Map(
    Object.entries(samples).map(([tensor, buffer]) => [tensor, { values: new Float32Array(buffer), next: part.start }]),
  );
  const listener = (tensor: string, values: Float32Array, rows: number, columns: number): void => {
    const target = targets.get(tensor);
    if (!target) return;
    const most = (maxima[tensor] ??= new Float32Array(columns));
    for (let i = 0; i < values.length; i++) {
      const magnitude = Math.abs(values[i]!);
      if (magnitude > most[i % columns]!) most[i % columns] = magnitude;
    }
    for (let row = 0; row < rows; row++, target.next++) {
      if (target.next % step === 0) target.values.set(values.subarray(row * columns, (row + 1) * columns), (target.next / step) * columns);
    }
  };
  runPart(task, environment, { listener });
  environment.control.advance(task.share, 1);
  return maxima;
}
