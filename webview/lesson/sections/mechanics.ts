import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { CodingWay, MechanicsInput, MechanicsReport } from "../../../src/core/lesson/mechanics";
import { largestValue, lessonProtocol } from "../../../src/protocol/lesson";
import { count, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { exactNumber as exact } from "../exactNumber";
import { FigureLoader } from "../figureLoader";
import { mechanicsFigure } from "../figures/mechanicsFigure";
import { mechanicsSteps, six } from "../figures/mechanicsSteps";
import { LessonElement } from "../lessonElement";
import { numberInProse, type NumberRange } from "../numberInProse";
import { prose } from "../prose";
import { tableBox } from "../tableBox";
import type { LessonPart } from "../lessonPart";

const step = 0.1;
const usual: MechanicsInput = { low: -2.5, high: 3.1, bits: 8, value: 0.5 };

/** Section 2: range, scale and zero-point, quantize, dequantize, from numbers that the reader changes. */
@customElement("qs-lesson-mechanics")
export class MechanicsSection extends LessonElement {
  @state() private input = usual;
  private readonly loader = new FigureLoader(lessonProtocol.mechanics, () => this.requestUpdate());

  override render(): TemplateResult {
    this.loader.want(this.store.host, this.input);
    const { shown } = this.loader;
    return html`${this.renderProse()} ${this.loader.failure === undefined ? nothing : html`<p role="alert">${this.loader.failure}</p>`}
      ${shown ? this.renderFigures(shown) : nothing}
      <p>
        ${t("Symmetric codes keep zero at code 0 and need no zero-point, which most kernels for weights want: trained weights are close to symmetric. Asymmetric codes spend no codes on values that do not occur, which pays for activations behind ReLU or GELU and for very small groups.")}
      </p>
      <p class="sources">
        ${t("Source:")}
        <a href="https://arxiv.org/abs/1712.05877">Quantization and Training of Neural Networks (Jacob et al., 2017)</a>
      </p>`;
  }

  private renderFigures(report: MechanicsReport): TemplateResult | typeof nothing {
    const [way] = report.ways;
    if (!way) return nothing;
    return html`<figure class="fig wide">
        ${mechanicsFigure(report, way, (value) => this.set({ value }))}
        <figcaption>${t("Drag a number in the text, or click the ruler to follow another value.")}</figcaption>
      </figure>
      ${mechanicsSteps(report, way)} ${renderWays(report)}`;
  }

  private renderProse(): TemplateResult {
    const { low, high, bits, value } = this.input;
    return html`<p>
      ${prose(
        t(
          "Quantizing is choosing a ruler. Take a range, here from {0} to {1}, and lay codes of {2} along it. The width of one step is the **scale**; the code that stands for exact zero is the **zero-point**. Follow {3} through the four steps.",
        ),
        this.number("low", t("Low end of the range"), { min: -largestValue, max: high - step, step }),
        this.number("high", t("High end of the range"), { min: low + step, max: largestValue, step }),
        numberInProse({
          label: t("Bits of a code"),
          value: bits,
          text: t("{0} bits", count(bits)),
          range: { min: 2, max: 8, step: 1 },
          onChange: (next) => this.set({ bits: next }),
        }),
        numberInProse({
          label: t("Value to follow"),
          value,
          text: exact(value),
          range: { min: -largestValue, max: largestValue, step },
          onChange: (next) => this.set({ value: next }),
        }),
      )}
    </p>`;
  }

  private number(name: "low" | "high", label: string, range: NumberRange): TemplateResult {
    const value = this.input[name];
    return numberInProse({ label, value, text: exact(value), range, onChange: (next) => this.set({ [name]: next }) });
  }

  private set(patch: Partial<MechanicsInput>): void {
    this.input = { ...this.input, ...patch };
  }
}

function wayName({ symmetric, signed }: CodingWay): string {
  if (symmetric) return signed ? t("Symmetric, signed") : t("Symmetric, unsigned");
  return signed ? t("Asymmetric, signed") : t("Asymmetric, unsigned");
}

function renderWays({ low, high, value, ways }: MechanicsReport): TemplateResult {
  return tableBox(
    t("The same range, coded in four ways"),
    html`<table class="facts ways" aria-label=${t("The same range, coded in four ways")}>
      <thead>
        <tr>
          <th scope="col">${t("Same range, four ways")}</th>
          <th scope="col" class="num">${t("Scale")}</th>
          <th scope="col" class="num">${t("Zero-point")}</th>
          ${[low, 0, value, high].map((x) => html`<th scope="col" class="num">${exact(x)}</th>`)}
          <th scope="col" class="num">${t("Error of {0}", exact(value))}</th>
        </tr>
      </thead>
      <tbody>
        ${ways.map(
          (way) =>
            html`<tr>
              <th scope="row">${wayName(way)}</th>
              <td class="num">${six(way.scale)}</td>
              <td class="num strong">${count(way.zeroPoint)}</td>
              ${[way.codes.low, way.codes.zero, way.codes.value, way.codes.high].map((code) => html`<td class="num">${count(code)}</td>`)}
              <td class="num">${significant(way.error)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

export const mechanicsSection: LessonPart = {
  heading: () => t("The mechanics: from float to integer"),
  render: (store) => html`<qs-lesson-mechanics .store=${store}></qs-lesson-mechanics>`,
};
