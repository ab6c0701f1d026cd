import type { Chart as ChartType, ChartDataset } from "chart.js";
import { fixed, significant } from "../ui/format";
import { type CanvasTheme, type ColorRole, readTheme } from "../ui/theme";
import { decadeTicks, linearTicks, tickDecimals } from "./axisTicks";
import { axis, Chart, lineConfiguration } from "./chartParts";
import type { Point } from "./figureModel";
import { drawCursor, drawMarkers, haloText, type Marker, overlayPlugin } from "./overlay";
import { titledPicture } from "./titledPicture";

/** One line: a value at each place of the x axis; null where there is none. */
export interface LineSeries {
  label: string;
  values: readonly (number | null)[];
  role: ColorRole;
  /** Lengths of dashes and gaps in pixels; a whole line when absent. Lines must differ without their colours. */
  dash?: number[];
  /** On a scale of its own, from 0, without ticks. */
  ownScale?: boolean;
  write(value: number | null): string;
}

/** Lines over the same places of an x axis. */
export interface LinesContent {
  xs: readonly number[];
  xTitle: string;
  writeX(value: number): string;
  /** Ticks at `xs` themselves, evenly apart: for few places that double. */
  doubling?: boolean;
  yTitle: string;
  series: readonly LineSeries[];
  /** Named lines across the chart. */
  markers?: readonly Marker[];
}

/** A span of values from which on they are drawn on a logarithmic scale. */
const logSpan = 8;
/** Pixels that the names of markers take, below the title of the y axis. */
const markerHeight = 14;

/** A chart of lines, on a linear scale from 0, or a logarithmic one where values differ by much. */
export class LinesFigure {
  private theme: CanvasTheme = readTheme();
  private content: LinesContent | undefined;
  private chart: ChartType<"line", Point[]> | undefined;
  private cursor: number | undefined;

  constructor(private readonly canvas: HTMLCanvasElement) {}

  show(content: LinesContent): void {
    this.content = content;
    this.rebuild();
  }

  /** Marks a place of the x axis; undefined takes the mark away. */
  setCursor(place: number | undefined): void {
    this.cursor = place;
    this.chart?.draw();
  }

  themeChanged(): void {
    this.theme = readTheme();
    this.rebuild();
  }

  /** The place of the x axis nearest to a point of the page. */
  placeAt(clientX: number): number | undefined {
    const { chart, content } = this;
    if (!chart || !content || content.xs.length === 0) return undefined;
    const at = clientX - this.canvas.getBoundingClientRect().left;
    const distances = content.xs.map((x) => Math.abs(chart.scales.x!.getPixelForValue(x) - at));
    return distances.indexOf(Math.min(...distances));
  }

  /** The chart under a title, with the key to its lines, as a PNG data URL; undefined while nothing is drawn. */
  toPng(title: string): string | undefined {
    return this.chart && titledPicture(title, this.theme, [this.canvas], this.content?.series);
  }

  dispose(): void {
    this.chart?.destroy();
    this.chart = undefined;
  }

  private rebuild(): void {
    const { content, theme } = this;
    this.dispose();
    if (!content || content.xs.length === 0) return;
    const { xs, xTitle, writeX, doubling = false, series, markers = [] } = content;
    const shown = series.filter(({ ownScale }) => !ownScale).flatMap(({ values }) => values.filter((value) => value !== null));
    const [low, high] = [Math.min(...shown), Math.max(...shown)];
    const isLog = low > 0 && high / low > logSpan;
    const top = high > 0 ? high : 1;
    const [from, to] = isLog ? [low / 1.15, top * 1.15] : [Math.min(0, low), top * 1.08];
    const [first, last] = [xs[0]!, xs.at(-1)!];
    const xTicks = doubling ? xs : linearTicks(Math.min(0, first), last, 8);
    const decimals = tickDecimals(xTicks);
    const yTicks = isLog ? decadeTicks(from, to) : linearTicks(from, to, 5);
    const yDecimals = isLog ? undefined : tickDecimals(yTicks);
    const configuration = lineConfiguration(theme);
    configuration.data.datasets = series.map((line) => this.dataset(line, xs));
    configuration.options = {
      ...configuration.options,
      layout: { padding: { top: markers.length > 0 ? 22 + markerHeight : 22, right: 10 } },
      scales: {
        x: axis(theme, "x", {
          type: doubling && first > 0 ? "logarithmic" : "linear",
          min: doubling ? first : Math.min(0, first),
          max: last,
          ticks: xTicks,
          label: (value) => (doubling || decimals === undefined ? writeX(value) : fixed(value, decimals)),
          title: xTitle,
        }),
        y: axis(theme, "y", {
          type: isLog ? "logarithmic" : "linear",
          min: from,
          max: to,
          ticks: yTicks,
          label: (value) => (value === 0 || yDecimals === undefined ? significant(value, isLog ? 1 : 2) : fixed(value, yDecimals)),
        }),
        own: {
          type: "linear",
          axis: "y",
          display: false,
          min: 0,
          max:
            Math.max(...series.filter(({ ownScale }) => ownScale).flatMap(({ values }) => values.map((value) => value ?? 0)), 1e-9) * 1.05,
        },
      },
    };
    configuration.plugins = [overlayPlugin("lines", (context, chart) => this.drawOver(context, chart, content))];
    this.chart = new Chart(this.canvas, configuration);
  }

  private dataset({ values, role, dash = [], ownScale }: LineSeries, xs: readonly number[]): ChartDataset<"line", Point[]> {
    return {
      // A line breaks off where there is no value; a value alone is a point.
      data: values.map((value, place) => ({ x: xs[place]!, y: value ?? NaN })),
      pointRadius: values.map((_, place) => (isAlone(values, place) ? 1.5 : 0)),
      pointBackgroundColor: this.theme.css(role),
      yAxisID: ownScale ? "own" : "y",
      borderColor: this.theme.css(role),
      borderDash: dash,
      borderWidth: 1.75,
      borderJoinStyle: "round",
      fill: false,
    };
  }

  private drawOver(context: CanvasRenderingContext2D, chart: ChartType, { xs, yTitle, series, markers = [] }: LinesContent): void {
    const { theme, cursor } = this;
    context.font = `11px ${theme.font}`;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    haloText(context, theme, yTitle, 4, 12);
    drawMarkers(context, chart, theme, markers);
    const x = cursor === undefined ? undefined : xs[cursor];
    const line = series.find(({ ownScale }) => !ownScale);
    if (x !== undefined) drawCursor(context, chart, theme, x, line?.values[cursor!] ?? undefined);
  }
}

/** Whether a place has a value, and its neighbours have none. */
function isAlone(values: LineSeries["values"], place: number): boolean {
  const [before, value, after] = [values[place - 1] ?? null, values[place], values[place + 1] ?? null];
  return value !== null && before === null && after === null;
}
