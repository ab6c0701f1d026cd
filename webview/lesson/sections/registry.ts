import type { SectionId } from "../../../src/core/lesson/sections";
import type { LessonPart } from "../lessonPart";
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

/** One line a section. Those that the host lists are shown, in its order. */
/** One line a section. Those that the host lists are shown, in its order. */
export const lessonSections: Readonly<Partial<Record<SectionId, LessonPart>>> = {
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
