import { isQuizId, quizzes } from "../quiz/quizzes";
import { isSectionId, sectionIds } from "../sections";
import { isStepId, stepIds } from "../steps";
import { basicRequirements } from "./basics";
import { quizRequirements } from "./checks";
import { closingRequirements } from "./closing";
import { effectRequirements } from "./effects";
import type { Requirement, ServingPage } from "./requirement";
import { stepRequirements } from "./steps";
import { toolRequirements } from "./tools";
import { numberRequirements } from "./workedNumbers";

/** Everything that the lesson has, with what serves it, page by page. */
export const requirements: readonly Requirement[] = [
  ...basicRequirements,
  ...effectRequirements,
  ...closingRequirements,
  ...stepRequirements,
  ...toolRequirements,
  ...quizRequirements,
  ...numberRequirements,
];

/**
 * What is wrong with a list of requirements, in sentences: places that no registry knows, sections and steps that nothing asks for.
 *
 * @param hasComponent whether a page was built with a custom element
 */
export function requirementFaults(
  all: readonly Requirement[],
  hasComponent: (page: ServingPage, component: string) => boolean,
): readonly string[] {
  const ids = new Set<string>();
  const faults: string[] = [];
  for (const { id, servedBy } of all) {
    const { page, section, step, component, quiz } = servedBy;
    if (ids.has(id)) faults.push(`${id}: there are two of this name`);
    ids.add(id);
    if (section !== undefined && !isSectionId(section)) faults.push(`${id}: no section ${String(section)}`);
    if (step !== undefined && !isStepId(step)) faults.push(`${id}: no step ${String(step)}`);
    if (quiz !== undefined && (!isQuizId(quiz) || quizzes[quiz].section !== section)) faults.push(`${id}: no quick check ${quiz} there`);
    if (component !== undefined && !hasComponent(page, component)) faults.push(`${id}: the page ${page} has no ${component}`);
  }
  const named = all.flatMap(({ kind, servedBy }) => (kind === "section" ? [servedBy] : []));
  for (const id of sectionIds) if (!named.some(({ section }) => section === id)) faults.push(`section ${id}: nothing asks for it`);
  for (const id of stepIds) if (!named.some(({ step }) => step === id)) faults.push(`step ${id}: nothing asks for it`);
  return faults;
}
