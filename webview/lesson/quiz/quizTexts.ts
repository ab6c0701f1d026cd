import type { QuizId } from "../../../src/core/lesson/quiz/quizzes";
import type { QuizText } from "./quizText";
import { quizTextsBasics } from "./quizTextsBasics";
import { quizTextsEffects } from "./quizTextsEffects";
import { quizTextsMethods } from "./quizTextsMethods";

/** The words of every quick check. Its numbers and the order of its answers come from the host. */
export const quizTexts: Readonly<Record<QuizId, QuizText>> = { ...quizTextsBasics, ...quizTextsEffects, ...quizTextsMethods };
