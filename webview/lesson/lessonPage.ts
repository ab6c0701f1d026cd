import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { SectionId } from "../../src/core/lesson/sections";
import { lessonProtocol } from "../../src/protocol/lesson";
import { checkbox } from "../ui/controls";
import { capitalized, compact } from "../ui/format";
import { t } from "../ui/l10n";
import { contents } from "./contents";
import { LessonElement } from "./lessonElement";
import "./quiz/quizElement";
import { SectionWatch } from "./sectionWatch";
import { type LessonSection, lessonSections } from "./sections/registry";

/** The lesson: one page of prose and figures, with a table of contents. */
@customElement("qs-lesson")
export class LessonPage extends LessonElement {
  @state() private current: SectionId | undefined;
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
    const { wanted } = this.store;
    if (!wanted || !this.store.isReady) return;
    this.store.wanted = undefined;
    this.openSection(wanted);
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
      <p class="xs muted">${t("Interactive lesson · about 15 minutes")}</p>
      <h1>${t("Quantization, on real weights")}</h1>
      <p class="lead">
        ${t("What happens to a model when its 32-bit numbers become 4-bit codes. Every figure below runs the product’s own pipeline on real weights.")}
      </p>
      ${this.renderSubject()}
      ${store.failure === undefined ? nothing : html`<p class="banner" role="alert">${t("The checkpoint cannot be read: {0}", store.failure)}</p>`}
    </header>`;
  }

  private renderSubject(): TemplateResult {
    const { store } = this;
    const { subject } = store;
    const ask = (type: typeof lessonProtocol.chooseCheckpoint) => (): void => store.ask(store.host.ask(type));
    const facts =
      subject &&
      [subject.architecture && capitalized(subject.architecture), t("{0} weights", compact(subject.parameters))].filter(Boolean).join(", ");
    return html`<p class="src">
      ${
        subject
          ? html`<span class="pill">${t("Figures use")}&nbsp;<b>${subject.isSample ? t("the sample") : subject.name}</b>, ${facts}</span>`
          : nothing
      }
      <button type="button" class="link" @click=${ask(lessonProtocol.chooseCheckpoint)}>${t("Use another checkpoint…")}</button>
      ${
        subject?.tensor
          ? html`<span class="pill tensor-pill">${t("Tensor")}&nbsp;<b>${subject.tensor.name}</b></span>
              <button type="button" class="link" @click=${ask(lessonProtocol.chooseTensor)}>${t("Choose a tensor…")}</button>`
          : nothing
      }
    </p>`;
  }

  private renderSection(id: SectionId, section: LessonSection, place: number): TemplateResult {
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
