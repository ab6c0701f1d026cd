import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { icon } from "../ui/icons";
import { t } from "../ui/l10n";
import { LightElement } from "../ui/lightElement";
import { slider } from "../ui/slider";

/** Milliseconds from one step to the next. */
const pace = 450;

/** Whether movements are to be left out: then there are steps only, and nothing plays by itself. */
function isStill(): boolean {
  return document.body.classList.contains("vscode-reduce-motion") || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * Goes through the steps of a figure: plays them once to their end, pauses, or moves by one. The slider is the browser's own, with
 * its keys. Event `step` (detail: the step, from 0), again when a reader pauses.
 */
@customElement("qs-step-player")
export class StepPlayer extends LightElement {
  @property({ type: Number }) step = 0;
  @property({ type: Number }) last = 0;
  /** Of the slider. */
  @property() label = "";
  /** The step in words. */
  @property() text = "";
  @state() private timer: number | undefined;

  /** Whether the next step comes by itself: then what is shown now is not to be read out. */
  get isPlaying(): boolean {
    return this.timer !== undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.pause();
  }

  override render(): TemplateResult {
    const { step, last, label, text, isPlaying } = this;
    return html`<span class="step-player row gap-2" role="group" aria-label=${label}>
      ${
        isStill()
          ? nothing
          : html`<button
              type="button"
              class="icon-btn"
              aria-label=${isPlaying ? t("Pause") : t("Play")}
              title=${isPlaying ? t("Pause") : t("Play")}
              @click=${() => (isPlaying ? this.goTo(step) : this.play())}
            >
              ${icon(isPlaying ? "pause" : "scan")}
            </button>`
      }
      ${this.stepButton(t("Previous step"), "chevronLeft", step - 1)}
      ${slider({ label, value: step, min: 0, max: last, step: 1, text, onInput: (value) => this.goTo(value) })}
      ${this.stepButton(t("Next step"), "chevronRight", step + 1)}
      <span class="num sm" aria-hidden="true">${text}</span>
    </span>`;
  }

  private stepButton(label: string, drawing: "chevronLeft" | "chevronRight", target: number): TemplateResult {
    const isOutside = target < 0 || target > this.last;
    return html`<button
      type="button"
      class="icon-btn"
      aria-label=${label}
      title=${label}
      aria-disabled=${isOutside ? "true" : nothing}
      @click=${() => !isOutside && this.goTo(target)}
    >
      ${icon(drawing)}
    </button>`;
  }

  private goTo(step: number): void {
    this.pause();
    this.emit(step);
  }

  private play(): void {
    if (this.step >= this.last) this.emit(0);
    this.timer = window.setInterval(() => {
      if (this.step + 1 >= this.last) this.pause();
      this.emit(Math.min(this.last, this.step + 1));
    }, pace);
  }

  private pause(): void {
    window.clearInterval(this.timer);
    this.timer = undefined;
  }

  private emit(step: number): void {
    this.dispatchEvent(new CustomEvent<number>("step", { detail: step }));
  }
}
