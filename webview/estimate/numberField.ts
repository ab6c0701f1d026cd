import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { textField } from "../ui/controls";
import { count } from "../ui/format";
import { LightElement } from "../ui/lightElement";

/** A field for a number above 0. What is typed stays as it is until the field is left; only possible numbers are told, as `number`. */
@customElement("qs-number-field")
export class NumberField extends LightElement {
  @property() label = "";
  @property({ type: Number }) value: number | undefined;
  @property({ type: Number }) most = Number.MAX_SAFE_INTEGER;
  /** Whole numbers only, of which `8k` is 8192. */
  @property({ type: Boolean }) whole = false;
  /** Whether nothing may be entered. */
  @property({ type: Boolean }) optional = false;
  @state() private draft: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("focusout", () => (this.draft = undefined));
  }

  override render(): TemplateResult {
    const { value, draft } = this;
    const written = value === undefined ? "" : this.whole ? count(value) : String(value);
    return html`${textField({
      label: this.label,
      value: draft ?? written,
      className: draft !== undefined && this.read(draft) === null ? "refused" : "",
      onInput: (text) => this.take(text),
    })}`;
  }

  private take(text: string): void {
    this.draft = text;
    const number = this.read(text);
    if (number !== null) this.dispatchEvent(new CustomEvent<number | undefined>("number", { detail: number }));
  }

  /** Null for what is no possible number. */
  private read(text: string): number | undefined | null {
    const plain = text.trim().toLowerCase();
    if (plain === "") return this.optional ? undefined : null;
    const match = this.whole ? /^(\d+)(k?)$/.exec(plain.replace(/[\s.,'’]/gu, "")) : /^(\d+(?:\.\d+)?)$/.exec(plain.replace(",", "."));
    const number = match ? Number(match[1]) * (match[2] === "k" ? 1024 : 1) : NaN;
    return number > 0 && number <= this.most ? number : null;
  }
}
