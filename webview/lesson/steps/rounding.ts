import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { PreviewReport } from "../../../src/jobs/contract";
import { lessonProtocol, type LessonTensor, type NumberLineReport } from "../../../src/protocol/lesson";
import { metricTiles } from "../../editor/histogram/metricTiles";
import { count, fixed, percent, range, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { tableToggle } from "../../ui/tableToggle";
import { FigureLoader } from "../figureLoader";
import { noRange } from "../noRange";
import { openTensorLink } from "../openTensorLink";
import { codesControls } from "./codesControls";
import type { LessonPart } from "../lessonPart";
import { sawTooth, staircase } from "./roundingFigure";
import { TensorStep } from "./tensorStep";
import { shapeBins } from "./valueShape";

/** Significant digits of the comparison of theory and measurement. */
const digits = 4;

/** Step 4: what rounding makes of each value, what theory expects of the errors, and what they are. */
@customElement("qs-step-rounding")
export class RoundingStep extends TensorStep {
  @state() private asTable = false;
  private readonly line = new FigureLoader(lessonProtocol.numberLine, () => this.requestUpdate());
  private readonly weights = new FigureLoader(lessonProtocol.preview, () => this.requestUpdate());

  protected override renderStep(tensor: LessonTensor): TemplateResult {
    const { store, asTable } = this;
    const { bits, symmetric } = store.choices;
    const scheme = `int${bits}-${symmetric ? "sym" : "asym"}-tensor`;
    this.line.want(store.host, { tensor: tensor.index, bits, symmetric }, store.revision);
    this.weights.want(store.host, { tensor: tensor.index, scheme, bins: shapeBins }, store.revision);
    const waiting = this.pending(this.line, this.weights);
    const [line, weights] = [this.line.shown, this.weights.shown];
    if (waiting || !line || !weights) return waiting ?? html``;
    if (line.scale === 0) return noRange();
    const isNew = line.bits === bits && line.symmetric === symmetric && weights.scheme === scheme;
    return html`<p class="lead">
        ${t("Rounding replaces every weight by the nearest level. The error is a saw-tooth: zero on a level, half a step in the middle between two. With {0} bits one step is {1}, so no weight moves by more than {2}.", count(line.bits), significant(line.scale), significant(line.scale / 2))}
      </p>
      <figure class="fig" aria-busy=${isNew ? "false" : "true"}>
        <div class="fig-head">
          <h3>${t("{0}, INT{1} per tensor", tensor.name, count(line.bits))}</h3>
          <span class="grow"></span>
          ${codesControls(store)} ${tableToggle(asTable, (chosen) => (this.asTable = chosen))}
        </div>
        ${
          asTable
            ? renderLevels(line)
            : html`${staircase(line)}
                <div class="fig-head"><h4>${t("The same, as an error")}</h4></div>
                ${sawTooth(line, weights.before)}`
        }
        ${renderTheory(line, weights, tensor)} ${metricTiles(weights)}
        <figcaption>${openTensorLink(store)}</figcaption>
      </figure>
      <p>
        ${t("The errors come close to what theory expects where a step is no wider than the spread of the weights. With few bits it is not so: where most weights lie within one step around zero, they become zero themselves.")}
        ${weights.errors.within5 === null ? nothing : t("{0} of the weights keep their own size to 5 %; that is not the accuracy of the model, which is measured on its outputs.", percent(weights.errors.within5))}
      </p>`;
  }
}

function renderTheory({ scale, evenRmse }: NumberLineReport, { errors }: PreviewReport, tensor: LessonTensor): TemplateResult {
  return html`<div class="walk-theory">
    <div>
      <p class="sm"><b>${t("Expected from theory:")}</b> ${t("errors that spread evenly over one step have an RMSE of step / √12.")}</p>
      <p class="mono">${significant(scale, digits)} / ${fixed(Math.sqrt(12), digits)} = ${significant(evenRmse, digits)}</p>
    </div>
    <div>
      <p class="sm"><b>${t("Measured")}</b> ${t("on all {0} weights:", count(tensor.parameters))}</p>
      <p class="mono">${significant(errors.rmse, digits)}</p>
    </div>
  </div>`;
}

function renderLevels({ levels, scale }: NumberLineReport): TemplateResult {
  return html`<div class="table-scroll levels-table" tabindex="0" role="region" aria-label=${t("Levels")}>
    <table class="grid">
      <thead>
        <tr>
          <th scope="col" class="num">${t("Code")}</th>
          <th scope="col" class="num">${t("Stands for")}</th>
          <th scope="col" class="num">${t("Values that become it")}</th>
        </tr>
      </thead>
      <tbody>
        ${levels.map(
          ({ code, value }) =>
            html`<tr>
              <th scope="row" class="num">${count(code)}</th>
              <td class="num">${significant(value, digits)}</td>
              <td class="num">${range(value - scale / 2, value + scale / 2, digits)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export const roundingStep: LessonPart = {
  heading: () => t("Rounding and error"),
  render: (store) => html`<qs-step-rounding .store=${store}></qs-step-rounding>`,
};
