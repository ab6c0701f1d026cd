import type { ActivationRows } from "../../core/calibrate/activations";
import type { LinearInputListener } from "../../core/model/linearInputs";
import type { DecoderLayer, LinearLayer } from "../../core/model/modelDescription";

/** Linear layers of a block that have the same inputs: query, key and value; gate and up; each of the others alone. */
export interface InputGroup {
  /** Names of the weights. */
  readonly tensors: readonly string[];
  /** Values of an input. */
  readonly columns: number;
}

/** In the order in which a block comes to them. */
export function inputGroups({ attention, feedForward }: DecoderLayer): InputGroup[] {
  return [attention.inputs, [attention.output], feedForward.inputs, [feedForward.output]].map(groupOf);
}

function groupOf(layers: readonly LinearLayer[]): InputGroup {
  return { tensors: layers.map(({ tensor }) => tensor), columns: layers[0]!.inputs };
}

/** What takes rows in, of one sequence after the other. */
interface Taker {
  add(rows: ActivationRows): void;
  endRun(): void;
}

/**
 * Hands the inputs of some layers to accumulators: one for each group and segment.
 *
 * @param segments some neighbouring sequences each, as tokens of each sequence
 */
export class InputListener<A extends Taker> {
  /** By group, then by segment. */
  readonly accumulators: A[][];
  private readonly places: ReadonlyMap<string, number>;
  private readonly sequences: readonly { tokens: number; segment: number }[];
  /** Tokens that each group has got. */
  private readonly heard: number[];

  constructor(groups: readonly InputGroup[], segments: readonly (readonly number[])[], make: (group: number) => A) {
    this.accumulators = groups.map((_, group) => segments.map(() => make(group)));
    this.places = new Map(groups.map(({ tensors }, group) => [tensors[0]!, group]));
    this.sequences = segments.flatMap((lengths, segment) => lengths.map((tokens) => ({ tokens, segment })));
    this.heard = groups.map(() => 0);
  }

  readonly listener: LinearInputListener = (tensor, values, rows, columns) => {
    const group = this.places.get(tensor);
    // The others of a group have the same inputs.
    if (group === undefined) return;
    const first = this.heard[group]!;
    this.heard[group] = first + rows;
    let start = 0;
    for (const { tokens, segment } of this.sequences) {
      const end = start + tokens;
      const from = Math.max(first, start) - first;
      const to = Math.min(first + rows, end) - first;
      if (from < to) {
        const accumulator = this.accumulators[group]![segment]!;
        accumulator.add({ values: values.subarray(from * columns, to * columns), rows: to - from });
        if (first + to === end) accumulator.endRun();
      }
      start = end;
    }
  };
}
