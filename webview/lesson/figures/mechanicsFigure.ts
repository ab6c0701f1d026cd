import { html, svg, type TemplateResult } from "lit";
import type { CodingWay, MechanicsReport } from "../../../src/core/lesson/mechanics";
import { linearTicks } from "../../charts/axisTicks";
import { count, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { exactNumber as exact } from "../exactNumber";
import { fitted, isRoomy } from "../fittedDrawing";

/** Geometry, in pixels of the figure. */
const widest = 860;
const edge = 30;
const values = 42;
const codes = 108;
const lensTop = 166;
const lensBottom = 236;
const lensWidth = 360;
/** Codes that the lens shows on each side. */
const lensCodes = 3;
/** Ticks that are closer cannot be told apart. */
const tickPitch = 3;
/** Labels of codes are not closer than this. */
const labelPitch = 34;
/** Room for the words of a row, which stand at its emptier end. */
const rowWords = 130;

/** Where everything is in a figure of one width. */
interface Places {
  width: number;
  left: number;
  right: number;
  /** Places a code. */
  codeX(code: number): number;
}

/** The values that a way's codes cover: of a symmetric one, as far on both sides as the larger magnitude. */
export function codedSpan({ from, to }: MechanicsReport, { symmetric }: CodingWay): { from: number; to: number } {
  if (!symmetric) return { from, to };
  const most = Math.max(-from, to);
  return { from: -most, to: most };
}

/**
 * Two rulers, real values above and codes below; the value goes down to its code, and a lens shows how far it moves.
 * @param choose called with the value at the point of the upper ruler that was clicked
 */
export function mechanicsFigure(report: MechanicsReport, way: CodingWay, choose: (value: number) => void): TemplateResult {
  return fitted(widest, (width) => rulers(report, way, choose, width));
}

function rulers(report: MechanicsReport, way: CodingWay, choose: (value: number) => void, width: number): TemplateResult {
  const { value } = report;
  const { from, to } = codedSpan(report, way);
  const span = to - from;
  const [left, right] = [edge, width - edge];
  const height = lensBottom + (isRoomy(width) ? 6 : 42);
  const x = (real: number): number => left + ((Math.min(to, Math.max(from, real)) - from) / span) * (right - left);
  const codeX = (code: number): number => left + ((code - way.minCode) / (way.maxCode - way.minCode)) * (right - left);
  const places: Places = { width, left, right, codeX };
  const summary = t(
    "The range from {0} to {1} in {2} codes: {3} becomes code {4}, which stands for {5}.",
    exact(from),
    exact(to),
    count(way.maxCode - way.minCode + 1),
    exact(value),
    count(way.codes.value),
    significant(way.decoded, 6),
  );
  const onClick = (event: MouseEvent): void => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const share = (((event.clientX - box.left) / box.width) * width - left) / (right - left);
    // To hundredths of the range: what is clicked is a place, not digits.
    const digits = Math.max(0, 2 - Math.floor(Math.log10(span)));
    choose(Number((from + Math.min(1, Math.max(0, share)) * span).toFixed(Math.min(12, digits))));
  };
  const shown = x(value);
  const zero = codeX(way.zeroPoint);
  return html`<svg
    class="chart"
    width=${width}
    height=${height}
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label=${summary}
    @click=${onClick}
  >
    ${linearTicks(from, to, width / 108).map((tick) => svg`<line x1=${x(tick)} x2=${x(tick)} y1=${values - 5} y2=${values} class="c-axis"/><text x=${x(tick)} y=${values - 10} text-anchor="middle">${exact(tick)}</text>`)}
    <line x1=${left} x2=${right} y1=${values} y2=${values} class="c-axis" />
    <line x1=${left} x2=${right} y1=${codes} y2=${codes} class="c-axis" />
    ${ticks(way, places)}
    <line x1=${left} x2=${left} y1=${values} y2=${codes} class="c-axis" />
    <line x1=${right} x2=${right} y1=${values} y2=${codes} class="c-axis" />
    <line x1=${x(0)} x2=${zero} y1=${values} y2=${codes} class="c-axis" />
    <text x=${left} y="14" class="b" text-anchor="start">${exact(from)}</text>
    <text x=${right} y="14" class="b" text-anchor="end">${exact(to)}</text>
    ${rowLabel(places, shown, values + 18, t("real values x"))} ${rowLabel(places, zero, codes - 10, t("codes q"))}
    ${codeLabels(way, codeX)} ${beside(places, zero, codes - 10, t("zero-point"), { prefers: "left", gap: 6 })}
    <line x1=${shown} x2=${codeX(way.codes.value)} y1=${values} y2=${codes} class="c-after" />
    <circle cx=${shown} cy=${values} r="5" class="f-after" />
    <circle cx=${codeX(way.codes.value)} cy=${codes} r="5" class="f-after" />
    ${beside(places, shown, values + 18, exact(value), { prefers: "right", gap: 9, className: "b" })} ${lens(report, way, places)}
  </svg>`;
}

/** What a ruler holds, at the end that is farther from its mark. */
function rowLabel({ left, right }: Places, mark: number, y: number, text: string): TemplateResult {
  return mark - left > rowWords
    ? svg`<text x=${left + 12} y=${y} class="lbl">${text}</text>`
    : svg`<text x=${right - 12} y=${y} text-anchor="end" class="lbl">${text}</text>`;
}

