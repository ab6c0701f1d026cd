import { html, type TemplateResult } from "lit";
import { bitsControl, rangeControl } from "../codeControls";
import type { LessonStore } from "../store";

/** What the reader chooses of codes, range and bits, holds in all steps. */
export function codesControls(store: LessonStore): TemplateResult {
  const { symmetric, bits } = store.choices;
  return html`${rangeControl(symmetric, (chosen) => store.choose({ symmetric: chosen }))}
  ${bitsControl(bits, (chosen) => store.choose({ bits: chosen }))}`;
}
