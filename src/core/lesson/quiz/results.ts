import type { LessonProgress, QuizResult } from "../progress";
import type { QuizId } from "./quizzes";

/**
 * A quick check after one more answer. What is right stays right, and answers after that do not count: whichever window
 * answers, the first right answer and the tries before it stand.
 */
export function withAnswer(result: QuizResult | undefined, isRight: boolean): QuizResult {
  if (result?.isRight) return result;
  return { isRight, tries: (result?.tries ?? 0) + 1 };
}

/** Progress with one more answer to a quick check. */
export function withQuizAnswer(progress: LessonProgress, quiz: QuizId, isRight: boolean): LessonProgress {
  const before = progress.quizzes[quiz];
  const after = withAnswer(before, isRight);
  return after === before ? progress : { ...progress, quizzes: { ...progress.quizzes, [quiz]: after } };
}

/** How many of some quick checks were answered rightly. */
export interface QuizScore {
  right: number;
  /** Answered rightly with the first answer. */
  atFirst: number;
  of: number;
}

/** What was answered of these checks. */
export function scoreOf(results: LessonProgress["quizzes"], ids: readonly QuizId[]): QuizScore {
  const right = ids.flatMap((id) => {
    const result = results[id];
    return result?.isRight ? [result] : [];
  });
  return { right: right.length, atFirst: right.filter(({ tries }) => tries === 1).length, of: ids.length };
}
