import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { SectionId } from "../../src/core/lesson/sections";
import { checkbox } from "../ui/controls";
import { t } from "../ui/l10n";
import { contents } from "./contents";
import { LessonElement } from "./lessonElement";
import type { LessonPart } from "./lessonPart";
import "./quiz/quizElement";
import { SectionWatch } from "./sectionWatch";
import { lessonSections } from "./sections/registry";
import "./steps/stepsPage";
import { stepsButton } from "./steps/stepsButton";
import { subjectLine } from "./subjectLine";

/** The lesson: one page of prose and figures, with a table of contents. */
@customElement("qs-lesson")
export class LessonPage extends LessonElement {
  @state() private current: SectionId | undefined;
  private wasInSteps = false;
  private readonly watch = new SectionWatch({
    current: (section) => (this.current = section),
    ended: (section) => {
      if (this.store.progress.sections[section] === undefined) this.store.markSection(section, "read");
    },
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watch.stop();
  }

  protected override updated(): void {
    this.watch.observe([...this.querySelectorAll<HTMLElement>("main > section")]);
    const { wanted, step, isReady } = this.store;
    const cameBack = this.wasInSteps && step === undefined;
    this.wasInSteps = step !== undefined;
    if (wanted && isReady) {
      this.store.wanted = undefined;
      this.openSection(wanted);
    } else if (cameBack) {
      window.scrollTo(0, 0);
      this.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
    }
  }

  override render(): TemplateResult {
    const { store } = this;
    if (!store.isReady) {
      return html`<main class="lesson-page ${store.failure === undefined ? "loading" : ""}" aria-busy=${store.failure === undefined}>
        ${
          store.failure === undefined
            ? html`<div class="bar"><i></i></div>`
            : html`<div class="state" role="alert">
                <h2>${t("The lesson cannot be shown")}</h2>
                <p>${store.failure}</p>
              </div>`
        }
      </main>`;
    }
    if (store.step) return html`<qs-lesson-steps .store=${store}></qs-lesson-steps>`;
    return html`<div class="lesson-layout">
      ${contents(store, this.current, (section) => this.openSection(section))}
      <main class="lesson-page">
        ${this.renderHeader()}
        ${store.sections.map(({ id }, place) => {
          const section = lessonSections[id];
          return section ? this.renderSection(id, section, place + 1) : nothing;
        })}
      </main>
    </div>`;
  }

  private renderHeader(): TemplateResult {
    const { store } = this;
    return html`<header class="hero">
      <p class="xs muted">${t("Interactive lesson · about 15 minutes · intermediate")}</p>
      <h1 tabindex="-1">${t("Quantization, on real weights")}</h1>
      <p class="lead">
        ${t("What happens to a model when its 32-bit numbers become 4-bit codes. Every figure below runs the product’s own pipeline on real weights.")}
      </p>
      <p class="steps-entry">${stepsButton(store)}</p>
      ${subjectLine(store)}
    </header>`;
  }

  private renderSection(id: SectionId, section: LessonPart, place: number): TemplateResult {
    const { store } = this;
    const isDone = store.progress.sections[id] === "done";
    return html`<section id=${id} data-section=${id} aria-labelledby="heading-${id}">
      <h2 id="heading-${id}" tabindex="-1"><span class="no">${place}</span>${section.heading()}</h2>
      ${section.render(store)} ${this.renderQuizzes(id)}
      <div class="section-end">
        ${checkbox({
          label: t("Done with “{0}”", section.heading()),
          checked: isDone,
          onChange: (checked) => store.markSection(id, checked ? "done" : null),
        })}
      </div>
    </section>`;
  }

  private renderQuizzes(section: SectionId): TemplateResult[] {
    const { store } = this;
    const all = store.sections.flatMap(({ quizzes }) => quizzes);
    const own = store.sections.find(({ id }) => id === section)?.quizzes ?? [];
    return own.map((quiz) => html`<qs-quiz .store=${store} .quiz=${quiz} .place=${all.indexOf(quiz) + 1} .of=${all.length}></qs-quiz>`);
  }

  private openSection(section: SectionId): void {
    const heading = this.querySelector<HTMLElement>(`#heading-${section}`);
    heading?.closest("section")?.scrollIntoView({ block: "start" });
    heading?.focus({ preventScroll: true });
  }
}
