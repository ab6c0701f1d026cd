import { isSectionId, type SectionId } from "./sections";
import { atStep, parseStepProgress, type StepId, type StepProgress } from "./steps";

/** How far a section is: its end was on the screen, or the reader ticked it off. */
export type SectionProgress = "read" | "done";

/** What came of a quick check. */
export interface QuizResult {
  /** Whether it was answered rightly at last. */
  isRight: boolean;
  /** Answers given, the right one included. */
  tries: number;
}

/** How far a reader is in the lesson. Kept over windows and synchronized, so it is read like anything from outside. */
export interface LessonProgress {
  readonly sections: Readonly<Partial<Record<SectionId, SectionProgress>>>;
  /** By identifier of the quiz. */
  readonly quizzes: Readonly<Record<string, QuizResult>>;
  /** ISO 8601, when the reader marked the lesson as complete. */
  readonly completedAt?: string;
  /** Of the walkthrough; absent before it is begun. */
  readonly steps?: StepProgress;
}

/** Nothing read, nothing answered. */
export const noProgress: LessonProgress = { sections: {}, quizzes: {} };

/** Quizzes that are kept: many times as many as the lesson has. */
const mostQuizzes = 200;
const mostTries = 1000;
const identifier = /^[\w-]{1,64}$/;
const isoTime = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function quizResult(value: unknown): QuizResult | undefined {
  const { isRight, tries } = Object.fromEntries(entriesOf(value));
  if (typeof isRight !== "boolean" || typeof tries !== "number") return undefined;
  return Number.isSafeInteger(tries) && tries > 0 && tries <= mostTries ? { isRight, tries } : undefined;
}

/** What of a stored value is a progress; the rest is dropped. */
export function parseProgress(stored: unknown): LessonProgress {
  const fields = Object.fromEntries(entriesOf(stored));
  const sections = entriesOf(fields["sections"]).filter(([id, state]) => isSectionId(id) && (state === "read" || state === "done"));
  const quizzes = entriesOf(fields["quizzes"]).flatMap(([id, value]) => {
    const result = identifier.test(id) ? quizResult(value) : undefined;
    return result ? [[id, result] as const] : [];
  });
  const completedAt = fields["completedAt"];
  const steps = parseStepProgress(fields["steps"]);
  return {
    sections: Object.fromEntries(sections),
    quizzes: Object.fromEntries(quizzes.slice(0, mostQuizzes)),
    ...(typeof completedAt === "string" && isoTime.test(completedAt) ? { completedAt } : {}),
    ...(steps ? { steps } : {}),
  };
}

/** Marks a section; undefined takes the mark away. What is done stays done when it is read again. */
export function withSection(progress: LessonProgress, section: SectionId, state: SectionProgress | undefined): LessonProgress {
  if (state === "read" && progress.sections[section] !== undefined) return progress;
  const { [section]: _, ...others } = progress.sections;
  return { ...progress, sections: state === undefined ? others : { ...others, [section]: state } };
}

/** Marks the lesson as complete. The first time stands. @param time ISO 8601, UTC */
export function withCompletion(progress: LessonProgress, time: string): LessonProgress {
  return progress.completedAt === undefined ? { ...progress, completedAt: time } : progress;
}

/** Takes down where the reader is in the walkthrough. @param passed the step that was gone on from, which is done */
export function withStep(progress: LessonProgress, at: StepId, passed?: StepId): LessonProgress {
  return { ...progress, steps: atStep(progress.steps, at, passed) };
}

/** The walkthrough as if it had not been begun. */
export function withoutSteps({ steps: _, ...others }: LessonProgress): LessonProgress {
  return others;
}

/** Sections that are done, of all. */
export function countDone({ sections }: LessonProgress, all: readonly SectionId[]): number {
  return all.filter((id) => sections[id] === "done").length;
}