/** A label beside a mark, on the other side of it where the preferred one has no room. */
function beside(
  { left, right }: Places,
  mark: number,
  y: number,
  text: string,
  { prefers, gap, className = "" }: { prefers: "left" | "right"; gap: number; className?: string },
): TemplateResult {
  const onLeft = prefers === "left" ? mark - left > rowWords : right - mark < rowWords / 2;
  return svg`<text x=${onLeft ? mark - gap : mark + gap} y=${y} text-anchor=${onLeft ? "end" : "start"} class=${className}>${text}</text>`;
}

/** The codes of the value, of both ends and of zero, without those that would run into one before. */
function codeLabels({ codes: { value }, minCode, maxCode, zeroPoint }: CodingWay, codeX: (code: number) => number): TemplateResult[] {
  const labelled: number[] = [];
  for (const code of [value, minCode, maxCode, zeroPoint]) {
    if (labelled.every((other) => Math.abs(codeX(other) - codeX(code)) >= labelPitch)) labelled.push(code);
  }
  return labelled.map((code) => svg`<text x=${codeX(code)} y=${codes + 24} class="b" text-anchor="middle">${count(code)}</text>`);
}

function ticks(way: CodingWay, { left, right, codeX }: Places): TemplateResult[] {
  const all = way.maxCode - way.minCode + 1;
  const stride = Math.ceil((all * tickPitch) / (right - left));
  return Array.from({ length: Math.ceil(all / stride) }, (_, i) => {
    const at = way.minCode + i * stride;
    const long = at % 10 === 0 || all <= 32;
    return svg`<line x1=${codeX(at)} x2=${codeX(at)} y1=${codes} y2=${codes + (long ? 8 : 4)} class="c-level"/>`;
  });
}

/** The codes around the value, large: where the value lies between them, and where it goes. */
function lens({ value }: MechanicsReport, way: CodingWay, { width, codeX }: Places): TemplateResult {
  const middle = way.codes.value;
  const fromX = codeX(middle);
  const y = lensBottom - 26;
  const [lensLeft, lensRight] = [(width - Math.min(lensWidth, width)) / 2, (width + Math.min(lensWidth, width)) / 2];
  const pitch = (lensRight - lensLeft - 60) / (2 * lensCodes);
  const at = (code: number): number => width / 2 + (code - middle) * pitch;
  const exactX = Math.min(lensRight - 8, Math.max(lensLeft + 8, at(way.exact)));
  const shownCodes = Array.from({ length: 2 * lensCodes + 1 }, (_, i) => middle - lensCodes + i).filter(
    (code) => code >= way.minCode && code <= way.maxCode,
  );
  const onLeft = way.exact <= middle;
  // Of a value that is clipped, the place is beyond the lens, so its label stands inside.
  const isOutside = exactX !== at(way.exact);
  return svg`<path d="M${fromX - 8} ${codes + 30}L${fromX + 8} ${codes + 30}L${lensRight} ${lensTop}L${lensLeft} ${lensTop}z" class="lens"/>
    <rect x=${lensLeft} y=${lensTop} width=${lensRight - lensLeft} height=${lensBottom - lensTop} class="lens-box"/>
    <line x1=${lensLeft + 12} x2=${lensRight - 12} y1=${y} y2=${y} class="c-axis"/>
    ${shownCodes.map((code) => svg`<line x1=${at(code)} x2=${at(code)} y1=${y - 5} y2=${y + 5} class="c-level"/><text x=${at(code)} y=${y + 19} text-anchor="middle" class=${code === middle ? "b" : ""}>${count(code)}</text>`)}
    <line x1=${exactX} x2=${at(middle)} y1=${y} y2=${y} class="error-line"/>
    <circle cx=${exactX} cy=${y} r="4.5" class="hollow"/><circle cx=${at(middle)} cy=${y} r="4.5" class="f-after"/>
    <text x=${isOutside ? exactX : onLeft ? exactX - 2 : exactX + 2} y=${y - 22} text-anchor=${onLeft !== isOutside ? "end" : "start"} class="lbl">${t("{0} is at {1}", exact(value), significant(way.exact, 5))}</text>
    <text x=${onLeft ? at(middle) + 2 : at(middle) - 2} y=${y - 22} text-anchor=${onLeft ? "start" : "end"} class="b">${t("stored as {0}", count(middle))}</text>
    ${lensWords(value, way, { lensLeft, lensRight, width })}`;
}

/** What the lens shows in numbers: on both sides of it, or below where there is no room. */
function lensWords(value: number, way: CodingWay, lens: { lensLeft: number; lensRight: number; width: number }): TemplateResult {
  const { lensLeft, lensRight, width } = lens;
  const lost = t("{0} − {1} = {2}", significant(way.decoded, 6), exact(value), significant(way.error));
  const middle = (lensTop + lensBottom) / 2;
  if (!isRoomy(width)) {
    const line = (y: number, words: string, number: string): TemplateResult =>
      svg`<text x=${width / 2} y=${y} text-anchor="middle">${words} <tspan class="lbl">${number}</tspan></text>`;
    return svg`${line(lensBottom + 18, t("what is lost:"), lost)}${line(lensBottom + 36, t("one step is the scale:"), significant(way.scale, 6))}`;
  }
  return svg`<text x=${lensLeft - 12} y=${middle - 5} text-anchor="end">${t("what is lost:")}</text>
    <text x=${lensLeft - 12} y=${middle + 11} text-anchor="end" class="lbl">${lost}</text>
    <text x=${lensRight + 12} y=${middle - 5}>${t("one step is the scale:")}</text>
    <text x=${lensRight + 12} y=${middle + 11} class="lbl">${significant(way.scale, 6)}</text>`;
}
