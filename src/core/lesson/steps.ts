/** The steps of the lesson's walkthrough, in order: each has its element in `webview/lesson/steps`. */
export const stepIds = ["problem", "range", "scale", "rounding", "granularity", "format"] as const;

/** A step of the lesson's walkthrough. */
export type StepId = (typeof stepIds)[number];

/** Whether something that came from outside names a step. */
export function isStepId(value: unknown): value is StepId {
  return (stepIds as readonly unknown[]).includes(value);
}

/** How far a reader is in the walkthrough. */
export interface StepProgress {
  /** Where the reader was last, in any window. */
  readonly at: StepId;
  /** Steps that the reader went on from, in their order. */
  readonly done: readonly StepId[];
}

/** What of a stored value is progress in the walkthrough; undefined where it is none. */
export function parseStepProgress(stored: unknown): StepProgress | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { at, done } = stored as Partial<Record<keyof StepProgress, unknown>>;
  if (!isStepId(at)) return undefined;
  return { at, done: Array.isArray(done) ? stepIds.filter((id) => done.includes(id)) : [] };
}

/** The reader is at a step now. @param passed the step that was gone on from, which is done */
export function atStep(progress: StepProgress | undefined, at: StepId, passed?: StepId): StepProgress {
  const before = progress?.done ?? [];
  return { at, done: stepIds.filter((id) => id === passed || before.includes(id)) };
}
