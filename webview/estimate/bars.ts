import { html, svg, type TemplateResult } from "lit";
import type { EstimateDevice, EstimateLine } from "../../src/protocol/estimate";
import { t } from "../ui/l10n";
import { deviceName, gibText } from "./deviceText";
import { barParts, partRects } from "./parts";
import type { ReadyAnswer } from "./store";

const gib = 2 ** 30;
/** Pixels that the bars have at least, of a letter of a label, and between two labels. */
const leastWidth = 320;
const letter = 5.6;
const gap = 8;
const levels = 3;
const levelHeight = 14;

/** Bytes at the right end of the bars: what the largest shown row needs. */
export function barEnd(rows: readonly EstimateLine[]): number {
  return rows.reduce((most, { neededBytes }) => Math.max(most, neededBytes), 1);
}

/** Where a device's memory ends on the bars, 0 to 1; undefined beyond them. */
export function placeOf({ usableGib }: EstimateDevice, end: number): number | undefined {
  const place = (usableGib * gib) / end;
  return place <= 1 ? place : undefined;
}

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

/** What a row needs, part by part, crossed by the lines of the devices. The words beside it say the same. */
export function barsOf(row: EstimateLine, answer: ReadyAnswer, end: number): TemplateResult {
  return html`<svg class="bars" aria-hidden="true">
    ${partRects(barParts(row, answer), end, 6, 11)}
    ${answer.devices.map((device) => {
      const place = placeOf(device, end);
      return place === undefined ? svg`` : svg`<line class="device-line" x1=${percent(place)} x2=${percent(place)} y1="0" y2="24" />`;
    })}
  </svg>`;
}

/** Level 0 is the lowest; undefined for a label without room. */
function levelsOf(labels: readonly { place: number; text: string }[]): (number | undefined)[] {
  const ends = Array.from({ length: levels }, () => -Infinity);
  return labels.map(({ place, text }) => {
    const half = (text.length * letter) / 2;
    const left = place * leastWidth - half;
    const level = ends.findIndex((end) => left >= end + gap);
    if (level < 0) return undefined;
    ends[level] = left + 2 * half;
    return level;
  });
}

/** The devices above the bars. */
export function barsHead({ devices }: ReadyAnswer, end: number): TemplateResult {
  const drawn = devices.flatMap((device) => {
    const place = placeOf(device, end);
    return place === undefined ? [] : [{ place, text: `${deviceName(device)}, ${gibText(device.usableGib)}` }];
  });
  const placed = levelsOf(drawn);
  const height = levels * levelHeight + 4;
  const names = drawn.map(({ text }) => text).join("; ");
  return html`<svg
    class="chart bars-head"
    role="img"
    aria-label=${t("Bars from 0 to {0} GiB, crossed by what can be used of: {1}", gibText(end / gib), names)}
  >
    ${drawn.map(({ place, text }, index) => {
      const level = placed[index];
      const x = percent(place);
      const top = level === undefined ? height - 6 : height - 4 - level * levelHeight;
      const anchor = place < 0.12 ? "start" : place > 0.88 ? "end" : "middle";
      return svg`<line class="device-line" x1=${x} x2=${x} y1=${top} y2=${height} />
        ${level === undefined ? svg`` : svg`<text class="lbl s" x=${x} y=${top - 3} text-anchor=${anchor}>${text}</text>`}`;
    })}
  </svg>`;
}
