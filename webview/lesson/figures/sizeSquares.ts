import { html, nothing, svg, type TemplateResult } from "lit";
import type { ModelSize } from "../../../src/protocol/lesson";
import { bytes, fixed, gibibytes, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { fitted } from "../fittedDrawing";

/** Geometry of the squares, in pixels of the figure. */
const widest = 860;
const largestSquare = 20;
const gap = 2;
const squaresAcross = 7;
/** Room beside the squares of a format, at least. */
const margin = 14;
/** The most squares of the largest format. */
const mostSquares = 63;

/** Bytes of a square: the round number (1, 2 or 5 times a power of ten) with which the largest format is at most 63 squares. */
function bytesOfSquare(largest: number): number {
  const least = largest / mostSquares;
  const decade = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * decade).find((size) => size >= least)!;
}

/** A model in up to four formats, as squares that can be counted, with the sizes below. @param drawn the formats, the largest first */
export function sizeSquares(sizes: readonly ModelSize[], drawn: readonly string[]): TemplateResult {
  const cards = drawn.flatMap((type) => sizes.filter((size) => size.type === type));
  const unit = bytesOfSquare(cards[0]!.bytes);
  const rows = Math.ceil(Math.ceil(cards[0]!.bytes / unit) / squaresAcross);
  const summary = t(
    "Memory of the weights: {0}.",
    cards.map(({ type, bytes: size }) => `${type} ${bytes(size)} = ${gibibytes(size)}`).join(", "),
  );
  const withScales = cards.some(({ bitsPerWeight }) => !Number.isInteger(bitsPerWeight));
  return html`<div class="fig-head xs muted">
      ${withScales ? t("one square = {0}; outlined = scales", bytes(unit)) : t("one square = {0}", bytes(unit))}
    </div>
    ${fitted(widest, (width) => {
      // Of the same four columns as the sizes below.
      const columnWidth = width / cards.length;
      const square = Math.min(largestSquare, Math.floor((columnWidth - margin) / squaresAcross) - gap);
      const base = 6 + rows * (square + gap);
      return html`<svg class="chart" width=${width} height=${base} viewBox="0 0 ${width} ${base}" role="img" aria-label=${summary}>
        ${cards.map((card, place) => column(card, unit, { left: place * columnWidth, base, square }))}
      </svg>`;
    })}
    <dl class="size-cards">
      ${cards.map(
        ({ type, bytes: size, bitsPerWeight, timesSmaller }) =>
          html`<div>
            <dt>${type}</dt>
            <dd><span class="nowrap">${bytes(size)}</span> = <span class="nowrap">${gibibytes(size)}</span></dd>
            <dd class="muted">
              ${t("{0} bits per weight", significant(bitsPerWeight))}${timesSmaller > 1 ? `, ${t("{0}× smaller", fixed(timesSmaller, timesSmaller % 1 < 0.01 ? 0 : 1))}` : nothing}
            </dd>
          </div>`,
      )}
    </dl>`;
}

/** The squares of one format, from the bottom; those beyond its codes, which are scales, are outlined. */
function column(
  { bytes: size, bitsPerWeight }: ModelSize,
  unit: number,
  { left, base, square }: { left: number; base: number; square: number },
): TemplateResult {
  const squares = size / unit;
  // What the codes alone take: a whole number of bits.
  const codes = (squares * Math.floor(bitsPerWeight)) / bitsPerWeight;
  return svg`${Array.from({ length: Math.ceil(squares - 1e-9) }, (_, i) => {
    const x = left + (i % squaresAcross) * (square + gap);
    const y = base - (Math.floor(i / squaresAcross) + 1) * (square + gap);
    const filled = Math.min(1, Math.max(0, codes - i));
    const covered = Math.min(1, squares - i);
    return svg`<rect x=${x} y=${y} width=${square * filled} height=${square} class="f-after"/>
      ${covered - filled > 0.01 ? svg`<rect x=${x + square * filled + 0.75} y=${y + 0.75} width=${Math.max(1, square * (covered - filled) - 1.5)} height=${square - 1.5} class="c-after"/>` : nothing}`;
  })}`;
}
