import { type QuizId, quizIds, quizzes } from "../quiz/quizzes";
import type { Requirement } from "./requirement";

/** The quick checks that the lesson has, with the right answer that the errata give. */
const asked: Readonly<Partial<Record<QuizId, string>>> = {
  int8Memory: "Memory of INT8 against FP32: a quarter",
  zeroPoint: "What the zero-point is: the code of real 0.0, exactly",
  quantize: "The code of 5.1 at scale 0.05 and zero-point 100: 202",
  levels: "Values that INT4 can have: 16",
  consumerGpu: "What runs in production on consumer GPUs: 4-bit weights, 16-bit activations",
  awqIdea: "AWQ's idea: scale the input channels that see large activations",
  seventyBillion: "70 billion weights in 16 GB: none of FP32, FP16, INT8 and INT4",
  rangeChoice: "What decides quality most: how ranges are chosen",
};

/** Every quick check of the page: those of the lesson, and more. */
export const quizRequirements: readonly Requirement[] = quizIds.map((quiz) => ({
  id: `quiz.${quiz}`,
  kind: "quiz",
  what: asked[quiz] ?? "One more check than the lesson has",
  servedBy: { page: "lesson", section: quizzes[quiz].section, component: "qs-quiz", quiz, selector: `input[name=quiz-${quiz}]` },
}));
