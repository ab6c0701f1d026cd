import { html, type TemplateResult } from "lit";
import type { PreviewReport } from "../../../src/jobs/contract";
import { compact, count, significant, signed, signedCount } from "../../ui/format";
import { t } from "../../ui/l10n";

/** Statistics of the values before and after, and how far they moved. */
export function beforeAfterTable({ beforeFigures: before, afterFigures: after, sampled }: PreviewReport): TemplateResult {
  const rows: [string, "min" | "mean" | "std" | "max"][] = [
    [t("Minimum"), "min"],
    [t("Mean"), "mean"],
    [t("Standard deviation"), "std"],
    [t("Maximum"), "max"],
  ];
  const write = sampled ? (value: number): string => `≈ ${compact(value)}` : count;
  const counts: [string, "zero" | "nan" | "inf"][] = [[t("Zeros"), "zero"]];
  // Most tensors have none, and need no row to say so.
  if (before.nan + after.nan > 0) counts.push(["NaN", "nan"]);
  if (before.inf + after.inf > 0) counts.push([t("Infinite"), "inf"]);
  return html`<table class="facts" aria-label=${t("Statistics before and after")}>
    <thead>
      <tr>
        <td></td>
        <th scope="col" class="num">${t("Before")}</th>
        <th scope="col" class="num">${t("After")}</th>
        <th scope="col" class="num">${t("Change")}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([label, key]) =>
          html`<tr>
            <th scope="row">${label}</th>
            <td class="num">${significant(before[key])}</td>
            <td class="num">${significant(after[key])}</td>
            <td class="num muted">${signed(difference(after[key], before[key]))}</td>
          </tr>`,
      )}
      ${counts.map(
        ([label, key]) =>
          html`<tr>
            <th scope="row">${label}</th>
            <td class="num">${write(before[key])}</td>
            <td class="num">${write(after[key])}</td>
            <td class="num muted">${sampled ? "" : signedCount(after[key] - before[key])}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function difference(after: number | null, before: number | null): number | null {
  return after === null || before === null ? null : after - before;
}
