import type { TemplateResult } from "lit";
import type { SectionId } from "../../../src/core/lesson/sections";
import type { LessonStore } from "../store";
import { certificateSection } from "./certificate";
import { distributionSection } from "./distribution";
import { impactSection } from "./impact";
import { beyondSection } from "./beyond/beyondSection";
import { calibrationSection } from "./calibration/calibrationSection";
import { furtherSection } from "./further/furtherSection";
import { mechanicsSection } from "./mechanics";
import { numberLineSection } from "./numberLine";
import { takeawaysSection } from "./takeaways";
import { whySection } from "./why";

/** A section of the lesson: its heading, and what is below it. Progress and quick checks are put around it by the page. */
export interface LessonSection {
  heading(): string;
  render(store: LessonStore): TemplateResult;
}

/** One line a section. Those that the host lists are shown, in its order. */
export const lessonSections: Readonly<Partial<Record<SectionId, LessonSection>>> = {
  why: whySection,
  mechanics: mechanicsSection,
  numberLine: numberLineSection,
  distribution: distributionSection,
  impact: impactSection,
  beyond: beyondSection,
  calibration: calibrationSection,
  further: furtherSection,
  takeaways: takeawaysSection,
  certificate: certificateSection,
};
