import type { Chart as ChartType, ChartDataset } from "chart.js";
import { fixed } from "../ui/format";
import { type CanvasTheme, type ColorRole, readTheme } from "../ui/theme";
import { linearTicks } from "./axisTicks";
import { axis, Chart, lineConfiguration } from "./chartParts";
import type { Point } from "./figureModel";
import { placeLabels } from "./labelPlaces";
import { haloText, overlayPlugin } from "./overlay";
import { titledPicture } from "./titledPicture";

/** A point with a name of its own. */
export interface NamedValue extends Point {
  readonly label: string;
}

/** Points of one method, joined. */
export interface Curve {
  readonly label: string;
  readonly role: ColorRole;
  /** Lengths of dashes and gaps in pixels: curves differ without their colours. */
  readonly dash: number[];
  readonly points: readonly NamedValue[];
}

export interface CurvesContent {
  readonly curves: readonly Curve[];
  /** Points that belong to no curve: diamonds with their names. */
  readonly singles: readonly NamedValue[];
  /** What they are, in the key. */
  readonly singlesLabel: string;
  /** Where the reader stands. */
  readonly here?: NamedValue;
  /** Ends of the axes: every point lies between them. */
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
  readonly xTitle: string;
  readonly yTitle: string;
  tickY(value: number): string;
}

/** Curves with points at places of their own, single points beside them, and one that is marked. */
export class CurvesFigure {
  private theme: CanvasTheme = readTheme();
  private content: CurvesContent | undefined;
  private chart: ChartType<"line", Point[]> | undefined;
  private cursor: Point | undefined;

  constructor(private readonly canvas: HTMLCanvasElement) {}

  show(content: CurvesContent): void {
    this.content = content;
    if (!this.chart) return this.rebuild();
    this.chart.options.scales = this.scales(content);
    this.chart.data.datasets = this.datasets(content);
    this.chart.update("none");
  }

  themeChanged(): void {
    this.theme = readTheme();
    this.dispose();
    this.rebuild();
  }

  /** Marks a point; undefined takes the mark away. */
  setCursor(point: Point | undefined): void {
    if (this.cursor === point) return;
    this.cursor = point;
    this.chart?.draw();
  }

  /** Index into `points` of the one nearest to a place of the page, if it is near. */
  nearest(points: readonly Point[], clientX: number, clientY: number): number | undefined {
    const { chart } = this;
    if (!chart) return undefined;
    const box = this.canvas.getBoundingClientRect();
    const distances = points.map(({ x, y }) =>
      Math.hypot(chart.scales.x!.getPixelForValue(x) - (clientX - box.left), chart.scales.y!.getPixelForValue(y) - (clientY - box.top)),
    );
    const found = distances.indexOf(Math.min(...distances));
    return found >= 0 && distances[found]! < 20 ? found : undefined;
  }

  /** The figure under a title, as a PNG data URL. */
  toPng(title: string): string {
    return titledPicture(title, this.theme, [this.canvas]);
  }

  dispose(): void {
    this.chart?.destroy();
    this.chart = undefined;
  }

  private rebuild(): void {
    const { content, theme } = this;
    if (!content) return;
    const configuration = lineConfiguration(theme);
    configuration.data.datasets = this.datasets(content);
    configuration.options = {
      ...configuration.options,
      layout: { padding: { top: 20, right: 12 } },
      scales: this.scales(content),
      clip: false,
    };
    configuration.plugins = [overlayPlugin("curves", (context, chart) => this.drawOver(context, chart))];
    this.chart = new Chart(this.canvas, configuration);
  }

  private scales({ x, y, xTitle, tickY }: CurvesContent) {
    const { theme } = this;
    return {
      x: axis(theme, "x", {
        type: "linear",
        min: x[0],
        max: x[1],
        ticks: linearTicks(x[0], x[1], 8),
        label: (value) => fixed(value, 0),
        title: xTitle,
      }),
      y: axis(theme, "y", { type: "linear", min: y[0], max: y[1], ticks: linearTicks(y[0], y[1], 5), label: tickY }),
    };
  }

  private datasets({ curves, singles }: CurvesContent): ChartDataset<"line", Point[]>[] {
    const { theme } = this;
    const bare = (points: readonly NamedValue[]) => points.map(({ x, y }) => ({ x, y }));
    const lines = curves.map(({ points, role, dash }): ChartDataset<"line", Point[]> => ({
      data: bare(points),
      borderColor: theme.css(role),
      borderDash: dash,
      borderWidth: 1.75,
      borderJoinStyle: "round",
      pointRadius: 1.8,
      pointBackgroundColor: theme.css(role),
      pointBorderWidth: 0,
      fill: false,
    }));
    const diamonds: ChartDataset<"line", Point[]> = {
      data: bare(singles),
      showLine: false,
      pointStyle: "rectRot",
      pointRadius: 4.5,
      pointBackgroundColor: theme.css("foreground"),
      pointBorderWidth: 0,
      fill: false,
    };
    return [diamonds, ...lines];
  }

  private drawOver(context: CanvasRenderingContext2D, chart: ChartType): void {
    const { content, theme, cursor } = this;
    if (!content) return;
    const place = ({ x, y }: Point) => ({ x: chart.scales.x!.getPixelForValue(x), y: chart.scales.y!.getPixelForValue(y) });
    context.font = `11px ${theme.font}`;
    context.textAlign = "left";
    context.textBaseline = "middle";
    haloText(context, theme, content.yTitle, 4, 9);
    const { here } = content;
    const shown = [...(here ? [here] : []), ...content.singles];
    const named = shown.map((value) => ({
      ...place(value),
      width: context.measureText(value.label).width + (value === here ? 12 : 0),
      below: value === here,
    }));
    const { left, right, top, bottom } = chart.chartArea;
    if (here) markPoint(context, theme, place(here), 8, "after");
    placeLabels(named, [left, top, right, bottom]).forEach((box, i) => {
      if (!box) return;
      context.font = `${shown[i] === here ? "600 " : ""}11px ${theme.font}`;
      haloText(context, theme, shown[i]!.label, box[0], (box[1] + box[3]) / 2, shown[i] === here ? "strong" : "foreground");
    });
    if (cursor) markPoint(context, theme, place(cursor), 6, "foreground");
  }
}

/** A ring around a point, and the point. */
function markPoint(context: CanvasRenderingContext2D, theme: CanvasTheme, { x, y }: Point, radius: number, fill: ColorRole): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = theme.css("focus");
  context.stroke();
  context.beginPath();
  context.arc(x, y, 4, 0, 2 * Math.PI);
  context.fillStyle = theme.css(fill);
  context.fill();
}
