import { html, nothing, svg, type TemplateResult } from "lit";
import type { Snap } from "../../../src/core/lesson/numberLine";
import type { NumberLineReport } from "../../../src/protocol/lesson";
import { count, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { fitted, isRoomy } from "../fittedDrawing";

/** Geometry, in pixels of the figure. */
const widest = 860;
const height = 214;
const edge = 24;
const top = 8;
const axis = 136;
/** Below the label of the chosen value. */
const stackTop = top + 20;
/** Of a weight, where there is room for all of them and where they would pile up. */
const [radius, smallRadius] = [4, 3];
/** Labels are left out where levels are closer than this. */
const labelPitch = 60;

export interface NumberLineEvents {
  /** A weight was clicked, by its place. */
  choose(place: number): void;
  /** A place of the line was clicked or dragged to. */
  drag(value: number): void;
  key(event: KeyboardEvent): void;
}

/** Where one value goes, in a sentence. */
export function snapText({ value, code, decoded, error }: Snap, { scale }: NumberLineReport): string {
  const steps = scale > 0 ? Math.abs(error) / scale : 0;
  return t(
    "{0} becomes code {1}, which decodes to {2}: error {3}, {4} of a step.",
    significant(value, 4),
    count(code),
    significant(decoded, 4),
    significant(Math.abs(error)),
    significant(steps, 2),
  );
}

/** The levels of a tensor as a line, real weights stacked above it, and one of them on its way to its level. */
export function numberLineFigure(report: NumberLineReport, snap: Snap, events: NumberLineEvents): TemplateResult {
  return fitted(widest, (width) => drawLine(report, snap, events, width));
}

function drawLine(report: NumberLineReport, snap: Snap, events: NumberLineEvents, width: number): TemplateResult {
  const [left, right] = [edge, width - edge];
  const { levels, weights, low, high } = report;
  // The values that round to the outermost levels have room, too.
  const room = levels.length > 1 ? report.scale / 2 : 1;
  const x = (value: number): number => left + ((value - low + room) / (high - low + 2 * room)) * (right - left);
  const valueAt = (event: PointerEvent): number => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const place = ((event.clientX - box.left) / box.width) * width;
    return Math.min(high + room, Math.max(low - room, low - room + ((place - left) / (right - left)) * (high - low + 2 * room)));
  };
  const onPointer = (event: PointerEvent): void => {
    const weight = event.target instanceof Element ? event.target.getAttribute("data-weight") : null;
    if (event.type === "pointerdown" && weight !== null) return events.choose(Number(weight));
    if (event.type === "pointerdown") (event.currentTarget as Element).setPointerCapture(event.pointerId);
    else if (!(event.currentTarget as Element).hasPointerCapture(event.pointerId)) return;
    events.drag(valueAt(event));
  };
  const size = isRoomy(width) ? radius : smallRadius;
  const pitch = (right - left) / levels.length;
  const stride = Math.max(1, Math.ceil(24 / pitch));
  const valueStride = Math.max(1, Math.ceil(labelPitch / pitch));
  // Values are named from exact zero on, to both sides.
  const zero = Math.max(
    0,
    levels.findIndex(({ value }) => value === 0),
  );
  return html`<svg
    class="chart number-line"
    width=${width}
    height=${height}
    viewBox="0 0 ${width} ${height}"
    role="img"
    tabindex="0"
    aria-label=${t("Number line with {0} levels.", count(levels.length)) + " " + snapText(snap, report)}
    aria-keyshortcuts="ArrowLeft ArrowRight Home End"
    @keydown=${events.key}
    @pointerdown=${onPointer}
    @pointermove=${onPointer}
  >
    <rect x="0" y="0" width=${width} height=${axis} fill="transparent" />
    ${levels.map(({ value }, i) => (i % 2 === 0 ? svg`<rect x=${x(value) - pitch / 2} y=${top} width=${pitch} height=${axis - top} class="f-level-soft nopointer"/>` : nothing))}
    <line x1=${left} x2=${right} y1=${axis} y2=${axis} class="c-axis" />
    ${levels.map(({ value }) => svg`<line x1=${x(value)} x2=${x(value)} y1=${axis - 8} y2=${axis} class="c-level nopointer"/>`)}
    ${levels.map(({ code, value }, i) => (i % stride === 0 ? svg`<text x=${x(value)} y=${axis + 16} text-anchor="middle" class="lbl">${count(code)}</text>` : nothing))}
    ${levels.map(({ value }, i) => ((i - zero) % valueStride === 0 ? svg`<text x=${x(value)} y=${axis + 31} text-anchor="middle">${significant(value)}</text>` : nothing))}
    ${stacked(weights, x, size).map(
      ({ place, cx, cy }) =>
        svg`<circle cx=${cx} cy=${cy} r=${size} class="weight ${weights[place] === snap ? "chosen" : ""}" data-weight=${place}/>`,
    )}
    ${path(snap, x, { pitch, left, right })}
  </svg>`;
}

/** Dots above the ones that are already at their place; they cover each other only where they would grow out of the figure. */
function stacked(weights: readonly Snap[], x: (value: number) => number, size: number): { place: number; cx: number; cy: number }[] {
  const heights = new Map<number, number>();
  const dots = weights.map(({ value }, place) => {
    const cx = x(value);
    const slot = Math.round(cx / (2 * size));
    const above = heights.get(slot) ?? 0;
    heights.set(slot, above + 1);
    return { place, cx, above };
  });
  const lowest = axis - size - 10;
  const pitch = Math.min(2 * size + 1, (lowest - stackTop) / Math.max(1, ...heights.values()));
  return dots.map(({ place, cx, above }) => ({ place, cx, cy: lowest - above * pitch }));
}

/** From the value down to its level, with the distance below the line. */
function path(
  { value, decoded, error }: Snap,
  x: (value: number) => number,
  { pitch, left, right }: { pitch: number; left: number; right: number },
): TemplateResult {
  const from = x(value);
  const to = x(decoded);
  const onRight = from > (left + right) / 2;
  const y = axis + 42;
  return svg`<g class="nopointer">
    <path d="M${from} ${top + 14}L${from} ${axis - 14}Q${from} ${axis} ${to} ${axis}" class="c-after"/>
    <circle cx=${from} cy=${axis - 14} r="5" class="hollow"/><circle cx=${to} cy=${axis} r="5" class="f-after"/>
    <text x=${from + (onRight ? -6 : 6)} y=${top + 12} text-anchor=${onRight ? "end" : "start"} class="b">x = ${significant(value, 4)}</text>
    <path d="M${from} ${y - 6}L${from} ${y}L${to} ${y}L${to} ${y - 6}" class="c-error"/>
    <text x=${Math.min(right - 60, Math.max(left + 60, (from + to) / 2))} y=${y + 18} text-anchor="middle" class="b">${t("error {0}", significant(Math.abs(error)))}</text>
    ${pitch < 8 ? svg`<circle cx=${to} cy=${axis} r="7" class="c-after"/>` : nothing}
  </g>`;
}
