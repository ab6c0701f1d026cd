import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { lessonFigureProtocol } from "../../../../src/protocol/lessonFigures";
import { bytes, compact, count, fixed } from "../../../ui/format";
import { t } from "../../../ui/l10n";
import { styles } from "../../../ui/styles";
import { FigureLoader } from "../../figureLoader";
import { LessonElement } from "../../lessonElement";

/** Mixed precision on the lesson's checkpoint: which of its tensors get which type, and why. */
@customElement("qs-recipe-table")
export class RecipeTable extends LessonElement {
  private readonly loader = new FigureLoader(lessonFigureProtocol.recipe, () => this.requestUpdate());

  override render(): TemplateResult {
    const { store } = this;
    this.loader.want(store.host, {}, store.revision);
    const { shown, failure } = this.loader;
    if (failure !== undefined) return html`<p role="alert">${t("This checkpoint has no recipe: {0}", failure)}</p>`;
    if (!shown) return html`<div class="bar"><i></i></div>`;
    const all = shown.rows.reduce((sum, row) => sum + row.bytes, 0);
    return html`<figure class="fig">
      <div class="fig-head"><h3>${t("{0}, tensor by tensor", shown.type)}</h3></div>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${t("{0}, tensor by tensor", shown.type)}>
        <table class="facts recipe-table">
          <thead>
            <tr>
              <th scope="col">${t("Type")}</th>
              <th scope="col">${t("Why")}</th>
              <th scope="col" class="num">${t("Tensors")}</th>
              <th scope="col" class="num">${t("Weights")}</th>
              <th scope="col" class="num">${t("Bytes")}</th>
              <th scope="col">${t("Share")}</th>
            </tr>
          </thead>
          <tbody>
            ${shown.rows.map(
              ({ type, reason, tensors, weights, bytes: size, example }) =>
                html`<tr>
                  <th scope="row" class="mono">${type}</th>
                  <td title=${example}>${reason}</td>
                  <td class="num">${count(tensors)}</td>
                  <td class="num">${compact(weights)}</td>
                  <td class="num">${bytes(size)}</td>
                  <td aria-hidden="true"><span class="share" ${styles({ width: `${((100 * size) / all).toFixed(1)}%` })}></span></td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <figcaption>
        ${t("{0} in all, {1} bits per weight: the plan that Quantize… makes for this checkpoint.", bytes(shown.bytes), fixed(shown.bitsPerWeight, 2))}
      </figcaption>
    </figure>`;
  }
}
