import { ActivationAccumulator, type ActivationState } from "../../core/calibrate/activations";
import { type BlockTask, runPart } from "./blockTask";
import type { Share } from "./control";
import { type InputGroup, InputListener } from "./layerInputs";
import type { TaskEnvironment } from "./slice";

/** Runs one block of a model on some sequences and takes figures of the inputs of its linear layers. */
export interface ActivationsTask extends Omit<BlockTask, "kind"> {
  kind: "activations";
  groups: InputGroup[];
  /** Neighbouring sequences that figures are taken of together, as tokens of each: all of the part. */
  segments: number[][];
  /** Name of the weight of the last layer to hear: the stream is left as it was. Without it the block runs to its end. */
  until?: string;
  /** How much reading the block's weights counts. */
  portion: Share;
}

/** By group, then by segment. */
export function runActivations(task: ActivationsTask, environment: TaskEnvironment): ActivationState[][] {
  const { groups, segments, until } = task;
  const { listener, accumulators } = new InputListener(groups, segments, (group) => new ActivationAccumulator(groups[group]!.columns));
  runPart(task, environment, { listener, until });
  environment.control.advance(task.share, task.portion);
  return accumulators.map((segmented) => segmented.map((segment) => segment.state()));
}
