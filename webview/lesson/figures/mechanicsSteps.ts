import { html, nothing, type TemplateResult } from "lit";
import type { CodingWay, MechanicsReport } from "../../../src/core/lesson/mechanics";
import { count, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { exactNumber as exact } from "../exactNumber";
import { codedSpan } from "./mechanicsFigure";

/** Six significant digits where a number has them: the example that is worked through keeps its digits. */
export function six(value: number): string {
  return significant(value, 6);
}

/** The four steps of one way to code a range, as calculations: range, scale and zero-point, quantize, dequantize. */
export function mechanicsSteps(report: MechanicsReport, way: CodingWay): TemplateResult {
  const { value } = report;
  const { scale, zeroPoint, minCode, maxCode, codes, decoded, error, exact: between } = way;
  // Of zero-points that are always 0 the calculation is silent.
  const added = way.symmetric && way.signed ? "" : ` + ${count(zeroPoint)}`;
  const taken = added === "" ? count(codes.value) : `(${count(codes.value)} − ${count(zeroPoint)})`;
  return html`<ol class="steps" aria-label=${t("The four steps")}>
    <li><b>${t("Range")}</b>${rangeOf(report, way)}</li>
    <li><b>${t("Scale and zero-point")}</b>${scaleOf(report, way)}</li>
    <li>
      <b>${t("Quantize")}</b><span class="mono">round(${exact(value)} / ${six(scale)})${added} = ${count(codes.value)}</span>
      ${between < minCode - 0.5 || between > maxCode + 0.5 ? html`<span class="xs">${t("outside the range: clipped to the nearest end")}</span>` : nothing}
    </li>
    <li>
      <b>${t("Dequantize")}</b><span class="mono">${taken} × ${six(scale)} = ${six(decoded)}</span
      ><span class="er">${t("error {0}", significant(Math.abs(error)))}</span>
    </li>
  </ol>`;
}

/** A negative number in brackets, to stand behind a sign. */
function bracketed(x: number): string {
  return x < 0 ? `(${exact(x)})` : exact(x);
}

function spanOf(report: MechanicsReport, way: CodingWay): string {
  const { from, to } = codedSpan(report, way);
  return exact(Number((to - from).toPrecision(6)));
}

function rangeOf(report: MechanicsReport, way: CodingWay): TemplateResult {
  const { from, to } = codedSpan(report, way);
  if (way.symmetric) return html`<span class="mono">max(|${exact(report.low)}|, |${exact(report.high)}|) = ${exact(to)}</span>`;
  return html`<span class="mono">${exact(to)} − ${bracketed(from)} = ${spanOf(report, way)}</span>`;
}

function scaleOf(report: MechanicsReport, way: CodingWay): TemplateResult {
  const { scale, zeroPoint, minCode, maxCode } = way;
  const { from, to } = codedSpan(report, way);
  if (way.symmetric) {
    return html`<span class="mono">${exact(to)} / ${count((maxCode - minCode) / 2)} = ${six(scale)}</span
      ><span class="mono">${t("zero-point")} = ${count(zeroPoint)}</span>`;
  }
  return html`<span class="mono">${spanOf(report, way)} / ${count(maxCode - minCode)} = ${six(scale)}</span
    ><span class="mono">round(${exact(from === 0 ? 0 : -from)} / ${six(scale)}) = ${count(zeroPoint)}</span>`;
}
