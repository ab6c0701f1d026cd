import type { QuizId } from "../quiz/quizzes";
import type { SectionId } from "../sections";
import type { StepId } from "../steps";

/** Pages that serve requirements; the names of their built scripts. */
export type ServingPage = "lesson" | "playground" | "estimate";

type RequirementKind = "concept" | "control" | "figure" | "number" | "quiz" | "resource" | "section" | "table";

/** What a reader does before something is shown that is not there at once. */
export type Deed =
  "chooseAwq" | "chooseGptq" | "completeLesson" | "drawShaped" | "measurePerplexity" | "openExport" | "openLinks" | "openMethods";

/** What on a built page serves a requirement. */
interface ServedBy {
  page: ServingPage;
  /** Of the lesson page: what serves is inside of it. */
  section?: SectionId;
  /** Of the walkthrough: what serves is shown at this step. */
  step?: StepId;
  /** The custom element that draws it, in the section. */
  component?: string;
  /** The quick check that asks it. */
  quiz?: QuizId;
  /** CSS selector, below the page or the section. */
  selector: string;
  /** English text in what the selector finds, where that alone does not tell it from its like. */
  text?: string;
  /** It is shown only once the reader has done this. */
  after?: Deed;
}

/** Something that the lesson on which this one is built has: it must be on a page, right where that one is wrong. */
export interface Requirement {
  id: string;
  kind: RequirementKind;
  /** What it is, in short. */
  what: string;
  servedBy: ServedBy;
}

/** What a place on the page is called by: a requirement without its place. */
type Item = [id: string, kind: RequirementKind, what: string, selector: string, text?: string];

/** Requirements that are served in the same place; their identifiers begin with its name. */
export function servedIn(
  name: string,
  place: Pick<ServedBy, "page" | "section" | "step" | "component" | "after">,
  items: readonly Item[],
): Requirement[] {
  return items.map(([id, kind, what, selector, text]) => ({
    id: `${name}.${id}`,
    kind,
    what,
    servedBy: { ...place, selector, ...(text === undefined ? {} : { text }) },
  }));
}
