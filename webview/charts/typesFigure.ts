import type { Chart as ChartType, ChartConfiguration } from "chart.js";
import { fixed, roundPercent } from "../ui/format";
import { t } from "../ui/l10n";
import { type CanvasTheme, readTheme } from "../ui/theme";
import { decadeTicks, linearTicks } from "./axisTicks";
import { axis, Chart, drawnPlainly } from "./chartParts";
import { haloText, overlayPlugin } from "./overlay";
import { placeLabels } from "./labelPlaces";
import { paretoFront, type TypePoint } from "./paretoFront";

export interface TypesContent {
  points: readonly TypePoint[];
  /** What the y axis is: a share of the values' size, unless it has an axis of its own. */
  title: string;
  /** Index of the point with the ring. */
  chosen: number | undefined;
  /** Absent: shares on a logarithmic axis. */
  axis?: ErrorAxis;
  /** What the points mean, in the place of the usual sentence. */
  hint?: string;
}

/** A linear y axis. Points beyond its ends stand at them. */
export interface ErrorAxis {
  low: number;
  high: number;
  ticks: readonly number[];
  tick(value: number): string;
  /** A point's value, in full. */
  write(value: number): string;
  /** A value that all are compared with. */
  line?: { value: number; label: string };
}

type Scatter = ChartType<"scatter", { x: number; y: number }[]>;

/** Error against bits per weight, both with the scales that the types really store; the Pareto front is filled and joined. */
export class TypesFigure {
  private theme: CanvasTheme = readTheme();
  private content: TypesContent | undefined;
  private chart: Scatter | undefined;

  constructor(private readonly canvas: HTMLCanvasElement) {}

  show(content: TypesContent): void {
    this.content = content;
    this.rebuild();
  }

  themeChanged(): void {
    this.theme = readTheme();
    this.rebuild();
  }

  /** The point nearest to a place of the page, if it is near. */
  pointAt(clientX: number, clientY: number): number | undefined {
    const { chart, content } = this;
    if (!chart || !content) return undefined;
    const box = this.canvas.getBoundingClientRect();
    const distances = content.points.map(({ bitsPerWeight, error }) =>
      Math.hypot(
        chart.scales.x!.getPixelForValue(bitsPerWeight) - (clientX - box.left),
        chart.scales.y!.getPixelForValue(this.heightOf(error)) - (clientY - box.top),
      ),
    );
    const nearest = distances.indexOf(Math.min(...distances));
    return distances[nearest]! < 24 ? nearest : undefined;
  }

  toPng(): string {
    const picture = document.createElement("canvas");
    picture.width = this.canvas.width;
    picture.height = this.canvas.height;
    const context = picture.getContext("2d");
    if (context) {
      context.fillStyle = this.theme.css("background");
      context.fillRect(0, 0, picture.width, picture.height);
      context.drawImage(this.canvas, 0, 0);
    }
    return picture.toDataURL("image/png");
  }

  dispose(): void {
    this.chart?.destroy();
    this.chart = undefined;
  }

  /** Errors of 0 stand on the axis: a logarithmic one has no zero. */
  private get least(): number {
    const positive = this.content?.points.flatMap(({ error }) => (error > 0 ? error : [])) ?? [];
    return positive.length > 0 ? Math.min(...positive) / 1.6 : 1e-6;
  }

  /** Where an error stands on the y axis. */
  private heightOf(error: number): number {
    const axis = this.content?.axis;
    return axis ? Math.min(axis.high, Math.max(axis.low, error)) : Math.max(error, this.least);
  }

