import type { Chart } from "chart.js";
import type { CanvasTheme } from "../ui/theme";
import type { FigureBin, FigureModel, Point } from "./figureModel";
import { haloText } from "./overlay";

/** What the words on the upper chart are about. */
export interface LabelledFigure {
  model: FigureModel;
  beforeLabel: string;
  afterLabel: string;
  /** How many weights become zero, in words; empty when none do. */
  zerosLabel: string;
}

/** Shares of the chart's height at which the silhouettes are named, the first that fits. */
const labelHeights = [0.6, 0.45, 0.3, 0.2];
/** Pixels between two labels beside each other, and from one to the next below it. */
const labelGap = 8;
const lineHeight = 16;
/** Where a logarithmic count axis begins: a bin with one value is still seen above it. */
export const logBase = 0.7;

/** Draws values that can only take a few levels: a stem and a dot at each. */
export function drawSpikes(context: CanvasRenderingContext2D, chart: Chart, theme: CanvasTheme, spikes: readonly Point[]): void {
  context.strokeStyle = theme.css("after");
  context.fillStyle = theme.css("after");
  context.lineWidth = 1.5;
  const bottom = chart.chartArea.bottom;
  for (const spike of spikes) {
    const x = chart.scales.x!.getPixelForValue(spike.x);
    const y = chart.scales.y!.getPixelForValue(spike.y);
    context.beginPath();
    context.moveTo(x, bottom);
    context.lineTo(x, y);
    context.stroke();
    context.beginPath();
    context.arc(x, y, 2, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * Names the silhouettes, one at each flank: inside, as high as the hill is wide enough for both, else outside, where a
 * narrow hill leaves the room. Clear of the words about zeros, which lie at the height `taken`.
 */
export function labelSides(
  context: CanvasRenderingContext2D,
  chart: Chart,
  theme: CanvasTheme,
  content: LabelledFigure,
  taken: number | undefined,
): void {
  context.font = `600 11px ${theme.font}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const after = context.measureText(content.afterLabel).width;
  const before = context.measureText(content.beforeLabel).width;
  const flanks = labelHeights.flatMap((share) => flanksAt(chart, content, share) ?? []);
  const free = flanks.filter(({ y }) => taken === undefined || Math.abs(y - taken) > 16);
  const inside = free.find(({ left, right }) => right - left > after + before + 60);
  const place = inside ?? free[0];
  if (!place) return;
  const places = besideFlanks(place, { after, before }, chart.chartArea, inside !== undefined);
  haloText(context, theme, content.afterLabel, places.after.x, places.after.y, "strong");
  haloText(context, theme, content.beforeLabel, places.before.x, places.before.y, "strong");
}

/**
 * Left ends of two labels in pixels, one at each flank of a hill, `isInside` it or not. A hill at the border leaves room at one side only:
 * there they stand one above the other.
 */
export function besideFlanks(
  flanks: { left: number; right: number; y: number },
  widths: { after: number; before: number },
  area: { left: number; right: number },
  isInside: boolean,
): Record<"after" | "before", { x: number; y: number }> {
  const clamp = (x: number, width: number): number => Math.max(area.left + 4, Math.min(area.right - width - 4, x));
  const after = clamp(isInside ? flanks.left + 14 : flanks.left - 14 - widths.after, widths.after);
  const before = clamp(isInside ? flanks.right - 14 - widths.before : flanks.right + 14, widths.before);
  if (after + widths.after + labelGap <= before) return { after: { x: after, y: flanks.y }, before: { x: before, y: flanks.y } };
  const isLeft = flanks.left - area.left < area.right - flanks.right;
  const x = (width: number): number => clamp(isLeft ? flanks.right + 14 : flanks.left - 14 - width, width);
  return { after: { x: x(widths.after), y: flanks.y }, before: { x: x(widths.before), y: flanks.y + lineHeight } };
}

/** Where the hill of the values before rises above a share of the chart's height, and that height, in pixels. */
function flanksAt(chart: Chart, { model }: LabelledFigure, share: number): { left: number; right: number; y: number }[] | undefined {
  const { top, bottom } = chart.chartArea;
  const height = bottom - share * (bottom - top);
  const isHigh = (bin: FigureBin): boolean => chart.scales.y!.getPixelForValue(Math.max(bin.before, logBase)) <= height;
  const first = model.bins.find(isHigh);
  const last = [...model.bins].reverse().find(isHigh);
  if (!first || !last) return undefined;
  const x = (value: number): number => chart.scales.x!.getPixelForValue(value);
  return [{ left: x(first.low), right: x(last.high), y: height + 14 }];
}

/** A line from the top of the bin at zero to the words that say how many values fell there. Returns their height. */
export function labelZeros(
  context: CanvasRenderingContext2D,
  chart: Chart,
  theme: CanvasTheme,
  { model, zerosLabel }: LabelledFigure,
): number | undefined {
  const bin = model.bins.find(({ low, high }) => low <= 0 && high > 0);
  if (zerosLabel === "" || !bin || bin.after === 0) return undefined;
  const { left, right } = chart.chartArea;
  const x = chart.scales.x!.getPixelForValue((bin.low + bin.high) / 2);
  const y = Math.round(chart.scales.y!.getPixelForValue(bin.after)) + 0.5;
  context.font = `11px ${theme.font}`;
  const width = context.measureText(zerosLabel).width;
  const toRight = x + 26 + width < right;
  if (!toRight && x - 26 - width < left) return undefined;
  const end = toRight ? x + 22 : x - 22;
  context.setLineDash([1.5, 3]);
  context.lineWidth = 1;
  context.strokeStyle = theme.css("muted");
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(end, y);
  context.stroke();
  context.setLineDash([]);
  context.textAlign = toRight ? "left" : "right";
  context.textBaseline = "middle";
  haloText(context, theme, zerosLabel, toRight ? end + 4 : end - 4, y, "foreground");
  return y;
}
