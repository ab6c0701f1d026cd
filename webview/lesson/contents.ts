import { html, nothing, type TemplateResult } from "lit";
import type { SectionId } from "../../src/core/lesson/sections";
import { icon } from "../ui/icons";
import { t } from "../ui/l10n";
import { styles } from "../ui/styles";
import { stepsButton } from "./steps/stepsButton";
import type { LessonStore } from "./store";

/** The table of contents, with what is done. */
export function contents(store: LessonStore, current: SectionId | undefined, open: (section: SectionId) => void): TemplateResult {
  const { sections, progress } = store;
  const done = sections.filter(({ id }) => progress.sections[id] === "done").length;
  const text = t("{0} of {1} sections done", done, sections.length);
  return html`<nav class="toc" aria-label=${t("Lesson contents")}>
    ${stepsButton(store)}
    <p class="xs muted">${t("Quantization")}</p>
    <ol>
      ${sections.map(({ id, title }) => {
        const state = progress.sections[id];
        return html`<li class=${id === current ? "on" : ""}>
          <a
            href="#${id}"
            aria-current=${id === current ? "true" : nothing}
            @click=${(event: Event) => {
              event.preventDefault();
              open(id);
            }}
          >
            <span class="tk ${state ?? ""}">${state === "done" ? icon("check") : nothing}</span>${title}
            ${state === undefined ? nothing : html`<span class="sr">(${state === "done" ? t("done") : t("read")})</span>`}
          </a>
        </li>`;
      })}
    </ol>
    <div class="prog">
      <div
        class="rail"
        role="progressbar"
        aria-label=${t("Lesson progress")}
        aria-valuemin="0"
        aria-valuemax=${sections.length}
        aria-valuenow=${done}
        aria-valuetext=${text}
      >
        <i ${styles({ width: `${sections.length > 0 ? (100 * done) / sections.length : 0}%` })}></i>
      </div>
      <span class="xs muted" aria-hidden="true">${text}</span>
    </div>
  </nav>`;
}
