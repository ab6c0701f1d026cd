import { html, nothing, type TemplateResult } from "lit";
import type { KnownPerplexity, LayerReport, PlaygroundReport } from "../../src/protocol/playground";
import { newZeros } from "../editor/histogram/figureText";
import { bytes, count, fixed, percent, range, significant } from "../ui/format";
import { t } from "../ui/l10n";
import { methodNames } from "./calibrated";
import { perplexityOf, rowName, writePerplexity } from "./perplexityContent";

interface Detail {
  label: string;
  value: string;
}

/** What is known besides of the layer and the model that the values are from. */
interface DetailsContext {
  layer: LayerReport | undefined;
  perplexity: KnownPerplexity | undefined;
}

/** What the tiles leave out: how the values are coded, and what became of them. */
export function detailsTable(report: PlaygroundReport, { layer, perplexity }: DetailsContext): TemplateResult {
  return html`${report.output ? outputSentence(report.output) : nothing}
    <table class="facts" aria-label=${t("Details")}>
      <tbody>
        ${[...outputDetails(report, layer?.tokens), ...detailsOf(report), ...perplexityDetails(report, perplexity)].map(
          ({ label, value }) =>
            html`<tr>
              <th scope="row">${label}</th>
              <td class="num">${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

/** Of the whole model, where it was measured. */
function perplexityDetails({ output, measuredAs }: PlaygroundReport, known: KnownPerplexity | undefined): Detail[] {
  const row = output ? undefined : perplexityOf(known, measuredAs.type);
  return row && known ? [{ label: t("Perplexity as {0}", rowName(row)), value: writePerplexity(row, known) }] : [];
}

/** Of a method that aims at the outputs of a layer. */
function outputDetails({ output }: PlaygroundReport, tokens: LayerReport["tokens"] | undefined): Detail[] {
  if (!output) return [];
  const { error, rounding } = output;
  return [
    { label: t("Error of the outputs"), value: percent(error) },
    {
      label: t("The same by rounding to nearest"),
      value: error > 0 ? t("{0}, {1} times as much", percent(rounding), fixed(rounding / error, 2)) : percent(rounding),
    },
    ...(tokens ? [{ label: t("Judged on held-out tokens"), value: count(tokens.heldOut) }] : []),
  ];
}

function outputSentence({ method }: NonNullable<PlaygroundReport["output"]>): TemplateResult {
  return html`<p class="xs muted outputs-note">
    ${t(
      "{0} aims at the outputs of the layer: the errors of its weights, above, may be larger than by rounding while that of the outputs is smaller.",
      methodNames[method],
    )}
  </p>`;
}

function detailsOf(report: PlaygroundReport): Detail[] {
  const { preview, times } = report;
  const { errors, beforeFigures, sampled } = preview;
  const details = [{ label: t("Method"), value: report.label }, ...affineDetails(report)];
  const zeros = newZeros(preview);
  const values = report.shape.reduce((product, dimension) => product * dimension, 1);
  if (!sampled) details.push({ label: t("Weights that became 0"), value: `${count(zeros)} (${percent(zeros / values)})` });
  if (errors.overflow !== undefined) details.push({ label: t("Overflows"), value: count(errors.overflow) });
  return [
    ...details,
    { label: t("Values before"), value: range(beforeFigures.min, beforeFigures.max) },
    { label: t("Cosine similarity"), value: fixed(errors.cosine, 5) },
    { label: t("Bytes of these weights"), value: bytes(errors.bytes) },
    { label: t("Compression"), value: againstFp32(times) },
  ];
}

/** Scales make codes of 32 bits larger than what they stand for. */
function againstFp32(times: number): string {
  if (times === 1) return t("as large as FP32");
  return times > 1 ? t("{0}× smaller than FP32", fixed(times, 2)) : t("{0} larger than FP32", percent(1 / times - 1));
}

/** Scales, zero-points and codes of affine schemes. */
function affineDetails({ affine: coded, preview }: PlaygroundReport): Detail[] {
  if (!coded) return [];
  const { affine } = preview;
  const symmetric = coded.minCode < 0;
  const codes = `${count(coded.minCode)} … ${count(coded.maxCode)}`;
  const details = affine
    ? [
        { label: t("Scale"), value: significant(affine.scale, 6) },
        { label: t("Zero-point"), value: symmetric ? t("0 (symmetric)") : count(affine.zeroPoint) },
      ]
    : [
        { label: t("Scales"), value: count(coded.ranges) },
        { label: t("Zero-points"), value: symmetric ? t("0 (symmetric)") : t("{0}, one for each scale", count(coded.ranges)) },
      ];
  return [...details, { label: t("Codes"), value: codes }];
}

/** Everything that is measured as comma-separated values, full precision, with a header line. */
export function detailsCsv({ preview, affine: coded, times, size, output }: PlaygroundReport): string {
  const { errors, affine, scheme, share } = preview;
  const rows: [string, unknown][] = [
    ["scheme", scheme],
    ["method", output?.method ?? "rtn"],
    ["output_error", output?.error],
    ["output_error_by_rounding", output?.rounding],
    ["share_measured", share],
    ["mae", errors.mae],
    ["rmse", errors.rmse],
    ["max_error", errors.maxError],
    ["within_5_percent", errors.within5],
    ["sqnr_db", errors.sqnrDb],
    ["cosine", errors.cosine],
    ["bits_per_weight", errors.bitsPerWeight],
    ["bytes", errors.bytes],
    ["times_smaller_than_fp32", times],
    ["scales", coded?.ranges],
    ["scale", affine?.scale],
    ["zero_point", affine?.zeroPoint],
    ["min_code", coded?.minCode],
    ["max_code", coded?.maxCode],
    ["model_parameters", size?.parameters],
    ["model_bytes", size?.bytes],
  ];
  return ["figure,value", ...rows.map(([name, value]) => `${name},${String(value ?? "")}`)].join("\n") + "\n";
}
