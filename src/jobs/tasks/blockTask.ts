import { runBlock } from "../../core/model/block";
import type { BlockOptions } from "../../core/model/blockRun";
import type { WeightLookup } from "../../core/model/linearInputs";
import type { DecoderLayer } from "../../core/model/modelDescription";
import { sumOfSquares } from "../../core/model/norm";
import type { TaskEnvironment } from "./slice";

/** Float32 values of tensors in memory that all threads share, by name. */
export type SharedWeights = Readonly<Record<string, SharedArrayBuffer>>;

/** Some sequences of the stream: float32, a row for each token, one sequence after the other. */
export interface StreamPart {
  stream: SharedArrayBuffer;
  /** Values of a row. */
  hidden: number;
  /** The first token. */
  start: number;
  /** Tokens of each sequence. */
  lengths: number[];
}

/** Runs one block of a model on some sequences. */
export interface BlockTask {
  kind: "block";
  layer: DecoderLayer;
  part: StreamPart;
  /** Of the block. */
  weights: SharedWeights;
  /** What the part adds to the job's progress, in bytes. */
  share: number;
}

/** Sum of the squares of the stream's values after the block, for each sequence. */
export type SquareSums = number[];

export function runBlockTask(task: BlockTask, environment: TaskEnvironment): SquareSums {
  runPart(task, environment);
  environment.control.advance(task.share, 1);
  return squareSums(task.part);
}

/**
 * The same for tasks that listen: calibration, GPTQ. Their listener hears the inputs of this part's sequences on this thread.
 *
 * @throws CancelledError
 */
export function runPart(
  { layer, part, weights }: Pick<BlockTask, "layer" | "part" | "weights">,
  { workspace, control }: TaskEnvironment,
  options: Pick<BlockOptions, "listener" | "until"> = {},
): void {
  const check = (): void => control.check();
  runBlock(layer, valuesOf(part), part.lengths, lookup(weights), workspace.arithmetic(check), { ...options, check });
}

/** The rows of a part. */
export function valuesOf({ stream, hidden, start, lengths }: StreamPart): Float32Array {
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  return new Float32Array(stream, 4 * start * hidden, tokens * hidden);
}

/** Sum of squares of each sequence of a part. */
export function squareSums(part: StreamPart): SquareSums {
  const values = valuesOf(part);
  let first = 0;
  return part.lengths.map((length) => sumOfSquares(values.subarray(first * part.hidden, (first += length) * part.hidden)));
}

/** @throws RangeError for a tensor that is not there */
export function lookup(weights: SharedWeights): WeightLookup {
  const values = new Map(Object.entries(weights).map(([name, buffer]) => [name, new Float32Array(buffer)]));
  return (tensor) => {
    const found = values.get(tensor);
    if (!found) throw new RangeError(`${tensor} was not loaded`);
    return found;
  };
}
