import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { styles } from "./styles";

export interface SliderOptions {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** The value as it is written, for assistive technology. */
  text: string;
  onInput(value: number): void;
}

/** A number chosen by dragging or with the arrow keys; heard at every step of the way. */
export function slider({ label, value, min, max, step, text, onInput }: SliderOptions): TemplateResult {
  const share = max > min ? (value - min) / (max - min) : 0;
  return html`<input
    type="range"
    class="range"
    aria-label=${label}
    aria-valuetext=${text}
    min=${min}
    max=${max}
    step=${step}
    .value=${live(String(value))}
    ${styles({ "--qs-fill": `${100 * share}%` })}
    @input=${(event: Event) => onInput((event.currentTarget as HTMLInputElement).valueAsNumber)}
  />`;
}
