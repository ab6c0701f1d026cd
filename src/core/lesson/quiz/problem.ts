import { randomFrom } from "../../text/random";

/** One answer that a quick check offers. */
export interface QuizOption {
  /** What the answer is, or the mistake that leads to it: names its text and its explanation. */
  id: string;
  /** The number to be shown, where the answer is one. */
  value?: number;
}

/** A quick check as it is asked: the numbers given, and the answers in the order in which they are shown. */
export interface QuizProblem {
  quiz: string;
  /** The problem is the same for the same seed; 0 has the lesson's own numbers. */
  seed: number;
  /** Whether another seed gives other numbers. */
  isGenerated: boolean;
  /** Numbers of the question and of the explanations. */
  given: number[];
  options: QuizOption[];
}

/** The numbers of a problem, and its answers by what leads to them; `right` is the right one. */
export interface Numbers {
  given: number[];
  answers: { right: number } & Record<string, number>;
}

/** Draws before the lesson's own numbers are taken after all; one of a few is usable. */
const mostDraws = 100;

/** Significant digits with which numbers are shown: answers have to differ in them. */
export const shownDigits = 6;

function areDistinct(values: readonly number[]): boolean {
  return new Set(values.map((value) => value.toPrecision(shownDigits))).size === values.length;
}

/** The lesson's own numbers for seed 0, else numbers whose answers all differ as they are shown. */
export function drawNumbers(seed: number, own: Numbers, draw: (random: () => number) => Numbers): Numbers {
  if (seed === 0) return own;
  const random = randomFrom(seed);
  for (let i = 0; i < mostDraws; i++) {
    const numbers = draw(random);
    if (areDistinct(Object.values(numbers.answers))) return numbers;
  }
  return own;
}

/** A copy in an order that the seed decides (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = randomFrom(seed ^ 0x51ed270b);
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
