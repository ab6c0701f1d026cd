import { html, nothing, type TemplateResult } from "lit";
import { t } from "../../ui/l10n";
import type { LessonStore } from "../store";

/** From the lesson to its walkthrough. */
export function stepsButton(store: LessonStore): TemplateResult {
  const done = store.progress.steps?.done.length ?? 0;
  return html`<button type="button" class="btn steps-button" @click=${() => store.openSteps()}>
    ${t("Step by step")}${done > 0 ? html`<span class="muted xs">${t("{0} of {1} done", done, store.steps.length)}</span>` : nothing}
  </button>`;
}
