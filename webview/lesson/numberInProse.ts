import { html, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { t } from "../ui/l10n";
import { LightElement } from "../ui/lightElement";
import { readNumber, shortNumber } from "./typedNumber";

/** How a number is changed and written. */
export interface NumberRange {
  min: number;
  max: number;
  /** What an arrow key adds; on a log scale, the share of a decade. */
  step: number;
  log?: boolean;
}

/** Pixels that the pointer moves for one step. */
const pixelsPerStep = 4;

/**
 * A number in a sentence that is changed where it stands: dragged, by the arrow keys, or typed after Enter. Fires
 * `number-change` with the new number.
 */
@customElement("qs-number")
export class NumberInProse extends LightElement {
  @property({ attribute: false }) value = 0;
  @property({ attribute: false }) range!: NumberRange;
  /** For assistive technology. */
  @property() label = "";
  /** The number as the sentence has it. */
  @property() text = "";
  @state() private isTyping = false;
  @query("input") private readonly input!: HTMLInputElement | null;
  @query(".drag") private readonly slider!: HTMLElement | null;
  private dragged: { x: number; value: number } | undefined;

  override render(): TemplateResult {
    const { range } = this;
    if (this.isTyping) {
      return html`<input
        class="drag-input"
        type="text"
        inputmode="decimal"
        aria-label=${this.label}
        .value=${shortNumber(this.value)}
        @keydown=${this.onTyped}
        @blur=${() => this.endTyping(false)}
      />`;
    }
    return html`<span
      class="drag"
      role="slider"
      tabindex="0"
      title=${t("Drag it, use the arrow keys, or press Enter and type")}
      aria-label=${this.label}
      aria-valuemin=${range.min}
      aria-valuemax=${range.max}
      aria-valuenow=${this.value}
      aria-valuetext=${this.text}
      @keydown=${this.onKeyDown}
      @dblclick=${() => this.startTyping()}
      @pointerdown=${this.onPointerDown}
      @pointermove=${this.onPointerMove}
      @pointerup=${() => (this.dragged = undefined)}
      @pointercancel=${() => (this.dragged = undefined)}
      >${this.text}</span
    >`;
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { range } = this;
    const stride = event.shiftKey ? 10 : 1;
    if (event.key === "ArrowRight" || event.key === "ArrowUp") this.moveBy(this.value, stride);
    else if (event.key === "ArrowLeft" || event.key === "ArrowDown") this.moveBy(this.value, -stride);
    else if (event.key === "PageUp") this.moveBy(this.value, 10);
    else if (event.key === "PageDown") this.moveBy(this.value, -10);
    else if (event.key === "Home") this.set(range.min);
    else if (event.key === "End") this.set(range.max);
    else if (event.key === "Enter") this.startTyping();
    else return;
    event.preventDefault();
  };

  private readonly onPointerDown = (event: PointerEvent): void => {
    this.dragged = { x: event.clientX, value: this.value };
    this.slider?.setPointerCapture(event.pointerId);
  };

  private readonly onPointerMove = (event: PointerEvent): void => {
    if (this.dragged) this.moveBy(this.dragged.value, Math.round((event.clientX - this.dragged.x) / pixelsPerStep));
  };

  private readonly onTyped = (event: KeyboardEvent): void => {
    if (event.key === "Enter") this.endTyping(true);
    else if (event.key === "Escape") this.endTyping(false, true);
  };

  private startTyping(): void {
    this.isTyping = true;
    void this.updateComplete.then(() => this.focusInput());
  }

  private focusInput(): void {
    this.input?.focus();
    this.input?.select();
  }

  private endTyping(keepsFocus: boolean, dismissed = false): void {
    if (!this.isTyping) return;
    // What is no number changes nothing.
    const typed = readNumber(this.input?.value ?? "");
    this.isTyping = false;
    if (!dismissed && Number.isFinite(typed)) this.set(typed);
    if (keepsFocus || dismissed) void this.updateComplete.then(() => this.slider?.focus());
  }

  private moveBy(from: number, steps: number): void {
    const { step, log } = this.range;
    this.set(log ? Number((from * 10 ** (step * steps)).toPrecision(2)) : Number((from + step * steps).toPrecision(12)));
  }

  private set(value: number): void {
    const { min, max, log, step } = this.range;
    const bounded = Math.min(max, Math.max(min, value));
    const next = !log && Number.isInteger(step) ? Math.round(bounded) : bounded;
    if (next !== this.value) this.dispatchEvent(new CustomEvent("number-change", { detail: next }));
  }
}

/** A number in a sentence. */
export function numberInProse(options: {
  label: string;
  value: number;
  text: string;
  range: NumberRange;
  onChange(value: number): void;
}): TemplateResult {
  return html`<qs-number
    .value=${options.value}
    .range=${options.range}
    label=${options.label}
    text=${options.text}
    @number-change=${(event: CustomEvent<number>) => options.onChange(event.detail)}
  ></qs-number>`;
}
