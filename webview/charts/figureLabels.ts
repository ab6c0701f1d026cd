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
  const { left, right } = chart.chartArea;
  const clamp = (x: number, width: number): number => Math.max(left + 4, Math.min(right - width - 4, x));
  const afterX = inside ? place.left + 14 : place.left - 14 - after;
  const beforeX = inside ? place.right - 14 - before : place.right + 14;
  haloText(context, theme, content.afterLabel, clamp(afterX, after), place.y, "strong");
  haloText(context, theme, content.beforeLabel, clamp(beforeX, before), place.y, "strong");
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