  private rebuild(): void {
    const { content, theme } = this;
    this.dispose();
    if (!content || content.points.length === 0) return;
    const front = paretoFront(content.points);
    const at = ({ bitsPerWeight, error }: TypePoint) => ({ x: bitsPerWeight, y: this.heightOf(error) });
    const others = content.points.filter((point) => !front.includes(point));
    const bits = content.points.map(({ bitsPerWeight }) => bitsPerWeight);
    const [low, high] = [Math.max(0, Math.floor(Math.min(...bits) - 0.1)), Math.ceil(Math.max(...bits) + 0.5)];
    const configuration: ChartConfiguration<"scatter", { x: number; y: number }[]> = {
      type: "scatter",
      data: {
        datasets: [
          {
            // The least error for at most so many bits: it holds until the next type, and to the end.
            data: [...front.map(at), ...front.slice(-1).map((last) => ({ ...at(last), x: high }))],
            showLine: true,
            stepped: "before",
            borderColor: theme.css("good"),
            borderWidth: 1.5,
            pointRadius: [...front.map(() => 4), 0],
            pointBackgroundColor: theme.css("good"),
            pointBorderColor: theme.css("good"),
          },
          {
            data: others.map(at),
            pointRadius: 3.5,
            pointBackgroundColor: theme.css("background"),
            pointBorderColor: theme.css("muted"),
            pointBorderWidth: 1.5,
          },
        ],
      },
      options: {
        ...drawnPlainly,
        events: [],
        layout: { padding: { top: 22, right: 12 } },
        scales: {
          x: axis(theme, "x", {
            type: "linear",
            min: low,
            max: high,
            ticks: linearTicks(low, high, 8),
            label: (value) => fixed(value, 0),
            title: t("bits per weight, scales included"),
          }),
          y: axis(theme, "y", content.axis ? linearAxis(content.axis) : this.shares(content)),
        },
      },
      plugins: [overlayPlugin("types", (context, chart) => this.drawOver(context, chart, front))],
    };
    this.chart = new Chart(this.canvas, configuration);
  }

  private shares({ points }: TypesContent) {
    const { least } = this;
    const most = 1.5 * Math.max(...points.map(({ error }) => Math.max(error, least)));
    return { type: "logarithmic", min: least, max: most, ticks: decadeTicks(least, most), label: roundPercent } as const;
  }

  private drawOver(context: CanvasRenderingContext2D, chart: ChartType, front: readonly TypePoint[]): void {
    const { content, theme } = this;
    if (!content) return;
    context.font = `11px ${theme.font}`;
    context.textBaseline = "middle";
    context.textAlign = "left";
    haloText(context, theme, content.axis ? content.title : t("{0}, log", content.title), 4, 9);
    if (content.axis?.line) drawLine(context, chart, theme, content.axis.line);
    // Those on the front first: where there is no room, the others go without a name.
    const order = [...front, ...content.points.filter((point) => !front.includes(point))].map((point) => content.points.indexOf(point));
    const named = order.map((index) => {
      const point = content.points[index]!;
      return {
        x: chart.scales.x!.getPixelForValue(point.bitsPerWeight),
        y: chart.scales.y!.getPixelForValue(this.heightOf(point.error)),
        width: context.measureText(point.label).width,
        // The front falls from the left: below and to the left of it there is room, above it for the others.
        below: front.includes(point),
      };
    });
    const { left, right, bottom } = chart.chartArea;
    placeLabels(named, [left, 14, right, bottom]).forEach((place, i) => {
      const index = order[i]!;
      if (index === content.chosen) ring(context, theme, named[i]!);
      const color = named[i]!.below ? "foreground" : "muted";
      if (place) haloText(context, theme, content.points[index]!.label, place[0], (place[1] + place[3]) / 2, color);
    });
  }
}

function linearAxis({ low, high, ticks, tick }: ErrorAxis) {
  return { type: "linear", min: low, max: high, ticks, label: tick } as const;
}

/** A dashed line across the chart, named at its end. */
function drawLine(
  context: CanvasRenderingContext2D,
  { chartArea, scales }: ChartType,
  theme: CanvasTheme,
  line: { value: number; label: string },
) {
  const y = Math.round(scales.y!.getPixelForValue(line.value)) + 0.5;
  context.setLineDash([4, 3]);
  context.lineWidth = 1;
  context.strokeStyle = theme.css("muted");
  context.beginPath();
  context.moveTo(chartArea.left, y);
  context.lineTo(chartArea.right, y);
  context.stroke();
  context.setLineDash([]);
  context.textAlign = "right";
  haloText(context, theme, line.label, chartArea.right - 4, y + 9, "muted");
  context.textAlign = "left";
}

/** Marks the chosen point. */
function ring(context: CanvasRenderingContext2D, theme: CanvasTheme, { x, y }: { x: number; y: number }): void {
  context.beginPath();
  context.arc(x, y, 7, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = theme.css("focus");
  context.stroke();
}
