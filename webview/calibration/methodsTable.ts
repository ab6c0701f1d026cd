import { html, nothing, type TemplateResult } from "lit";
import type { ThresholdFigures } from "../../src/core/calibrate/thresholds";
import { count, fixed, missing, range, significant } from "../ui/format";
import { t } from "../ui/l10n";

/** Figures of a range: of one that was not judged on the histogram, without what only that tells. */
type MethodFigures = Pick<ThresholdFigures, "low" | "high" | "scale" | "zeroPoint" | "mse"> &
  Partial<Pick<ThresholdFigures, "clipped" | "divergence">> & {
    /** In dB. */
    readonly sqnrDb?: number | null;
  };

/** The range that a method, or the reader, chose; without figures until there are any. */
export interface MethodRow {
  readonly id: string;
  readonly label: string;
  readonly figures: MethodFigures | undefined;
  /** The squared error is from the bins of a histogram, not from the values. */
  readonly isEstimated?: boolean;
}

/** Ranges below each other. @param least squared error of those that are marked as best @param hasSqnr whether they have a signal-to-noise ratio */
export function methodsTable(rows: readonly MethodRow[], least: number, hasSqnr: boolean): TemplateResult {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${t("What the methods choose")}>
    <table class="grid methods-table">
      <thead>
        <tr>
          <th scope="col">${t("Method")}</th>
          <th scope="col" class="num">${t("Range")}</th>
          <th scope="col" class="num">${t("Scale")}</th>
          <th scope="col" class="num">${t("Zero-point")}</th>
          <th scope="col" class="num">${t("Clipped")}</th>
          <th scope="col" class="num">${t("MSE")}</th>
          ${hasSqnr ? html`<th scope="col" class="num">${t("SQNR")}</th>` : nothing}
          <th scope="col" class="num">${t("KL")}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ id, label, figures, isEstimated }) =>
            html`<tr class=${!isEstimated && figures?.mse === least ? "best" : ""} data-method=${id}>
              <th scope="row">${label}</th>
              <td class="num">${figures ? range(figures.low, figures.high) : missing}</td>
              <td class="num">${significant(figures?.scale)}</td>
              <td class="num">${figures ? count(figures.zeroPoint) : missing}</td>
              <td class="num">${figures?.clipped === undefined ? missing : count(figures.clipped)}</td>
              <td class="num">${figures ? `${isEstimated ? "≈ " : ""}${significant(figures.mse)}` : missing}</td>
              ${hasSqnr ? html`<td class="num">${decibels(figures?.sqnrDb)}</td>` : nothing}
              <td class="num">${significant(figures?.divergence)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function decibels(sqnrDb: number | null | undefined): string {
  return sqnrDb === null || sqnrDb === undefined ? missing : t("{0} dB", fixed(sqnrDb, 1));
}
