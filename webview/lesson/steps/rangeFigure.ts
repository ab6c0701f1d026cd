import { html, nothing, svg, type TemplateResult } from "lit";
import type { HistogramReport } from "../../../src/core/measure/reports";
import type { NumberLineReport } from "../../../src/protocol/lesson";
import { linearTicks } from "../../charts/axisTicks";
import { exactNumber as exact } from "../exactNumber";
import { fitted } from "../fittedDrawing";
import { percent, range, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { valueShape } from "./valueShape";

/** Geometry, in pixels of the figure. */
const widest = 760;
const height = 272;
const edge = 16;
const axis = 168;
const shapeHeight = 140;
/** Tops of the bars of both ranges. */
const bars = { whole: 200, even: 238 };
const barHeight = 12;
/** What both labels of the outermost weights take beside each other. */
const roomOfLabels = 230;

/** Share of the symmetric range that lies beyond the outermost weights. */
export function shareBeyond(whole: NumberLineReport, even: NumberLineReport): number {
  return 1 - (Math.max(whole.max, 0) - Math.min(whole.min, 0)) / (even.high - even.low);
}

/** Where weights lie, and below it both ranges: what of a range lies beyond all weights is in the colour of damage. */
export function rangeFigure(before: HistogramReport, whole: NumberLineReport, even: NumberLineReport, symmetric: boolean): TemplateResult {
  return fitted(widest, (width) => drawRanges(before, whole, even, symmetric, width));
}

function drawRanges(
  before: HistogramReport,
  whole: NumberLineReport,
  even: NumberLineReport,
  symmetric: boolean,
  width: number,
): TemplateResult {
  const [left, right] = [edge, width - edge];
  const [low, high] = [Math.min(whole.low, even.low), Math.max(whole.high, even.high)];
  const x = (value: number): number => left + ((value - low) / (high - low)) * (right - left);
  const { min, max } = whole;
  const summary = t(
    "The weights lie from {0} to {1}. The asymmetric range is {2}, the symmetric one {3}; {4} of it is beyond both the weights and zero.",
    significant(min),
    significant(max),
    range(whole.low, whole.high),
    range(even.low, even.high),
    percent(shareBeyond(whole, even)),
  );
  return html`<svg class="chart" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="img" aria-label=${summary}>
    ${valueShape(before, x, axis, shapeHeight)}
    <line x1=${left} x2=${right} y1=${axis} y2=${axis} class="c-axis" />
    ${linearTicks(low, high, width / 95).map((tick) => svg`<line x1=${x(tick)} x2=${x(tick)} y1=${axis} y2=${axis + 4} class="c-axis"/><text x=${x(tick)} y=${axis + 16} text-anchor="middle">${exact(tick)}</text>`)}
    ${[min, max].map((value) => svg`<line x1=${x(value)} x2=${x(value)} y1="24" y2=${bars.even + barHeight} class="c-level dash"/>`)}
    ${endLabels(whole, x, width)} ${bar(bars.whole, t("asymmetric"), whole, !symmetric, x)}
    ${bar(bars.even, t("symmetric"), even, symmetric, x)}
  </svg>`;
}

/** The outermost weights by name: between their lines, or where these are close, both on the side with more room. */
function endLabels({ min, max }: NumberLineReport, x: (value: number) => number, width: number): TemplateResult {
  const [smallest, largest] = [t("smallest {0}", significant(min)), t("largest {0}", significant(max))];
  const label = (text: string, at: number, y: number, anchor: "start" | "end"): TemplateResult =>
    svg`<text x=${at + (anchor === "start" ? 5 : -5)} y=${y} text-anchor=${anchor} class="b">${text}</text>`;
  if (x(max) - x(min) > roomOfLabels) return svg`${label(smallest, x(min), 32, "start")}${label(largest, x(max), 32, "end")}`;
  const isLeft = x(min) + x(max) < width;
  const [at, anchor] = isLeft ? [x(max), "start" as const] : [x(min), "end" as const];
  return svg`${label(smallest, at, 32, anchor)}${label(largest, at, 48, anchor)}`;
}

function bar(top: number, label: string, line: NumberLineReport, chosen: boolean, x: (value: number) => number): TemplateResult {
  const [from, to] = [x(line.low), x(line.high)];
  // A range that contains zero for its sake alone has no weights on that side, but is not wasted: zero is exact.
  const [first, last] = [x(Math.min(line.min, 0)), x(Math.max(line.max, 0))];
  const piece = (start: number, end: number): TemplateResult | typeof nothing =>
    end - start > 1 ? svg`<rect x=${start} y=${top} width=${end - start} height=${barHeight} class="f-error"/>` : nothing;
  return svg`<rect x=${from} y=${top} width=${to - from} height=${barHeight} class=${chosen ? "f-after" : "c-before"}/>
    ${line.symmetric ? [piece(from, first), piece(last, to)] : nothing}
    <line x1=${x(0)} x2=${x(0)} y1=${top - 2} y2=${top + barHeight + 2} class="c-axis"/>
    <text x=${(from + to) / 2} y=${top + barHeight + 12} text-anchor="middle" class=${chosen ? "b" : ""}>${label}</text>`;
}
