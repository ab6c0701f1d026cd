import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { BitPattern, NumberFormatFacts } from "../../../../src/core/numbers/bitPattern";
import { lessonFigureProtocol } from "../../../../src/protocol/lessonFigures";
import { announce } from "../../../ui/announcer";
import { button, textField } from "../../../ui/controls";
import { count, significant } from "../../../ui/format";
import { t } from "../../../ui/l10n";
import { segmented } from "../../../ui/segmented";
import { FigureLoader } from "../../figureLoader";
import { LessonElement } from "../../lessonElement";
import { tableBox } from "../../tableBox";

/** A number that shows what formats lose, and the format it is shown in first. */
const [startValue, startFormat] = [0.3, "fp16"];

/** The bits of a number in one of the formats of this field: each can be turned over, and the value follows. */
@customElement("qs-bit-layout")
export class BitLayout extends LessonElement {
  @state() private format = startFormat;
  /** What is shown: a pattern that the reader made, or the nearest to a value. */
  @state() private wanted: { pattern: number } | { value: number } = { value: startValue };
  @state() private typed = String(startValue);
  /** The bit that the tab key reaches. */
  @state() private active = 0;
  private readonly formats = new FigureLoader(lessonFigureProtocol.numberFormats, () => this.requestUpdate());
  private readonly patterns = new FigureLoader(lessonFigureProtocol.bitPattern, () => this.answered(this.patterns));
  private readonly values = new FigureLoader(lessonFigureProtocol.patternOf, () => this.answered(this.values));
  /** The last answer: it stays until the next comes, so that the focus does. */
  private shown: BitPattern | undefined;
  private isSpoken = false;
  /** Whether the reader types: then an answer that is still to come does not replace it. */
  private isTyping = false;

  override render(): TemplateResult | typeof nothing {
    const { store, format, wanted } = this;
    this.formats.want(store.host, {});
    if ("pattern" in wanted) this.patterns.want(store.host, { format, pattern: wanted.pattern });
    else this.values.want(store.host, { format, value: wanted.value });
    const all = this.formats.shown;
    const { shown } = this;
    const facts = all?.find(({ id }) => id === shown?.format);
    if (!all || !facts || !shown) return html`<div class="bar"><i></i></div>`;
    return html`<figure class="fig wide" aria-labelledby="bits-title">
      <div class="fig-head">
        <h3 id="bits-title">${t("Where the bits go")}</h3>
        <span class="grow"></span>
        ${segmented({
          label: t("Number format"),
          value: format,
          options: all.map(({ id, label }) => ({ value: id, label })),
          onSelect: (id) => this.choose(id, shown),
        })}
      </div>
      ${this.renderBits(facts, shown)}
      <p class="sentence sm fig-note" id="bits-sentence">${sentenceOf(facts, shown)}</p>
      <div class="row gap-3 bits-entry">
        ${textField({
          label: t("A number"),
          value: this.typed,
          className: "bits-number",
          onInput: (text) => this.type(text),
          onKeyDown: (event, text) => event.key === "Enter" && this.enter(text),
        })}
        ${button({ label: t("Store it"), onClick: () => this.enter(this.typed) })}
        <span class="xs muted">${t("Click a bit, or press Space on it, to turn it over.")}</span>
      </div>
      ${renderTable(all, format)}
    </figure>`;
  }

  private renderBits({ bits, exponentBits, kind }: NumberFormatFacts, shown: BitPattern): TemplateResult {
    const roleOf = (place: number): string => {
      if (kind === "code book") return "fraction";
      return place === 0 ? "sign" : place <= exponentBits ? "exponent" : "fraction";
    };
    const names: Record<string, string> = {
      sign: t("sign"),
      exponent: t("exponent"),
      fraction: kind === "float" ? t("fraction") : t("code"),
    };
    const active = Math.min(this.active, bits - 1);
    return html`<div
        class="bits"
        role="group"
        aria-label=${t("Bits, highest first")}
        @keydown=${(event: KeyboardEvent) => this.onKey(event, bits)}
      >
        ${Array.from(shown.bits, (bit, place) => {
          const role = roleOf(place);
          return html`<button
            type="button"
            class="bit bit-${role} ${bit === "1" ? "on" : ""}"
            data-bit=${place}
            tabindex=${place === active ? 0 : -1}
            aria-pressed=${bit === "1" ? "true" : "false"}
            aria-label=${t("bit {0}, {1}", String(bits - 1 - place), names[role]!)}
            @click=${() => this.turn(shown, bits, place)}
          >
            ${bit}
          </button>`;
        })}
      </div>
      <ul class="key xs" aria-hidden="true">
        ${[...new Set(Array.from({ length: bits }, (_, place) => roleOf(place)))].map(
          (role) => html`<li><i class="bit-${role}"></i>${names[role]}</li>`,
        )}
      </ul>`;
  }

