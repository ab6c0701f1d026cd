import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import type { StepId } from "../../../src/core/lesson/steps";
import { announce } from "../../ui/announcer";
import { icon } from "../../ui/icons";
import { t } from "../../ui/l10n";
import { LessonElement } from "../lessonElement";
import { lessonSteps } from "./registry";

/** The walkthrough: one step at a time, with the list of all at the left and the way on at the bottom. */
@customElement("qs-lesson-steps")
export class StepsPage extends LessonElement {
  @query("h2") private readonly heading!: HTMLElement | null;
  private moves = 0;

  protected override updated(_changed: PropertyValues<this>): void {
    const { step, moves } = this.store;
    if (!step || moves === this.moves) return;
    this.moves = moves;
    window.scrollTo(0, 0);
    this.heading?.focus({ preventScroll: true });
    announce(t("Step {0} of {1}: {2}", ...this.place(step), lessonSteps[step].heading()));
  }

  override render(): TemplateResult | typeof nothing {
    const { step } = this.store;
    if (!step) return nothing;
    return html`<div class="walk-layout">
      ${this.renderList(step)}
      <main class="lesson-page walk-page">
        <header>
          <p class="xs muted">${t("Step {0} of {1}", ...this.place(step))}</p>
          <h2 tabindex="-1">${lessonSteps[step].heading()}</h2>
        </header>
        <article data-step=${step}>${lessonSteps[step].render(this.store)}</article>
        ${this.renderBar(step)}
      </main>
    </div>`;
  }

  private renderList(current: StepId): TemplateResult {
    const { store } = this;
    const done = store.progress.steps?.done ?? [];
    return html`<nav class="walk-nav" aria-label=${t("Steps")}>
      <h1 class="xs muted">${t("Step by step")}</h1>
      <ol>
        ${store.steps.map((id, place) => {
          const isDone = done.includes(id) && id !== current;
          return html`<li>
            <button
              type="button"
              class="walk-step ${id === current ? "on" : ""} ${isDone ? "done" : ""}"
              aria-current=${id === current ? "step" : nothing}
              @click=${() => store.showStep(id)}
            >
              <span class="bullet" aria-hidden="true">${isDone ? icon("check") : place + 1}</span
              ><span class="walk-title">${lessonSteps[id].heading()}</span
              >${isDone ? html`<span class="sr">(${t("done")})</span>` : nothing}
            </button>
          </li>`;
        })}
      </ol>
      <p class="walk-kept xs muted">
        ${t("Your place is kept.")}
        <button type="button" class="link xs" @click=${() => store.restartSteps()}>${t("Start over")}</button>
      </p>
      <p class="walk-kept xs">
        <button type="button" class="link xs" @click=${() => store.closeSteps()}>${t("Back to the lesson")}</button>
      </p>
    </nav>`;
  }

  private renderBar(step: StepId): TemplateResult {
    const { store } = this;
    const place = store.steps.indexOf(step);
    const [before, after] = [store.steps[place - 1], store.steps[place + 1]];
    return html`<footer class="walk-bar">
      ${
        before
          ? html`<button type="button" class="btn lg" @click=${() => store.showStep(before)}>
              ${icon("chevronLeft")}<span>${t("Previous")}<span class="walk-name">: ${lessonSteps[before].heading()}</span></span>
            </button>`
          : nothing
      }
      <span class="grow"></span>
      <span class="muted sm nowrap">${t("Step {0} of {1}", ...this.place(step))}</span>
      <button type="button" class="btn primary lg" @click=${() => (after ? store.showStep(after, step) : store.closeSteps(step))}>
        ${
          after
            ? html`<span>${t("Next")}<span class="walk-name">: ${lessonSteps[after].heading()}</span></span
                >${icon("chevronRight")}`
            : t("Finish")
        }
      </button>
    </footer>`;
  }

  /** Which one it is, from 1, and of how many. */
  private place(step: StepId): [number, number] {
    const { steps } = this.store;
    return [steps.indexOf(step) + 1, steps.length];
  }
}
