import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { QuizOption, QuizProblem } from "../../../src/core/lesson/quiz/problem";
import type { QuizId } from "../../../src/core/lesson/quiz/quizzes";
import { lessonProtocol } from "../../../src/protocol/lesson";
import { announce } from "../../ui/announcer";
import { button } from "../../ui/controls";
import { toDiagnostic } from "../../ui/hostConnection";
import { icon } from "../../ui/icons";
import { t } from "../../ui/l10n";
import { exactNumber } from "../exactNumber";
import { LessonElement } from "../lessonElement";
import type { OptionText } from "./quizText";
import { quizTexts } from "./quizTexts";

/** A quick check: a question with a few answers. The host makes the problem and says whether an answer is right. */
@customElement("qs-quiz")
export class QuizElement extends LessonElement {
  @property() quiz: QuizId = "int8Memory";
  /** Its number among the checks of the lesson, from 1, and how many there are. */
  @property({ type: Number }) place = 1;
  @property({ type: Number }) of = 1;
  @state() private problem: QuizProblem | undefined;
  @state() private chosen: string | undefined;
  /** Which answer is right, once one was given. */
  @state() private right: string | undefined;
  @state() private failure: string | undefined;
  @query("fieldset") private readonly group!: HTMLElement | null;

  protected override firstUpdated(): void {
    // Who answered before gets other numbers than those already explained.
    void this.load(this.store.progress.quizzes[this.quiz]?.tries ?? 0);
  }

  override render(): TemplateResult {
    const { problem } = this;
    if (this.failure !== undefined) return html`<p role="alert">${this.failure}</p>`;
    if (!problem) return html`<div class="quiz" aria-busy="true"></div>`;
    const text = quizTexts[this.quiz];
    const question = text.question(this.given(problem));
    return html`<fieldset class="quiz" role="radiogroup" tabindex="-1" data-seed=${problem.seed} @keydown=${this.onKey}>
      <legend class="sr">${t("Quick check {0}: {1}", this.place, question)}</legend>
      <p class="eyebrow">${t("Quick check {0} of {1}", this.place, this.of)}</p>
      <p class="q" aria-hidden="true">${question}</p>
      <div>${problem.options.map((option) => this.renderOption(problem, option))}</div>
      <div class="qf">${this.renderFoot(problem)}</div>
    </fieldset>`;
  }

  private renderOption(problem: QuizProblem, option: QuizOption): TemplateResult {
    const isAnswered = this.right !== undefined;
    const isRight = option.id === this.right;
    const isWrong = isAnswered && !isRight && option.id === this.chosen;
    return html`<label class="opt ${isRight ? "right" : isWrong ? "wrong" : ""}" data-option=${option.id}>
      <input
        type="radio"
        class="radio"
        name="quiz-${this.quiz}"
        .checked=${option.id === this.chosen}
        ?disabled=${isAnswered}
        @change=${() => (this.chosen = option.id)}
      />
      <span>${this.label(option)}</span>
      <span class="verdict"
        >${isRight ? html`${icon("check")} ${t("Right")}` : isWrong ? html`${icon("close")} ${t("Wrong")}` : nothing}</span
      >
      ${isRight || isWrong ? html`<span class="why">${this.why(problem, option.id)}</span>` : nothing}
    </label>`;
  }

  private renderFoot(problem: QuizProblem): TemplateResult {
    if (this.right === undefined) {
      return html`${button({ label: t("Check answer"), primary: true, disabled: this.chosen === undefined, onClick: () => void this.check() })}
        <span class="muted sm">${this.past()}</span>`;
    }
    const again = problem.isGenerated ? t("New problem") : this.chosen === this.right ? undefined : t("Try again");
    return html`${again === undefined ? nothing : button({ label: again, className: "again", onClick: () => void this.again(problem) })}
      <span class="muted sm">${this.past()}</span>`;
  }

  /** What the lesson keeps of this check. */
  private past(): string {
    const result = this.store.progress.quizzes[this.quiz];
    if (!result) return t("The first answer counts.");
    if (!result.isRight) return t("Not yet answered rightly.");
    return result.tries === 1 ? t("Answered at the first try.") : t("Answered at try {0}.", result.tries);
  }

  private given(problem: QuizProblem): string[] {
    return problem.given.map(exactNumber);
  }

  private option(id: string): OptionText {
    return quizTexts[this.quiz].options[id]!;
  }

  private label({ id, value }: QuizOption): string {
    if (value === undefined) return this.option(id).text?.() ?? "";
    const { unit } = quizTexts[this.quiz];
    return unit === undefined ? exactNumber(value) : `${exactNumber(value)} ${unit}`;
  }

  private why(problem: QuizProblem, id: string): string {
    return this.option(id).why(this.given(problem));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.target as Element).matches("input")) return;
    event.preventDefault();
    void this.check();
  };

  private async load(seed: number): Promise<void> {
    try {
      this.problem = await this.store.host.request(lessonProtocol.quiz, { quiz: this.quiz, seed });
      this.chosen = undefined;
      this.right = undefined;
    } catch (error) {
      this.failure = toDiagnostic(error).message;
    }
  }

  private async again({ seed }: QuizProblem): Promise<void> {
    await this.load(seed + 1);
    await this.updateComplete;
    this.querySelector("input")?.focus();
  }

  private async check(): Promise<void> {
    const { problem, chosen } = this;
    if (!problem || chosen === undefined || this.right !== undefined) return;
    try {
      const { right } = await this.store.host.request(lessonProtocol.answerQuiz, { quiz: this.quiz, seed: problem.seed, option: chosen });
      this.right = right;
    } catch (error) {
      return announce(toDiagnostic(error).message);
    }
    const why = this.why(problem, chosen);
    const answer = problem.options.find(({ id }) => id === this.right);
    if (chosen === this.right || !answer) announce(t("Right. {0}", why));
    else announce(t("Wrong. {0} The right answer is: {1}. {2}", why, this.label(answer), this.why(problem, answer.id)));
  }

  protected override updated(changed: PropertyValues): void {
    // The answers can no longer be chosen, so the focus goes on to what can be done next.
    if (changed.has("right") && this.right !== undefined) (this.querySelector<HTMLElement>(".again") ?? this.group)?.focus();
  }
}
