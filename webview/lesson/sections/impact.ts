import { html, nothing, svg, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { lessonProtocol, type ModelSize, parameterBounds } from "../../../src/protocol/lesson";
import { linearTicks } from "../../charts/axisTicks";
import { bytes, fixed, gibibytes, percent } from "../../ui/format";
import { t } from "../../ui/l10n";
import { slider } from "../../ui/slider";
import { styles } from "../../ui/styles";
import { FigureLoader } from "../figureLoader";
import { fitted } from "../fittedDrawing";
import { LessonElement } from "../lessonElement";
import { parametersInProse, stepsPerDecade } from "../parametersInProse";
import { parameterText } from "../parameterText";
import { prose } from "../prose";
import { tableBox } from "../tableBox";
import type { LessonPart } from "../lessonPart";
import "./speed";
import { typeUse } from "./typeUse";

/** Geometry of the chart, in pixels. */
const widest = 860;
const left = 104;
/** Behind the longest bar: its size. */
const margin = 90;
const rowHeight = 20;
const top = 22;

/** Section 5: what a model takes in each format. */
@customElement("qs-lesson-impact")
export class ImpactSection extends LessonElement {
  @state() private parameters = 7e9;
  private readonly loader = new FigureLoader(lessonProtocol.sizes, () => this.requestUpdate());

  override render(): TemplateResult {
    this.loader.want(this.store.host, { parameters: this.parameters });
    const sizes = this.loader.shown ?? [];
    return html`<p>
        ${prose(
          t(
            "A model of {0} weights, in the formats that files really use. Scales are stored beside the codes, so 4-bit formats take from about 4.1 to 4.5 bits per weight, or more. The KV cache of a conversation and working memory come on top.",
          ),
          parametersInProse(this.parameters, (value) => (this.parameters = value)),
        )}
      </p>
      ${this.loader.failure === undefined ? nothing : html`<p role="alert">${this.loader.failure}</p>`}
      <figure class="fig wide">
        <div class="fig-head"><h3>${t("Size of the weights by format")}</h3></div>
        ${this.renderSlider()}
        ${sizes.length > 0 ? html`${renderChart(sizes)} ${renderTable(sizes)}` : html`<div class="bar"><i></i></div>`}
        <figcaption>
          ${t("GB is 10⁹ bytes, GiB is 2³⁰ bytes. INT8 and INT4 are codes alone, as models are spoken of; the others include their scales.")}
        </figcaption>
      </figure>
      <p>
        ${t("Fewer bytes are also faster where reading the weights is what takes the time: a single conversation reads every weight once for each token. Integers can be multiplied faster, too: a multiplier for 8 bits takes a fraction of the area and energy of one for floating point, and many GPUs and processors have units that do several INT8 products in the time of one in FP32. What that gains depends on hardware, kernels and batch size, so no factor is promised here.")}
      </p>
      <qs-lesson-speed .store=${this.store}></qs-lesson-speed>
      <p class="sources">
        ${t("Source:")} <a href="https://doi.org/10.1109/ISSCC.2014.6757323">Computing’s energy problem (Horowitz, 2014)</a>
      </p>`;
  }

  private renderSlider(): TemplateResult {
    const at = Math.round(Math.log10(this.parameters) * stepsPerDecade);
    const [lowest, highest] = [Math.log10(parameterBounds.min), Math.log10(parameterBounds.max)];
    return html`<div class="log-slider prose-width">
      ${slider({
        label: t("Weights of the model, logarithmic"),
        value: at,
        min: lowest * stepsPerDecade,
        max: highest * stepsPerDecade,
        step: 1,
        text: parameterText(this.parameters),
        onInput: (value) => this.setLog(value / stepsPerDecade),
      })}
      <div class="log-ticks xs muted" aria-hidden="true">
        ${[1e8, 1e9, 1e10, 1e11, 1e12].map(
          (value) =>
            html`<span ${styles({ "--qs-place": String((Math.log10(value) - lowest) / (highest - lowest)) })}
              >${parameterText(value, 1)}</span
            >`,
        )}
      </div>
    </div>`;
  }

  private setLog(exponent: number): void {
    this.parameters = Math.min(parameterBounds.max, Math.max(parameterBounds.min, Number((10 ** exponent).toPrecision(2))));
  }
}

function renderChart(sizes: readonly ModelSize[]): TemplateResult {
  return html`${fitted(widest, (width) => drawBars(sizes, width))}
    <p class="fig-note xs muted">
      <span class="swatch after"></span> ${t("codes")} <span class="swatch error"></span> ${t("scales and what else a format stores")}
    </p>`;
}

function drawBars(sizes: readonly ModelSize[], width: number): TemplateResult {
  const right = width - margin;
  const largest = Math.max(...sizes.map(({ bytes: size }) => size));
  const x = (size: number): number => left + (size / largest) * (right - left);
  const height = top + sizes.length * rowHeight + 4;
  const summary = t("Bars of the sizes: {0}.", sizes.map(({ name, bytes: size }) => `${name} ${bytes(size)}`).join(", "));
  return html`<svg class="chart" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="img" aria-label=${summary}>
    ${linearTicks(0, largest, (right - left) / 130).map((tick) => svg`<line x1=${x(tick)} x2=${x(tick)} y1=${top - 4} y2=${height} class="c-grid"/><text x=${x(tick)} y=${top - 8} text-anchor="middle">${tick === 0 ? "0" : bytes(tick)}</text>`)}
    ${sizes.map(({ name, bytes: size, bitsPerWeight }, place) => {
      const y = top + place * rowHeight;
      const codes = x((size * Math.floor(bitsPerWeight)) / bitsPerWeight);
      return svg`<text x=${left - 8} y=${y + 13} text-anchor="end" class="lbl">${name}</text>
        <rect x=${left} y=${y + 3} width=${codes - left} height=${rowHeight - 7} class="f-after"/>
        <rect x=${codes} y=${y + 3} width=${x(size) - codes} height=${rowHeight - 7} class="f-error"/>
        <text x=${x(size) + 6} y=${y + 13} class="lbl">${bytes(size)}</text>`;
    })}
  </svg>`;
}

function renderTable(sizes: readonly ModelSize[]): TemplateResult {
  return tableBox(
    t("Size of the weights by format"),
    html`<table class="facts size-table" aria-label=${t("Size of the weights by format")}>
      <thead>
        <tr>
          <th scope="col">${t("Format")}</th>
          <th scope="col" class="num">${t("Bits/weight")}</th>
          <th scope="col" class="num">${t("Size")}</th>
          <th scope="col" class="num">GiB</th>
          <th scope="col" class="num">${t("Of FP32")}</th>
          <th scope="col" class="num">${t("Smaller")}</th>
          <th scope="col">${t("Used for")}</th>
        </tr>
      </thead>
      <tbody>
        ${sizes.map(
          ({ type, name, bitsPerWeight, bytes: size, timesSmaller }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td class="num">${fixed(bitsPerWeight, 2)}</td>
              <td class="num">${bytes(size)}</td>
              <td class="num">${gibibytes(size)}</td>
              <td class="num">${percent(1 / timesSmaller)}</td>
              <td class="num">${timesSmaller > 1 ? t("{0}×", fixed(timesSmaller, 1)) : ""}</td>
              <td>${typeUse(type)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

export const impactSection: LessonPart = {
  heading: () => t("Real impact: size and speed"),
  render: (store) => html`<qs-lesson-impact .store=${store}></qs-lesson-impact>`,
};
