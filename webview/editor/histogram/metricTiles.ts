import { html, nothing, type TemplateResult } from "lit";
import type { PreviewReport } from "../../../src/jobs/contract";
import { bytes, fixed, missing, percentNumber, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { ofSigma } from "./figureText";

interface Tile {
  label: string;
  value: string;
  unit?: string;
  /** Says whether the value is much. */
  context: string;
  title: string;
}

/** The six figures of merit of a scheme on this tensor, each with a line that says whether it is much. */
export function metricTiles(report: PreviewReport): TemplateResult {
  const approximate = report.sampled ? "≈ " : "";
  return html`<dl class="tiles" aria-label=${t("Errors")}>
    ${tilesOf(report).map(
      (tile) =>
        html`<div class="tile" title=${tile.title}>
          <dt>${tile.label}</dt>
          <dd>
            ${tile.value === missing ? "" : approximate}${tile.value}${tile.unit === undefined ? nothing : html`<small>${tile.unit}</small>`}
          </dd>
          <dd class="ctx">${tile.context}</dd>
        </div>`,
    )}
  </dl>`;
}

function tilesOf({ errors, beforeFigures }: PreviewReport): Tile[] {
  const { mae, rmse, maxError, within5, sqnrDb, bitsPerWeight } = errors;
  const exact = rmse === 0;
  return [
    { label: "MAE", value: significant(mae), context: ofSigma(mae, beforeFigures.std) ?? "", title: t("Mean absolute error") },
    {
      label: "RMSE",
      value: significant(rmse),
      context: ofSigma(rmse, beforeFigures.std) ?? "",
      title: t("Root of the mean squared error"),
    },
    {
      label: t("Max error"),
      value: significant(maxError),
      context: maxError !== null && rmse ? t("{0} × RMSE", fixed(maxError / rmse, 1)) : "",
      title: t("Largest absolute error"),
    },
    {
      label: t("Within 5 %"),
      value: within5 === null ? missing : percentNumber(within5),
      unit: within5 === null ? undefined : "%",
      context: t("of weights"),
      title: t("Share of the weights that keep at least 95 % of their size"),
    },
    {
      label: "SQNR",
      value: exact ? "∞" : sqnrDb === null ? missing : fixed(sqnrDb, 1),
      unit: exact || sqnrDb === null ? undefined : "dB",
      context: exact ? t("no error") : sqnrDb === null ? "" : t("{0} × noise", significant(10 ** (sqnrDb / 20))),
      title: t("Signal to quantization noise ratio"),
    },
    {
      label: t("Bits/weight"),
      value: significant(bitsPerWeight),
      context: bytes(errors.bytes),
      title: t("Stored bits per weight, scales included"),
    },
  ];
}
