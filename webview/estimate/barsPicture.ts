import type { EstimateLine } from "../../src/protocol/estimate";
import { fixed } from "../ui/format";
import { t } from "../ui/l10n";
import { type CanvasTheme, readTheme } from "../ui/theme";
import { barEnd, deviceMarks, labelDistance, markLevels } from "./bars";
import { type BarPart, barParts } from "./parts";
import type { ReadyAnswer } from "./store";

const gib = 2 ** 30;
/** Pixels of the PNG for each of the picture's: sharp in print and on dense screens. */
const density = 2;
const width = 960;
const margin = 16;
const rowHeight = 20;
const barHeight = 11;
const levelHeight = 14;
/** Left ends of the columns: names, and bars after the totals. */
const barsLeft = 250;
const barsRight = width - margin;

/** The bars of all shown rows with their devices and a legend, as a PNG data URL. Empty where nothing is shown. */
export function barsPicture(rows: readonly EstimateLine[], answer: ReadyAnswer, title: string): string | undefined {
  const [first] = rows;
  if (!first) return undefined;
  const theme = readTheme();
  const end = barEnd(rows);
  const marks = deviceMarks(answer, end, barsRight - barsLeft);
  const top = 68 + markLevels(marks) * levelHeight;
  const height = top + rows.length * rowHeight + margin;
  const canvas = document.createElement("canvas");
  canvas.width = width * density;
  canvas.height = height * density;
  const context = canvas.getContext("2d");
  if (!context) return undefined;
  context.scale(density, density);
  context.fillStyle = theme.css("background");
  context.fillRect(0, 0, width, height);
  context.textBaseline = "middle";
  const write = (text: string, x: number, y: number, align: CanvasTextAlign = "left", strong = false): void => {
    context.fillStyle = theme.css(strong ? "strong" : "foreground");
    context.font = `${strong ? 600 : 400} ${strong ? 13 : 11}px ${theme.font}`;
    context.textAlign = align;
    context.fillText(text, x, y);
  };
  write(title, margin, 18, "left", true);
  drawLegend(context, theme, barParts(first, answer), write);
  const xOf = (share: number): number => barsLeft + share * (barsRight - barsLeft);
  write(t("Total, GiB"), barsLeft - 12, top - 8, "right");
  rows.forEach((row, index) => {
    const y = top + index * rowHeight;
    write(row.name, margin, y + rowHeight / 2);
    const about = answer.working || row.kind === "approximate" ? "≈ " : "";
    write(about + fixed(row.neededBytes / gib, 2), barsLeft - 12, y + rowHeight / 2, "right");
    let start = 0;
    for (const part of barParts(row, answer)) {
      const x = xOf(start / end);
      start += part.bytes ?? 0;
      drawPart(context, theme, part, x, y + (rowHeight - barHeight) / 2, xOf(start / end) - x);
    }
  });
  for (const mark of marks) {
    const x = Math.round(xOf(mark.place)) + 0.5;
    const from = mark.level === undefined ? top - 2 : top - 12 - mark.level * levelHeight;
    context.strokeStyle = theme.css("foreground", 0.55);
    context.lineWidth = 1;
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(x, from);
    context.lineTo(x, height - margin);
    context.stroke();
    if (mark.level === undefined) continue;
    if (mark.anchor === "end") write(mark.text, x - labelDistance, from + 5, "right");
    else write(mark.text, x + labelDistance, from + 5, "left");
  }
  return canvas.toDataURL("image/png");
}

/** Swatches and names in a line below the title. */
function drawLegend(
  context: CanvasRenderingContext2D,
  theme: CanvasTheme,
  parts: readonly BarPart[],
  write: (text: string, x: number, y: number) => void,
): void {
  let x = margin;
  for (const part of parts) {
    drawPart(context, theme, part, x, 38, 12);
    write(part.label, x + 18, 44);
    x += 18 + context.measureText(part.label).width + 18;
  }
}

/** A part of a bar, in the looks of the page. */
function drawPart(context: CanvasRenderingContext2D, theme: CanvasTheme, { kind }: BarPart, x: number, y: number, long: number): void {
  if (long <= 0) return;
  context.setLineDash([]);
  context.lineWidth = 1;
  if (kind === "wm" || kind === "pl") {
    context.setLineDash(kind === "wm" ? [2, 2] : []);
    context.strokeStyle = theme.css(kind === "wm" ? "muted" : "after");
    context.strokeRect(x + 0.5, y + 0.5, Math.max(0, long - 1), barHeight - 1);
    return;
  }
  context.fillStyle = theme.css(kind === "kv" ? "before" : "after", kind === "sc" ? 0.35 : 1);
  context.fillRect(x, y, long, barHeight);
  if (kind !== "sc") return;
  context.save();
  context.beginPath();
  context.rect(x, y, long, barHeight);
  context.clip();
  context.strokeStyle = theme.css("after");
  context.lineWidth = 1.6;
  context.beginPath();
  for (let at = x - barHeight; at < x + long; at += 5.6) {
    context.moveTo(at, y + barHeight);
    context.lineTo(at + barHeight, y);
  }
  context.stroke();
  context.restore();
}
