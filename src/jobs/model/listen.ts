import { ActivationAccumulator, type ActivationFigures } from "../../core/calibrate/activations";
import type { JobRun } from "../jobRun";
import type { ActivationsTask } from "../tasks/activationsTask";
import type { SharedWeights } from "../tasks/blockTask";
import { type InputGroup, inputGroups } from "../tasks/layerInputs";
import { type ForwardPass, noFile, tokensOf } from "./forwardPass";

/** How the inputs of a layer are listened to. */
export interface Listening {
  /** Whether the block runs to its end, or is run once more by whoever calls. */
  runsOn: boolean;
  /** Numbers of samples at which {@link listenToLayer} hands out what was seen so far, rising. */
  stops: readonly number[];
}

/** What was seen of a group of linear layers after each of the stops. */
export interface HeardGroup extends InputGroup {
  readonly states: readonly ActivationFigures[];
}

/**
 * Runs one block on all threads and takes figures of the inputs of its linear layers. Parts of the samples are merged in their order.
 */
export async function listenToLayer(
  run: JobRun,
  pass: ForwardPass,
  layer: number,
  weights: SharedWeights,
  { runsOn, stops }: Listening,
): Promise<HeardGroup[]> {
  const block = pass.description.layers[layer]!;
  const groups = inputGroups(block);
  const bytes = pass.weights.layerBytes(pass.description, layer);
  let first = 0;
  const tasks = pass.parts.map((part) => {
    const segments = segmentsOf(part.lengths, first, stops);
    first += part.lengths.length;
    const share = Math.floor((bytes * tokensOf(part)) / pass.tokens);
    const task: ActivationsTask = {
      kind: "activations",
      layer: block,
      part,
      weights,
      share,
      groups,
      segments: segments.map(({ lengths }) => lengths),
      ...(runsOn ? { portion: 1 } : { portion: 0.5, until: block.feedForward.output.tensor }),
    };
    return { segments, states: run.task(task, noFile) };
  });
  // A task that fails while another is waited for is no unhandled rejection: the run fails with it.
  const answers = await Promise.all(tasks.map(({ states }) => states));
  return groups.map((group, index) => {
    const all = new ActivationAccumulator(group.columns);
    const states: ActivationFigures[] = [];
    tasks.forEach(({ segments }, part) =>
      segments.forEach(({ endsAtStop }, segment) => {
        all.merge(answers[part]![index]![segment]!);
        if (endsAtStop) states.push(all.result());
      }),
    );
    return { ...group, states };
  });
}

interface Segment {
  /** Tokens of each sample. */
  lengths: number[];
  endsAtStop: boolean;
}

/** The samples between stops. @param first number of samples before these */
function segmentsOf(lengths: readonly number[], first: number, stops: readonly number[]): Segment[] {
  const segments: Segment[] = [];
  let open: Segment | undefined;
  lengths.forEach((length, i) => {
    if (!open) segments.push((open = { lengths: [], endsAtStop: false }));
    open.lengths.push(length);
    if (!stops.includes(first + i + 1)) return;
    open.endsAtStop = true;
    open = undefined;
  });
  return segments;
}
