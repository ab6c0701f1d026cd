/** The sections of the lesson, in the order of the page: each has its element in `webview/lesson/sections`. */
export const sectionIds = [
  "why",
  "mechanics",
  "numberLine",
  "distribution",
  "impact",
  "beyond",
  "calibration",
  "further",
  "takeaways",
  "certificate",
] as const satisfies readonly SectionId[];

/** Every section that the lesson can have. */
export type SectionId =
  "why" | "mechanics" | "numberLine" | "distribution" | "impact" | "beyond" | "calibration" | "further" | "takeaways" | "certificate";

/** Whether something that came from outside names a section of the page. */
export function isSectionId(value: unknown): value is SectionId {
  return (sectionIds as readonly unknown[]).includes(value);
}

/** Where the lesson can be opened: at a section, or in its walkthrough. */
export type LessonPlace = SectionId | "steps";

/** Whether something that came from outside names a place of the lesson. */
export function isLessonPlace(value: unknown): value is LessonPlace {
  return value === "steps" || isSectionId(value);
}
