import { html, type TemplateResult } from "lit";
import type { FigureModel } from "../../charts/figureModel";
import { count, missing, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { binRange } from "./figureText";

/** The figure as a table: the same bins, the same numbers. */
export function binTable(model: FigureModel): TemplateResult {
  return html`<div class="bin-table" tabindex="0" role="region" aria-label=${t("Values before and after, as a table")}>
    <table class="grid">
      <thead>
        <tr>
          <th scope="col" class="num">${t("Values")}</th>
          <th scope="col" class="num">${t("Before")}</th>
          <th scope="col" class="num">${t("After")}</th>
          <th scope="col" class="num">${t("RMS error")}</th>
        </tr>
      </thead>
      <tbody>
        ${model.bins.map(
          (bin) =>
            html`<tr>
              <th scope="row" class="num">${binRange(bin, model)}</th>
              <td class="num">${count(bin.before)}</td>
              <td class="num">${count(bin.after)}</td>
              <td class="num">${bin.error === null ? missing : significant(bin.error)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
