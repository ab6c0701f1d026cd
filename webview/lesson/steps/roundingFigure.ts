import { html, nothing, svg, type TemplateResult } from "lit";
import type { HistogramReport } from "../../../src/core/measure/reports";
import type { NumberLineReport } from "../../../src/protocol/lesson";
import { linearTicks } from "../../charts/axisTicks";
import { count, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { exactNumber as exact } from "../exactNumber";
import { fitted, isRoomy } from "../fittedDrawing";
import { valueShape } from "./valueShape";

/** Geometry, in pixels of the figures. */
const widest = 760;
const left = 64;
const margin = 12;
const stairs = { height: 244, top: 22, bottom: 236 };
const saw = { height: 178, top: 22, bottom: 138 };
/** More levels than these have no dots of their own. */
const mostDots = 64;

interface Span {
  low: number;
  high: number;
}

/** Ends of what rounds to the levels: half a step beyond the outermost. */
function spanOf({ low, high, scale }: NumberLineReport): Span {
  return { low: low - scale / 2, high: high + scale / 2 };
}

function scaleX({ low, high }: Span, right: number): (value: number) => number {
  return (value) => left + ((value - low) / (high - low)) * (right - left);
}

function grid(ticks: readonly number[], y: (value: number) => number, right: number): TemplateResult[] {
  return ticks.map(
    (tick) =>
      svg`<line x1=${left} x2=${right} y1=${y(tick)} y2=${y(tick)} class="c-grid"/><text x=${left - 8} y=${y(tick) + 4} text-anchor="end">${exact(tick)}</text>`,
  );
}

/** The decoded value against the original one: as many stairs as levels, around the diagonal on which nothing is lost. */
export function staircase(line: NumberLineReport): TemplateResult {
  return fitted(widest, (width) => drawStairs(line, width));
}

function drawStairs(line: NumberLineReport, width: number): TemplateResult {
  const span = spanOf(line);
  const { low, high } = span;
  const right = width - margin;
  const x = scaleX(span, right);
  const y = (value: number): number => stairs.bottom - ((value - low) / (high - low)) * (stairs.bottom - stairs.top);
  const { levels, scale } = line;
  const path = levels.map(({ value }) => `${x(value - scale / 2)} ${y(value)}L${x(value + scale / 2)} ${y(value)}`).join("L");
  const middle = (low + high) / 2;
  const [dashed, stepped] = [t("dashed: nothing lost, x̂ = x"), t("stairs: what {0} codes can say", count(levels.length))];
  const summary = t(
    "Staircase of {0} levels around the diagonal: each value becomes the nearest level, {1} apart.",
    count(levels.length),
    significant(scale),
  );
  return html`<svg
    class="chart"
    width=${width}
    height=${stairs.height}
    viewBox="0 0 ${width} ${stairs.height}"
    role="img"
    aria-label=${summary}
  >
    ${grid(linearTicks(low, high, 6), y, right)}
    <text x=${left} y="10">${t("decoded value x̂")}</text>
    <line x1=${x(low)} x2=${x(high)} y1=${y(low)} y2=${y(high)} class="c-ink dash" />
    <path d="M${path}" class="c-after" />
    ${levels.length > mostDots ? nothing : levels.map(({ value }) => svg`<circle cx=${x(value)} cy=${y(value)} r="2.6" class="f-after"/>`)}
    ${
      isRoomy(width)
        ? svg`<text x=${x(middle) - 24} y=${y(middle + (high - low) / 8)} text-anchor="end" class="lbl">${dashed}</text>
            <text x=${x(middle) + 24} y=${y(middle - (high - low) / 8)} class="lbl">${stepped}</text>`
        : svg`<text x=${left + 12} y=${stairs.top + 24} class="lbl">${dashed}</text>
            <text x=${right} y=${stairs.bottom - 20} text-anchor="end" class="lbl">${stepped}</text>`
    }
  </svg>`;
}

/** The error against the original value, over where the weights lie. */
export function sawTooth(line: NumberLineReport, before: HistogramReport): TemplateResult {
  return fitted(widest, (width) => drawTeeth(line, before, width));
}

function drawTeeth(line: NumberLineReport, before: HistogramReport, width: number): TemplateResult {
  const span = spanOf(line);
  const right = width - margin;
  const x = scaleX(span, right);
  const { levels, scale } = line;
  const most = scale / 2;
  const middle = (saw.top + saw.bottom) / 2;
  const y = (error: number): number => middle - (error / most) * ((saw.bottom - saw.top) / 2 - 8);
  const path = levels.map(({ value }) => `${x(value - most)} ${y(most)}L${x(value + most)} ${y(-most)}`).join("L");
  const summary = t("Saw-tooth: the error is zero at each level and at most {0} between two, half a step.", significant(most));
  return html`<svg class="chart" width=${width} height=${saw.height} viewBox="0 0 ${width} ${saw.height}" role="img" aria-label=${summary}>
    ${valueShape(before, x, saw.bottom, saw.bottom - saw.top)} ${grid([-most, 0, most].map(rounded), y, right)}
    <text x=${left} y="10">${t("error x̂ − x")}</text>
    <path d="M${path}" class="c-error" />
    <line x1=${left} x2=${right} y1=${saw.bottom} y2=${saw.bottom} class="c-axis" />
    ${linearTicks(span.low, span.high, width / 108).map((tick) => svg`<text x=${x(tick)} y=${saw.bottom + 16} text-anchor="middle">${exact(tick)}</text>`)}
    <text x=${(left + right) / 2} y=${saw.bottom + 34} text-anchor="middle">
      ${t("original value x; the shape behind is where the weights lie")}
    </text>
  </svg>`;
}

/** Three digits are enough beside an axis. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
