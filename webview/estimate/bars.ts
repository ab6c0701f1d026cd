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
/** Rows of labels above the bars, more where devices stand close together. */
const usualLevels = 3;
const levelHeight = 14;

/** Bytes at the right end of the bars: what the largest shown row needs. */
export function barEnd(rows: readonly EstimateLine[]): number {
  return rows.reduce((most, { neededBytes }) => Math.max(most, neededBytes), 1);
}

/** Where a device's memory ends on the bars, 0 to 1; undefined beyond them. */
function placeOf({ usableGib }: EstimateDevice, end: number): number | undefined {
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

/** A device's line: where it stands on the bars, 0 to 1, and its label. */
export interface DeviceMark {
  place: number;
  text: string;
  /** The label ends at its line, or begins there where there is no room to the left of it. */
  anchor: "start" | "end";
  /** Row of the label, of which 0 is the lowest; undefined without room. */
  level: number | undefined;
}

/** Pixels between a line and its label. */
export const labelDistance = 4;

/** The devices whose memory ends on bars of so many pixels, in their order. No line crosses another's label. */
export function deviceMarks({ devices }: ReadyAnswer, end: number, width = leastWidth): DeviceMark[] {
  const marks = devices.flatMap((device): DeviceMark[] => {
    const place = placeOf(device, end);
    const text = `${deviceName(device)}, ${gibText(device.usableGib)}`;
    return place === undefined ? [] : [{ place, text, anchor: place * width < lengthOf(text) ? "start" : "end", level: undefined }];
  });
  const placed: PlacedLabel[] = [];
  // Lines rise to their own labels only, so that labels to the right of their lines stand the higher the further left they are.
  const ordered = [...marks.filter(({ anchor }) => anchor === "start").reverse(), ...marks.filter(({ anchor }) => anchor === "end")];
  for (const mark of ordered) {
    const anchors = mark.anchor === "start" ? (["start"] as const) : (["end", "start"] as const);
    const found = anchors
      .flatMap((anchor) => Array.from({ length: marks.length }, (_, level) => labelAt(mark, anchor, level, width)))
      .find((label) => label.right <= width && placed.every((other) => areApart(label, other)));
    if (!found) continue;
    placed.push(found);
    Object.assign(mark, { anchor: found.anchor, level: found.level });
  }
  return marks;
}

/** Rows that the labels take. */
export function markLevels(marks: readonly DeviceMark[]): number {
  return marks.reduce((most, { level = 0 }) => Math.max(most, level + 1), usualLevels);
}

/** A label with its line: pixels. */
interface PlacedLabel {
  x: number;
  left: number;
  right: number;
  anchor: DeviceMark["anchor"];
  level: number;
}

const lengthOf = (text: string): number => text.length * letter + labelDistance;

function labelAt({ place, text }: DeviceMark, anchor: DeviceMark["anchor"], level: number, width: number): PlacedLabel {
  const x = place * width;
  const long = lengthOf(text);
  return { x, anchor, level, left: anchor === "end" ? x - long : x, right: anchor === "end" ? x : x + long };
}

/** Whether neither label covers the other, nor is crossed by the other's line. */
function areApart(a: PlacedLabel, b: PlacedLabel): boolean {
  const covers = a.level === b.level && a.left < b.right + gap && b.left < a.right + gap;
  const crosses = (line: PlacedLabel, label: PlacedLabel): boolean =>
    line.x > label.left && line.x < label.right && line.level >= label.level;
  return !covers && !crosses(a, b) && !crosses(b, a);
}

/** The devices above the bars. */
export function barsHead(answer: ReadyAnswer, end: number): TemplateResult {
  const marks = deviceMarks(answer, end);
  const height = markLevels(marks) * levelHeight + 4;
  const topOf = ({ level }: DeviceMark): number => (level === undefined ? height - 6 : height - (level + 1) * levelHeight);
  const names = marks.map(({ text }) => text).join("; ");
  return html`<svg
    class="chart bars-head"
    role="img"
    height=${height}
    aria-label=${t("Bars from 0 to {0} GiB, crossed by what can be used of: {1}", gibText(end / gib), names)}
  >
    ${marks.map((mark) => svg`<line class="device-line" x1=${percent(mark.place)} x2=${percent(mark.place)} y1=${topOf(mark)} y2=${height} />`)}
    ${marks.map((mark) =>
      mark.level === undefined
        ? svg``
        : svg`<text class="lbl s" x=${percent(mark.place)} dx=${mark.anchor === "end" ? -labelDistance : labelDistance} y=${topOf(mark) + 8} text-anchor=${mark.anchor}>${mark.text}</text>`,
    )}
  </svg>`;
}