  private type(text: string): void {
    this.typed = text;
    this.isTyping = true;
  }

  private choose(format: string, { value }: BitPattern): void {
    // The number stays, as far as the other format has it.
    this.wanted = { value: typeof value === "number" ? value : startValue };
    this.format = format;
    this.isSpoken = true;
    this.isTyping = false;
  }

  private turn({ pattern }: BitPattern, bits: number, place: number): void {
    const weight = 2 ** (bits - 1 - place);
    const isSet = Math.floor(pattern / weight) % 2 === 1;
    this.active = place;
    this.wanted = { pattern: isSet ? pattern - weight : pattern + weight };
    this.isSpoken = true;
    this.isTyping = false;
  }

  private enter(text: string): void {
    const value = Number(text.trim().replace(",", "."));
    if (text.trim() === "" || !Number.isFinite(value)) return announce(t("Enter a number such as 0.3 or −1e−5."));
    this.wanted = { value };
    this.isSpoken = true;
    this.isTyping = false;
  }

  private answered({ shown, isCurrent }: Pick<FigureLoader<never, BitPattern>, "shown" | "isCurrent">): void {
    this.shown = shown;
    this.requestUpdate();
    const facts = this.formats.shown?.find(({ id }) => id === shown?.format);
    if (!this.isSpoken || !isCurrent || !shown || !facts) return;
    this.isSpoken = false;
    if (!this.isTyping && typeof shown.value === "number") this.typed = String(shown.value);
    announce(sentenceOf(facts, shown));
  }

  private onKey(event: KeyboardEvent, bits: number): void {
    const now = Math.min(this.active, bits - 1);
    const moves: Record<string, number> = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: bits - 1 };
    const next = moves[event.key];
    if (next === undefined || next < 0 || next >= bits) return;
    event.preventDefault();
    this.active = next;
    this.querySelector<HTMLElement>(`[data-bit="${next}"]`)?.focus();
  }
}

/** The pattern and its value in a sentence. */
function sentenceOf({ label, kind, exponentBits, fractionBits }: NumberFormatFacts, shown: BitPattern): string {
  const { value, exponent, power, significand, below, above } = shown;
  const written = typeof value === "number" ? exact(value) : value;
  const around = t("Its neighbours are {0} and {1}.", below === null ? "–" : exact(below), above === null ? "–" : exact(above));
  if (kind === "integer") return t("{0}: the whole number {1}; a scale turns it into a weight.", label, written);
  if (kind === "code book") {
    return `${t("{0}: level {1} of 16, {2} times the largest magnitude of its block.", label, String(shown.pattern), written)} ${around}`;
  }
  if (significand === undefined || power === undefined) return t("{0}: {1}; all exponent bits are set.", label, written);
  const sign = shown.bits.startsWith("1") ? "−" : "";
  const product = `${sign}${exact(significand)} × 2${superscript(power)}`;
  const what =
    exponent === 0 && exponentBits > 0
      ? t("subnormal, without the leading 1")
      : t("{0} bits of fraction behind a leading 1", count(fractionBits));
  return `${t("{0}: {1} = {2} ({3}).", label, product, written, what)} ${around}`;
}

/** A whole number as an exponent: `⁻²`. */
function superscript(value: number): string {
  return Array.from(String(value), (sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");
}

/** A limit of a format: whole numbers are known by all their digits, as 65,504. */
function limit(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? count(value) : significant(value);
}

/** As many digits as tell the values of the formats apart. */
function exact(value: number): string {
  return value === 0
    ? "0"
    : significant(value, 7)
        .replace(/(\.\d*?)0+($|e)/, "$1$2")
        .replace(/\.($|e)/, "$1");
}

function renderTable(all: readonly NumberFormatFacts[], chosen: string): TemplateResult {
  return tableBox(
    t("Number formats"),
    html`<table class="facts bits-table" aria-label=${t("Number formats")}>
      <thead>
        <tr>
          <th scope="col">${t("Format")}</th>
          <th scope="col" class="num">${t("Bits")}</th>
          <th scope="col" class="num">${t("sign + exponent + fraction")}</th>
          <th scope="col" class="num">${t("Largest")}</th>
          <th scope="col" class="num">${t("Smallest above 0")}</th>
          <th scope="col" class="num">${t("Values")}</th>
        </tr>
      </thead>
      <tbody>
        ${all.map(
          ({ id, label, bits, exponentBits, fractionBits, kind, largest, least, values }) =>
            html`<tr aria-current=${id === chosen ? "true" : nothing}>
              <th scope="row">${label}</th>
              <td class="num">${count(bits)}</td>
              <td class="num">
                ${kind === "float" ? `1 + ${exponentBits} + ${fractionBits}` : kind === "integer" ? t("code") : t("code of a level")}
              </td>
              <td class="num">${limit(largest)}</td>
              <td class="num">${limit(least)}</td>
              <td class="num">${count(values)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}
