import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { lessonFigureProtocol, type SchemeError } from "../../../../src/protocol/lessonFigures";
import { fixed, percent } from "../../../ui/format";
import { t } from "../../../ui/l10n";
import { FigureLoader } from "../../figureLoader";
import "../../figures/groupFigure";
import { LessonElement } from "../../lessonElement";
import { openTensorLink } from "../../openTensorLink";

/** Group sizes against error and overhead, and schemes of one to two bits, both on the tensor of the lesson. */
@customElement("qs-group-sizes")
export class GroupSizes extends LessonElement {
  private readonly loader = new FigureLoader(lessonFigureProtocol.furtherErrors, () => this.requestUpdate());

  override render(): TemplateResult {
    const { store } = this;
    const { tensor } = store;
    if (!tensor) return html`<p>${t("This checkpoint has no matrices whose values can be read.")}</p>`;
    this.loader.want(store.host, { tensor: tensor.index }, store.revision);
    const { shown, failure } = this.loader;
    if (failure !== undefined) return html`<p role="alert">${failure}</p>`;
    if (!shown) return html`<div class="bar"><i></i></div>`;
    return html`${
      shown.groups.length === 0
        ? nothing
        : html`<qs-group-figure
            .groups=${shown.groups}
            .controls=${openTensorLink(store)}
            .caption=${html`<figcaption>${t("{0}, 4-bit codes with an FP16 scale and a zero-point for each group.", tensor.name)}</figcaption>`}
          ></qs-group-figure>`
    }
    ${this.renderLowBits(shown.lowBits)}`;
  }

  private renderLowBits(rows: readonly SchemeError[]): TemplateResult {
    return html`<h3 class="sub">${t("One bit, and three levels")}</h3>
      <p>
        ${t("Binarization keeps a sign and one mean magnitude for a row (XNOR-Net). A model that was not trained for it loses most of what it knows. Three levels, −α, 0 and α, need 1.58 bits; BitNet b1.58 trains with them from the start, and GGUF stores such models as TQ1_0 and TQ2_0. On this tensor, which was trained in floating point:")}
      </p>
      <table class="facts low-bits">
        <thead>
          <tr>
            <th scope="col">${t("Type")}</th>
            <th scope="col" class="num">${t("Bits per weight")}</th>
            <th scope="col" class="num">${t("Relative RMSE")}</th>
            <th scope="col" class="num">${t("SQNR")}</th>
            <th scope="col" class="num">${t("Within 5 %")}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ scheme, label, bitsPerWeight, relativeRmse, sqnrDb, within5 }) =>
              html`<tr data-scheme=${scheme}>
                <th scope="row">${label}</th>
                <td class="num">${fixed(bitsPerWeight, 2)}</td>
                <td class="num">${percent(relativeRmse)}</td>
                <td class="num">${t("{0} dB", fixed(sqnrDb, 1))}</td>
                <td class="num">${percent(within5)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`;
  }
}
