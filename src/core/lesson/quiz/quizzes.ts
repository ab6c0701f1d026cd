import type { SectionId } from "../sections";
import {
  bitsPerWeightProblem,
  drawBitsPerWeight,
  drawDequantize,
  drawLargestError,
  drawLevels,
  drawQuantize,
  drawSize,
  largestErrorProblem,
  levelsProblem,
  quantizeProblem,
  sizeProblem,
  workedDequantize,
} from "./numberProblems";
import { drawNumbers, type Numbers, type QuizOption, type QuizProblem, shuffled } from "./problem";

/** A quick check: answers in words, or numbers that are drawn. The right answer is the option `right`. */
type Quiz = { section: SectionId } & (
  { wrong: readonly string[]; given?: readonly number[] } | { own: Numbers; draw(random: () => number): Numbers }
);

/** 70e9 weights of 4 bits, in GiB with three digits. */
const seventyBillionAt4Bits = Number(((70e9 * 4) / 8 / 2 ** 30).toPrecision(3));

/** In the order of the page. Their texts are in `webview/lesson/quiz`. */
export const quizzes = {
  int8Memory: { section: "why", wrong: ["eighth", "half", "threeQuarters"] },
  modelSize: { section: "why", own: sizeProblem(7, 4), draw: drawSize },
  zeroPoint: { section: "mechanics", wrong: ["middle", "smallest", "offset"] },
  quantize: { section: "mechanics", own: quantizeProblem(0.05, 100, 5.1), draw: drawQuantize },
  dequantize: { section: "mechanics", own: workedDequantize(), draw: drawDequantize },
  levels: { section: "numberLine", own: levelsProblem(4), draw: drawLevels },
  largestError: { section: "numberLine", own: largestErrorProblem(0.05), draw: drawLargestError },
  spikes: { section: "distribution", wrong: ["lost", "noise", "trained"] },
  withinFive: { section: "distribution", wrong: ["accuracy", "range", "average"] },
  consumerGpu: { section: "impact", wrong: ["fp32", "ternary", "activations"] },
  seventyBillion: { section: "impact", wrong: ["fp16", "int8", "int4"], given: [seventyBillionAt4Bits] },
  awqIdea: { section: "beyond", wrong: ["moreBits", "lessImportant", "retrain"] },
  gptqIdea: { section: "beyond", wrong: ["descent", "largest", "search"] },
  rangeChoice: { section: "calibration", wrong: ["speed", "fileFormat", "rounding"] },
  clipping: { section: "calibration", wrong: ["free", "allFiner", "smaller"] },
  bitsPerWeight: { section: "further", own: bitsPerWeightProblem(4, 32), draw: drawBitsPerWeight },
  dynamic: { section: "further", wrong: ["mixed", "calibrated", "adapts"] },
  asymmetric: { section: "takeaways", wrong: ["always", "weights", "never"] },
} as const satisfies Record<string, Quiz>;

export type QuizId = keyof typeof quizzes;

export const quizIds = Object.keys(quizzes) as QuizId[];

/** Whether something that came from outside names a quick check. */
export function isQuizId(value: unknown): value is QuizId {
  return typeof value === "string" && Object.hasOwn(quizzes, value);
}

/** The quick checks of these sections, in the order of the page. */
export function quizzesOf(sections: readonly SectionId[]): QuizId[] {
  return quizIds.filter((id) => sections.includes(quizzes[id].section));
}

/** Seeds that a problem can be asked with. */
export const largestSeed = 2 ** 31 - 1;

/** The option that is right, in every quick check. */
export const rightOption = "right";

/** A quick check with numbers and an order of its answers that the seed decides. @param seed 0 to `largestSeed` */
export function makeProblem(id: QuizId, seed: number): QuizProblem {
  const quiz: Quiz = quizzes[id];
  if ("wrong" in quiz) {
    const options = [rightOption, ...quiz.wrong].map((option): QuizOption => ({ id: option }));
    return { quiz: id, seed, isGenerated: false, given: [...(quiz.given ?? [])], options: orderOf(options, id, seed) };
  }
  const { given, answers } = drawNumbers(seed, quiz.own, quiz.draw);
  const options = Object.entries(answers).map(([option, value]): QuizOption => ({ id: option, value }));
  return { quiz: id, seed, isGenerated: true, given, options: orderOf(options, id, seed) };
}

/** Two checks with the same seed do not have their right answers in the same place. */
function orderOf(options: readonly QuizOption[], id: QuizId, seed: number): QuizOption[] {
  return shuffled(options, seed + 7919 * quizIds.indexOf(id));
}
