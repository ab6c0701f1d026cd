import { ActivationErrors, type ErrorState } from "../../core/calibrate/activationErrors";
import type { AffineRange } from "../../core/quant/affineArithmetic";
import { type BlockTask, runPart } from "./blockTask";
import { type InputGroup, InputListener } from "./layerInputs";
import type { TaskEnvironment } from "./slice";

/** Runs one block of a model on some sequences and measures what quantizing the inputs of its linear layers would do to them. */
export interface ActivationErrorsTask extends Omit<BlockTask, "kind"> {
  kind: "activationErrors";
  groups: InputGroup[];
  /** Static ranges to measure, by group. */
  ranges: AffineRange[][];
  /** Of dynamic quantization. */
  bits: number;
}

/** By group. */
export function runActivationErrors(task: ActivationErrorsTask, environment: TaskEnvironment): ErrorState[] {
  const { groups, ranges, bits, part } = task;
  const make = (group: number): ActivationErrors => new ActivationErrors(groups[group]!.columns, ranges[group]!, bits);
  const { listener, accumulators } = new InputListener(groups, [part.lengths], make);
  runPart(task, environment, { listener });
  environment.control.advance(task.share, 0.5);
  return accumulators.map(([errors]) => errors!.state());
}
