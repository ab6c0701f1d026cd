import type { Chart, Plugin } from "chart.js";
import type { CanvasTheme, ColorRole } from "../ui/theme";

/** A dotted line across a chart at a value, named above it. */
export interface Marker {
  label: string;
  value: number;
}

/** Draws text with a border of the background, so that no line crosses it. */
export function haloText(
  context: CanvasRenderingContext2D,
  theme: CanvasTheme,
  text: string,
  x: number,
  y: number,
  role: ColorRole = "muted",
): void {
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = theme.css("background");
  context.strokeText(text, x, y);
  context.fillStyle = theme.css(role);
  context.fillText(text, x, y);
}

/** A plugin that draws over the data with `draw`, in the chart's own coordinates. */
export function overlayPlugin(id: string, draw: (context: CanvasRenderingContext2D, chart: Chart) => void): Plugin {
  return {
    id,
    afterDatasetsDraw(chart) {
      chart.ctx.save();
      draw(chart.ctx, chart);
      chart.ctx.restore();
    },
  };
}

/** Draws markers, those given first in preference: a label that would touch one already there is left out. */
export function drawMarkers(context: CanvasRenderingContext2D, chart: Chart, theme: CanvasTheme, markers: readonly Marker[]): void {
  const { left, right, top, bottom } = chart.chartArea;
  const taken: [number, number][] = [];
  context.font = `11px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  for (const { label, value } of markers) {
    const x = Math.round(chart.scales.x!.getPixelForValue(value)) + 0.5;
    if (!(x >= left && x <= right)) continue;
    context.setLineDash([2, 3]);
    context.lineWidth = 1;
    context.strokeStyle = theme.css("muted");
    context.beginPath();
    context.moveTo(x, top - 2);
    context.lineTo(x, bottom);
    context.stroke();
    context.setLineDash([]);
    const half = context.measureText(label).width / 2 + 3;
    if (taken.some(([from, to]) => x + half > from && x - half < to)) continue;
    taken.push([x - half, x + half]);
    haloText(context, theme, label, Math.min(right - half + 3, Math.max(left + half - 3, x)), top - 7);
  }
}

/** Draws the selected point: a line down to the axis and a ring. */
export function drawCursor(
  context: CanvasRenderingContext2D,
  chart: Chart,
  theme: CanvasTheme,
  value: number,
  y: number | undefined,
): void {
  const { top, bottom } = chart.chartArea;
  const x = Math.round(chart.scales.x!.getPixelForValue(value)) + 0.5;
  context.strokeStyle = theme.css("focus");
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x, bottom);
  context.stroke();
  if (y === undefined) return;
  context.beginPath();
  context.arc(x, chart.scales.y!.getPixelForValue(y), 4, 0, 2 * Math.PI);
  context.fillStyle = theme.css("background");
  context.fill();
  context.lineWidth = 2;
  context.stroke();
}
