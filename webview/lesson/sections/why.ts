import { html, nothing, svg, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { lessonProtocol, type ModelSize, parameterBounds } from "../../../src/protocol/lesson";
import { bytes, fixed, gibibytes, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { FigureLoader } from "../figureLoader";
import { LessonElement } from "../lessonElement";
import { numberInProse } from "../numberInProse";
import { parameterText } from "../parameterText";
import { prose } from "../prose";
import type { LessonSection } from "./registry";

/** Formats that are drawn, in order. */
const drawn = ["FP32", "INT8", "INT4", "Q4_K"];
/** Geometry of the squares, in pixels of the figure. */
const square = 20;
const gap = 2;
const squaresAcross = 7;
const columnWidth = 215;
/** The most squares of the largest format. */
const mostSquares = 63;

/** Section 1: the memory problem, in countable squares, and why quantization works. */
@customElement("qs-lesson-why")
export class WhySection extends LessonElement {
  @state() private parameters = 7e9;
  private readonly loader = new FigureLoader(lessonProtocol.sizes, () => this.requestUpdate());

  override render(): TemplateResult {
    this.loader.want(this.store.host, { parameters: this.parameters });
    const sizes = this.loader.shown ?? [];
    const whole = sizes.find(({ type }) => type === "FP32");
    const model = numberInProse({
      label: t("Weights of the model"),
      value: this.parameters,
      text: parameterText(this.parameters),
      range: { ...parameterBounds, step: 0.05, log: true },
      onChange: (value) => (this.parameters = value),
    });
    return html`<p>
        ${prose(
          t(
            "A model is mostly one long list of numbers. Stored in 32 bits each, {0} weights take {1}. In 8 bits they take a quarter of that, in 4 bits an eighth. Real formats add a little for their scales.",
          ),
          model,
          html`<span class="nowrap">${whole ? bytes(whole.bytes) : "…"}</span>`,
        )}
      </p>
      ${this.loader.failure === undefined ? nothing : html`<p role="alert">${this.loader.failure}</p>`} ${renderSquares(sizes)}
      <p>
        ${prose(t("That this works at all has three reasons. Trained networks are **redundant**: many weights can move a little before the output changes. Most weights lie in a narrow **range**, so few levels cover them; the few **outliers** beyond it can matter most, so how the range is chosen decides. And **activations** tell which weights matter: methods such as AWQ protect the input channels that carry large ones, and give every weight the same bits."))}
      </p>
      <p class="sources">
        ${t("Sources:")}
        <a href="https://arxiv.org/abs/2208.07339">LLM.int8() (Dettmers et al., 2022)</a>,
        <a href="https://arxiv.org/abs/2306.00978">AWQ (Lin et al., 2023)</a>
      </p>`;
  }
}

/** Bytes of a square: the round number (1, 2 or 5 times a power of ten) with which the largest format is at most 63 squares. */
function bytesOfSquare(largest: number): number {
  const least = largest / mostSquares;
  const decade = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * decade).find((size) => size >= least)!;
}

function renderSquares(sizes: readonly ModelSize[]): TemplateResult | typeof nothing {
  const cards = drawn.flatMap((type) => sizes.filter((size) => size.type === type));
  if (cards.length === 0) return nothing;
  const unit = bytesOfSquare(cards[0]!.bytes);
  const rows = Math.ceil(Math.ceil(cards[0]!.bytes / unit) / squaresAcross);
  const base = 6 + rows * (square + gap);
  const summary = t(
    "Memory of the weights: {0}.",
    cards.map(({ type, bytes: size }) => `${type} ${bytes(size)} = ${gibibytes(size)}`).join(", "),
  );
  return html`<figure class="fig wide">
    <div class="fig-head xs muted">${t("one square = {0}; outlined = scales", bytes(unit))}</div>
    <svg class="chart" width="860" height=${base} viewBox="0 0 860 ${base}" role="img" aria-label=${summary}>
      ${cards.map((card, place) => column(card, place, unit, base))}
    </svg>
    <dl class="size-cards">
      ${cards.map(
        ({ type, bytes: size, bitsPerWeight, timesSmaller }) =>
          html`<div>
            <dt>${type}</dt>
            <dd>${bytes(size)} = ${gibibytes(size)}</dd>
            <dd class="muted">
              ${t("{0} bits per weight", significant(bitsPerWeight))}${timesSmaller > 1 ? `, ${t("{0}× smaller", fixed(timesSmaller, timesSmaller % 1 < 0.01 ? 0 : 1))}` : nothing}
            </dd>
          </div>`,
      )}
    </dl>
    <figcaption>${t("Drag the number in the text to change the model. GB is 10⁹ bytes, GiB is 2³⁰ bytes.")}</figcaption>
  </figure>`;
}

/** The squares of one format, from the bottom; those beyond its codes, which are scales, are outlined. */
function column({ bytes: size, bitsPerWeight }: ModelSize, place: number, unit: number, base: number): TemplateResult {
  const squares = size / unit;
  // What the codes alone take: a whole number of bits.
  const codes = (squares * Math.floor(bitsPerWeight)) / bitsPerWeight;
  return svg`${Array.from({ length: Math.ceil(squares - 1e-9) }, (_, i) => {
    const x = place * columnWidth + (i % squaresAcross) * (square + gap);
    const y = base - (Math.floor(i / squaresAcross) + 1) * (square + gap);
    const filled = Math.min(1, Math.max(0, codes - i));
    const covered = Math.min(1, squares - i);
    return svg`<rect x=${x} y=${y} width=${square * filled} height=${square} class="f-after"/>
      ${covered - filled > 0.01 ? svg`<rect x=${x + square * filled + 0.75} y=${y + 0.75} width=${Math.max(1, square * (covered - filled) - 1.5)} height=${square - 1.5} class="c-after"/>` : nothing}`;
  })}`;
}

export const whySection: LessonSection = {
  heading: () => t("Why quantization matters"),
  render: (store) => html`<qs-lesson-why .store=${store}></qs-lesson-why>`,
};
