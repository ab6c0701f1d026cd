import { InputAccumulator } from "../../core/gptq/hessian";
import type { DecoderLayer } from "../../core/model/modelDescription";
import { runPart, type SharedWeights, type StreamPart } from "./blockTask";
import type { TaskControl } from "./control";
import type { TaskEnvironment } from "./slice";

/** Milliseconds after which a task that waits for its turn looks whether the job goes on. */
const patienceMs = 50;

/** Runs some sequences as far as the inputs of one linear layer and adds the sums of these up: see `InputSums`. */
export interface InputSumsTask {
  kind: "inputSums";
  layer: DecoderLayer;
  part: StreamPart;
  weights: SharedWeights;
  /** Name of the weight of the linear layer, and its columns. */
  tensor: string;
  columns: number;
  /** Float32 sums of all parts. */
  total: SharedArrayBuffer;
  /** One int32: the part whose turn it is to add. Parts add in their order, so that sums have the same digits every time. */
  turn: SharedArrayBuffer;
  index: number;
}

/** @throws CancelledError */
export function runInputSums(task: InputSumsTask, environment: TaskEnvironment): null {
  const { tensor, columns, total, turn, index } = task;
  const { kernels, arena } = environment.workspace.matrices();
  const accumulator = new InputAccumulator(kernels, arena, columns);
  const listener = (name: string, values: Float32Array): void => {
    if (name === tensor) accumulator.add(values);
  };
  runPart(task, environment, { listener, until: tensor });
  waitFor(new Int32Array(turn), index, environment.control);
  const sums = new Float32Array(total);
  const { lower } = accumulator.result();
  for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! + lower[i]!;
  Atomics.store(new Int32Array(turn), 0, index + 1);
  Atomics.notify(new Int32Array(turn), 0);
  return null;
}

/** Tasks begin in their order, so that the one whose turn it is is never behind one that waits. */
function waitFor(turn: Int32Array, index: number, control: TaskControl): void {
  for (let now = Atomics.load(turn, 0); now !== index; now = Atomics.load(turn, 0)) {
    control.check();
    Atomics.wait(turn, 0, now, patienceMs);
  }
}
