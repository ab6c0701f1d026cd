import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { lessonProtocol, type LessonTensor, type NumberLineReport } from "../../../src/protocol/lesson";
import { count, fixed, percent, range, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { FigureLoader } from "../figureLoader";
import { prose } from "../prose";
import { noRange } from "../noRange";
import { openTensorLink } from "../openTensorLink";
import { tableBox } from "../tableBox";
import { codesControls } from "./codesControls";
import { rangeFigure, shareBeyond } from "./rangeFigure";
import type { LessonPart } from "../lessonPart";
import { TensorStep } from "./tensorStep";
import { shapeBins } from "./valueShape";

/** Step 2: which numbers occur, and the two ranges that can be laid over them. */
@customElement("qs-step-range")
export class RangeStep extends TensorStep {
  private readonly weights = new FigureLoader(lessonProtocol.preview, () => this.requestUpdate());
  private readonly asymmetric = new FigureLoader(lessonProtocol.numberLine, () => this.requestUpdate());
  private readonly symmetric = new FigureLoader(lessonProtocol.numberLine, () => this.requestUpdate());

  protected override renderStep(tensor: LessonTensor): TemplateResult {
    const { store } = this;
    const { bits, symmetric } = store.choices;
    const asked = { tensor: tensor.index, bits };
    this.weights.want(store.host, { tensor: tensor.index, scheme: "f32", bins: shapeBins }, store.revision);
    this.asymmetric.want(store.host, { ...asked, symmetric: false }, store.revision);
    this.symmetric.want(store.host, { ...asked, symmetric: true }, store.revision);
    const waiting = this.pending(this.weights, this.asymmetric, this.symmetric);
    const [weights, whole, even] = [this.weights.shown, this.asymmetric.shown, this.symmetric.shown];
    if (waiting || !weights || !whole || !even) return waiting ?? html``;
    if (even.scale === 0) return noRange();
    const { std } = weights.beforeFigures;
    const outermost = Math.max(-whole.min, whole.max);
    return html`<p class="lead">
        ${t("Codes are laid over a range, so the first question is which numbers occur. The {0} weights of {1} lie from {2} to {3}.", count(tensor.parameters), tensor.name, significant(whole.min), significant(whole.max))}
        ${std ? t("Their standard deviation is {0}; the outermost weight is {1} of those away from zero.", significant(std), fixed(outermost / std, 1)) : nothing}
      </p>
      <p>
        ${prose(
          t(
            "An **asymmetric** range goes from the smallest weight to the largest, widened to contain zero where it does not. A **symmetric** one reaches as far on both sides as the outermost weight; here {0} of it is beyond both the weights and zero.",
          ),
          percent(shareBeyond(whole, even)),
        )}
      </p>
      <figure class="fig">
        <div class="fig-head">
          <h3>${tensor.name}</h3>
          <span class="grow"></span>
          ${codesControls(store)} ${openTensorLink(store)}
        </div>
        ${rangeFigure(weights.before, whole, even, symmetric)} ${renderRanges(whole, even, symmetric)}
        <figcaption>${t("The asymmetric range is moved by at most half a step, so that zero is one of its levels.")}</figcaption>
      </figure>
      <p>
        ${prose(
          t(
            "Either range is divided into steps, so what is spent on values that do not occur makes all steps wider. One **outlier** does that to every other weight. With {0} bits a step is {1} wide in the asymmetric range and {2} in the symmetric one, which leaves one code unused to have zero in its middle.",
          ),
          count(whole.bits),
          significant(whole.scale),
          significant(even.scale),
        )}
      </p>`;
  }
}

function renderRanges(whole: NumberLineReport, even: NumberLineReport, symmetric: boolean): TemplateResult {
  const rows: [string, NumberLineReport][] = [
    [t("Asymmetric"), whole],
    [t("Symmetric"), even],
  ];
  return tableBox(
    t("The two ranges"),
    html`<table class="facts ranges" aria-label=${t("The two ranges")}>
      <thead>
        <tr>
          <th scope="col">${t("Range")}</th>
          <th scope="col" class="num">${t("From … to")}</th>
          <th scope="col" class="num">${t("Steps")}</th>
          <th scope="col" class="num">${t("Width of a step")}</th>
          <th scope="col" class="num">RMSE</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([label, line]) =>
            html`<tr aria-current=${line.symmetric === symmetric ? "true" : nothing}>
              <th scope="row">${label}</th>
              <td class="num">${range(line.low, line.high)}</td>
              <td class="num">${count(line.levels.length - 1)}</td>
              <td class="num">${significant(line.scale)}</td>
              <td class="num">${significant(line.rmse)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

export const rangeStep: LessonPart = {
  heading: () => t("Range"),
  render: (store) => html`<qs-step-range .store=${store}></qs-step-range>`,
};
