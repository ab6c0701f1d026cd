import { html, type TemplateResult } from "lit";
import { count, range } from "../ui/format";
import { t } from "../ui/l10n";

/** A histogram of magnitudes as a table. */
export function binsTable({ max, counts }: { max: number; counts: readonly number[] }): TemplateResult {
  const width = max / counts.length;
  return html`<div class="table-scroll bins-table" tabindex="0" role="region" aria-label=${t("Magnitudes as a table")}>
    <table class="grid">
      <thead>
        <tr>
          <th scope="col" class="num">${t("Magnitudes")}</th>
          <th scope="col" class="num">${t("Values")}</th>
        </tr>
      </thead>
      <tbody>
        ${counts.map(
          (held, bin) =>
            html`<tr>
              <th scope="row" class="num">${range(bin * width, (bin + 1) * width)}</th>
              <td class="num">${count(held)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
