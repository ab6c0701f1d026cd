import { html, nothing, svg, type TemplateResult } from "lit";
import type { CodingWay, MechanicsReport } from "../../../src/core/lesson/mechanics";
import { linearTicks } from "../../charts/axisTicks";
import { count, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { exactNumber as exact } from "../exactNumber";

/** Geometry, in pixels of the figure. */
const width = 860;
const height = 242;
const left = 30;
const right = 830;
const values = 42;
const codes = 108;
const lensTop = 166;
const lensBottom = 236;
const lensLeft = 250;
const lensRight = 610;
/** Codes that the lens shows on each side. */
const lensCodes = 3;
/** More ticks than these cannot be told apart. */
const mostTicks = 256;

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
  const { value } = report;
  const { from, to } = codedSpan(report, way);
  const span = to - from;
  const x = (real: number): number => left + ((Math.min(to, Math.max(from, real)) - from) / span) * (right - left);
  const codeX = (code: number): number => left + ((code - way.minCode) / (way.maxCode - way.minCode)) * (right - left);
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
  const shown = Math.max(from, Math.min(to, value));
  const near = Math.abs(codeX(way.codes.value) - codeX(way.zeroPoint)) < 34;
  return html`<svg
    class="chart"
    width=${width}
    height=${height}
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label=${summary}
    @click=${onClick}
  >
    ${linearTicks(from, to, 8).map((tick) => svg`<line x1=${x(tick)} x2=${x(tick)} y1=${values - 5} y2=${values} class="c-axis"/><text x=${x(tick)} y=${values - 10} text-anchor="middle">${exact(tick)}</text>`)}
    <line x1=${left} x2=${right} y1=${values} y2=${values} class="c-axis" />
    <line x1=${left} x2=${right} y1=${codes} y2=${codes} class="c-axis" />
    ${ticks(way, codeX)}
    <line x1=${left} x2=${left} y1=${values} y2=${codes} class="c-axis" />
    <line x1=${right} x2=${right} y1=${values} y2=${codes} class="c-axis" />
    <line x1=${x(0)} x2=${codeX(way.zeroPoint)} y1=${values} y2=${codes} class="c-axis" />
    <text x=${left} y="14" class="b" text-anchor="start">${exact(from)}</text>
    <text x=${right} y="14" class="b" text-anchor="end">${exact(to)}</text>
    <text x=${left + 12} y=${values + 18} class="lbl">${t("real values x")}</text>
    <text x=${left + 12} y=${codes - 10} class="lbl">${t("codes q")}</text>
    <text x=${left} y=${codes + 24} class="b" text-anchor="middle">${count(way.minCode)}</text>
    <text x=${right} y=${codes + 24} class="b" text-anchor="middle">${count(way.maxCode)}</text>
    ${near ? nothing : svg`<text x=${codeX(way.zeroPoint)} y=${codes + 24} class="b" text-anchor="middle">${count(way.zeroPoint)}</text>`}
    <text x=${codeX(way.zeroPoint) - 6} y=${codes - 10} text-anchor="end">${t("zero-point")}</text>
    <line x1=${x(shown)} x2=${codeX(way.codes.value)} y1=${values} y2=${codes} class="c-after" />
    <circle cx=${x(shown)} cy=${values} r="5" class="f-after" />
    <circle cx=${codeX(way.codes.value)} cy=${codes} r="5" class="f-after" />
    <text x=${x(shown) + 9} y=${values + 18} class="b">${exact(value)}</text>
    <text x=${codeX(way.codes.value)} y=${codes + 24} class="b" text-anchor="middle">${count(way.codes.value)}</text>
    ${lens(report, way, codeX(way.codes.value))}
  </svg>`;
}

function ticks(way: CodingWay, codeX: (code: number) => number): TemplateResult[] {
  const all = way.maxCode - way.minCode + 1;
  const stride = Math.ceil(all / mostTicks);
  return Array.from({ length: Math.ceil(all / stride) }, (_, i) => {
    const at = way.minCode + i * stride;
    const long = at % 10 === 0 || all <= 32;
    return svg`<line x1=${codeX(at)} x2=${codeX(at)} y1=${codes} y2=${codes + (long ? 8 : 4)} class="c-level"/>`;
  });
}

/** The codes around the value, large: where the value lies between them, and where it goes. */
function lens({ value }: MechanicsReport, way: CodingWay, fromX: number): TemplateResult {
  const middle = way.codes.value;
  const y = lensBottom - 26;
  const pitch = (lensRight - lensLeft - 60) / (2 * lensCodes);
  const at = (code: number): number => (lensLeft + lensRight) / 2 + (code - middle) * pitch;
  const exactX = Math.min(lensRight - 8, Math.max(lensLeft + 8, at(way.exact)));
  const shownCodes = Array.from({ length: 2 * lensCodes + 1 }, (_, i) => middle - lensCodes + i).filter(
    (code) => code >= way.minCode && code <= way.maxCode,
  );
  const onLeft = way.exact <= middle;
  return svg`<path d="M${fromX - 8} ${codes + 30}L${fromX + 8} ${codes + 30}L${lensRight} ${lensTop}L${lensLeft} ${lensTop}z" class="lens"/>
    <rect x=${lensLeft} y=${lensTop} width=${lensRight - lensLeft} height=${lensBottom - lensTop} class="lens-box"/>
    <line x1=${lensLeft + 12} x2=${lensRight - 12} y1=${y} y2=${y} class="c-axis"/>
    ${shownCodes.map((code) => svg`<line x1=${at(code)} x2=${at(code)} y1=${y - 5} y2=${y + 5} class="c-level"/><text x=${at(code)} y=${y + 19} text-anchor="middle" class=${code === middle ? "b" : ""}>${count(code)}</text>`)}
    <line x1=${exactX} x2=${at(middle)} y1=${y} y2=${y} class="error-line"/>
    <circle cx=${exactX} cy=${y} r="4.5" class="hollow"/><circle cx=${at(middle)} cy=${y} r="4.5" class="f-after"/>
    <text x=${onLeft ? exactX - 2 : exactX + 2} y=${y - 22} text-anchor=${onLeft ? "end" : "start"} class="lbl">${t("{0} is at {1}", exact(value), significant(way.exact, 5))}</text>
    <text x=${onLeft ? at(middle) + 2 : at(middle) - 2} y=${y - 22} text-anchor=${onLeft ? "start" : "end"} class="b">${t("stored as {0}", count(middle))}</text>
    <text x=${lensLeft - 12} y=${y - 14} text-anchor="end">${t("what is lost:")}</text>
    <text x=${lensLeft - 12} y=${y + 2} text-anchor="end" class="lbl">${t("{0} − {1} = {2}", significant(way.decoded, 6), exact(value), significant(way.error))}</text>
    <text x=${lensRight + 12} y=${y - 14}>${t("one step is the scale:")}</text>
    <text x=${lensRight + 12} y=${y + 2} class="lbl">${significant(way.scale, 6)}</text>`;
}
