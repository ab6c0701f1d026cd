import { UsageError } from "../errors";
import { formatGB } from "../estimate/units";

/** One way to store a tensor. */
export interface SizeOption {
  readonly type: string;
  /** In the file, padding included. */
  readonly bytes: number;
  /** Sum of the squared errors of its values. */
  readonly squaredError: number;
}

/** A tensor whose type is to be chosen. */
export interface SizedTensorOptions {
  readonly name: string;
  /** At least one. */
  readonly options: readonly SizeOption[];
}

interface Choice {
  readonly tensor: SizedTensorOptions;
  /** Those that no other beats in both bytes and error, smallest first. */
  readonly front: readonly SizeOption[];
  chosen: SizeOption;
}

interface Step {
  readonly choice: Choice;
  readonly from: SizeOption;
  readonly to: SizeOption;
  /** Squared error saved by a byte. */
  readonly gain: number;
}

/**
 * The types that make the pooled squared error as small as a budget allows. From the smallest types on, the step that
 * saves most error a byte is taken as long as it fits (steps along the convex hull of each tensor's options, which is
 * optimal wherever the budget is used up exactly); what is left is then spent on whatever still saves most.
 *
 * @param budget bytes of all tensors together
 * @returns the type of each tensor by name
 * @throws UsageError `target-too-small`
 */
export function fitToBudget(tensors: readonly SizedTensorOptions[], budget: number): Map<string, string> {
  const choices = tensors.map((tensor): Choice => {
    const front = paretoFront(tensor.options);
    return { tensor, front, chosen: front[0]! };
  });
  const least = choices.reduce((sum, { chosen }) => sum + chosen.bytes, 0);
  if (least > budget) {
    throw new UsageError("target-too-small", "The weights do not fit the size, whatever types they get", {
      expected: `at least ${formatGB(least)} for the weights`,
      found: `${formatGB(Math.max(0, budget))}`,
      hint: "Choose a larger size, or a smaller model.",
    });
  }
  const left = takeSteps(choices, budget - least);
  spend(choices, left);
  return new Map(choices.map(({ tensor, chosen }) => [tensor.name, chosen.type]));
}

function paretoFront(options: readonly SizeOption[]): SizeOption[] {
  const sorted = [...options].sort((a, b) => a.bytes - b.bytes || a.squaredError - b.squaredError);
  const front: SizeOption[] = [];
  for (const option of sorted) {
    const last = front.at(-1);
    if (!last || option.squaredError < last.squaredError) front.push(option);
  }
  return front;
}

const gainOf = (from: SizeOption, to: SizeOption): number => (from.squaredError - to.squaredError) / (to.bytes - from.bytes);

/** Steps along the lower convex hull: each saves less a byte than the one before it. */
function hullSteps(choice: Choice): Step[] {
  const steps: Step[] = [];
  for (let from = choice.front[0]!, rest = choice.front.slice(1); rest.length > 0;) {
    const start = from;
    const to = rest.reduce((best, option) => (gainOf(start, option) >= gainOf(start, best) ? option : best));
    steps.push({ choice, from, to, gain: gainOf(from, to) });
    rest = rest.slice(rest.indexOf(to) + 1);
    from = to;
  }
  return steps;
}

/** @returns the bytes that are left */
function takeSteps(choices: readonly Choice[], room: number): number {
  const steps = choices.flatMap(hullSteps).sort((a, b) => b.gain - a.gain);
  let left = room;
  for (const { choice, from, to } of steps) {
    // A step whose predecessor did not fit begins elsewhere.
    if (choice.chosen !== from || to.bytes - from.bytes > left) continue;
    left -= to.bytes - from.bytes;
    choice.chosen = to;
  }
  return left;
}

/** Spends what no whole step fits into, each time on what saves most error. */
function spend(choices: readonly Choice[], room: number): void {
  for (let left = room; ;) {
    let best: { choice: Choice; option: SizeOption; saved: number } | undefined;
    for (const choice of choices) {
      for (const option of choice.front) {
        const saved = choice.chosen.squaredError - option.squaredError;
        if (saved > (best?.saved ?? 0) && option.bytes - choice.chosen.bytes <= left) best = { choice, option, saved };
      }
    }
    if (!best) return;
    left -= best.option.bytes - best.choice.chosen.bytes;
    best.choice.chosen = best.option;
  }
}
