import type { TensorStats } from "../../../src/core/measure/reports";
import type { PreviewReport } from "../../../src/jobs/contract";
import type { FigureBin, FigureModel } from "../../charts/figureModel";
import type { Series } from "../../charts/beforeAfterFigure";
import type { Marker } from "../../charts/overlay";
import { count, decimalsFor, fixed, percent, significant } from "../../ui/format";
import { t } from "../../ui/l10n";

/** Weights that were not zero and become it. */
export function newZeros({ beforeFigures, afterFigures, sampled }: PreviewReport): number {
  return sampled ? 0 : Math.max(0, afterFigures.zero - beforeFigures.zero);
}

/** The words beside the peak at zero; empty when there is nothing to say. */
export function zerosLabel(report: PreviewReport): string {
  const zeros = newZeros(report);
  if (zeros === 0) return "";
  return zeros === 1 ? t("1 weight becomes exactly zero") : t("{0} weights become exactly zero", count(zeros));
}

/** Percentiles and mean ± σ, those that matter most first. */
export function markersOf(report: PreviewReport, stats: TensorStats | undefined): Marker[] {
  const { mean, std } = report.beforeFigures;
  const markers: Marker[] = [];
  for (const key of ["0.1", "99.9"]) {
    const value = stats?.percentiles?.[key];
    if (value !== undefined) markers.push({ label: `${fixed(Number(key), 1)} %`, value });
  }
  if (mean !== null && std !== null && std > 0) markers.push({ label: "−σ", value: mean - std }, { label: "+σ", value: mean + std });
  return markers;
}

/** The figure in a sentence with numbers, for those who do not see it. */
export function figureSummary(report: PreviewReport, scheme: string, values: number, logScale: boolean): string {
  const { beforeFigures: before, errors } = report;
  const parts = [
    t(
      "Histogram of {0} weights from {1} to {2}, {3} count.",
      count(values),
      significant(before.min),
      significant(before.max),
      logScale ? t("log") : t("linear"),
    ),
  ];
  if (report.sampled) parts.push(t("{0} of the values were measured so far.", percent(report.share)));
  const relative = ofSigma(errors.rmse, before.std);
  parts.push(t("After {0} the RMS error is {1}, {2}.", scheme, significant(errors.rmse), relative ?? t("σ is zero")));
  const zeros = zerosLabel(report);
  if (zeros !== "") parts.push(`${zeros}.`);
  return parts.join(" ");
}

/** An error as a share of the spread: `8.6 % of σ`. Undefined where there is no spread. */
export function ofSigma(error: number | null, std: number | null): string | undefined {
  if (error === null || std === null || std === 0) return undefined;
  return t("{0} of σ", percent(error / std));
}

/** The values a bin covers, with the decimals that tell bins apart. */
export function binRange(bin: FigureBin, model: FigureModel): string {
  const decimals = decimalsFor((model.high - model.low) / model.bins.length);
  return `${fixed(bin.low, decimals)} … ${fixed(bin.high, decimals)}`;
}

/** What is said when the cursor comes to a bin. */
export function binAnnouncement(bin: FigureBin, model: FigureModel, series: Series): string {
  const range = binRange(bin, model);
  if (series === "before") return t("{0}: {1} weights before", range, count(bin.before));
  if (series === "after") return t("{0}: {1} weights after", range, count(bin.after));
  return bin.error === null ? t("{0}: too few weights for an error", range) : t("{0}: RMS error {1}", range, significant(bin.error));
}

/** The bins as comma-separated values, full precision, with a header line. */
export function figureCsv(model: FigureModel): string {
  const lines = model.bins.map((bin) => [bin.low, bin.high, bin.before, bin.after, bin.error ?? ""].join(","));
  return ["low,high,before,after,rms_error", ...lines].join("\n") + "\n";
}
