import {
  Chart,
  type ChartConfiguration,
  type ChartOptions,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
} from "chart.js";
import type { CanvasTheme } from "../ui/theme";

// Only what is drawn with: `chart.js/auto` would be half as large again.
Chart.register(LineController, ScatterController, LineElement, PointElement, LinearScale, LogarithmicScale, Filler);

/** Width of the y axis in pixels: the same in charts that share an x axis, so that they line up. */
export const axisWidth = 46;

/** How all of our charts are drawn: at once, from prepared points, in the size of what is around them, with the pointer left to us. */
export const drawnPlainly = {
  animation: false,
  parsing: false,
  normalized: true,
  responsive: true,
  maintainAspectRatio: false,
} as const;

/** A line chart as all of ours are: drawn at once, from prepared points, with the pointer left to us. */
export function lineConfiguration(theme: CanvasTheme): ChartConfiguration<"line", { x: number; y: number }[]> {
  return {
    type: "line",
    data: { datasets: [] },
    options: {
      ...drawnPlainly,
      events: [],
      color: theme.css("muted"),
      font: { family: theme.font, size: 11 },
      elements: { point: { radius: 0, hitRadius: 0, hoverRadius: 0 }, line: { tension: 0 } },
    },
    plugins: [],
  };
}

type AxisOptions = NonNullable<ChartOptions<"line">["scales"]>[string];

/** An axis with the given ticks and no others. */
export function axis(
  theme: CanvasTheme,
  kind: "x" | "y",
  settings: {
    type: "linear" | "logarithmic";
    min: number;
    max: number;
    ticks: readonly number[];
    label(value: number): string;
    labels?: boolean;
    title?: string;
  },
): AxisOptions {
  const { type, min, max, ticks, label, labels = true, title } = settings;
  return {
    type,
    min,
    max,
    border: { display: kind === "x", color: theme.css("axis") },
    grid:
      kind === "x"
        ? { drawOnChartArea: false, drawTicks: true, tickLength: 4, tickColor: theme.css("axis") }
        : { color: theme.css("grid"), drawTicks: false },
    ticks: {
      display: labels,
      autoSkip: false,
      maxRotation: 0,
      padding: kind === "x" ? 2 : 6,
      color: theme.css("muted"),
      font: { family: theme.font, size: 11 },
      callback: (value: number | string) => label(Number(value)),
    },
    title:
      title === undefined
        ? { display: false }
        : { display: true, text: title, color: theme.css("muted"), font: { family: theme.font, size: 11 }, padding: 0 },
    afterBuildTicks: (scale) => {
      scale.ticks = ticks.map((value) => ({ value }));
    },
    afterFit: (scale) => {
      if (kind === "y") scale.width = axisWidth;
    },
  };
}

export { Chart };
