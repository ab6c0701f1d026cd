import type { Chart as ChartType, ChartDataset } from "chart.js";
import { fixed, significant } from "../ui/format";
import { t } from "../ui/l10n";
import { type CanvasTheme, readTheme } from "../ui/theme";
import { countTick, linearTicks, logTicks, tickDecimals } from "./axisTicks";
import { axis, Chart, lineConfiguration } from "./chartParts";
import { type FigureModel, outline, type Point } from "./figureModel";
import { drawSpikes, type LabelledFigure, labelSides, labelZeros, logBase } from "./figureLabels";
import { drawCursor, drawMarkers, haloText, type Marker, overlayPlugin } from "./overlay";
import { titledPicture } from "./titledPicture";

/** Which of the three curves the cursor is on. */
export type Series = "before" | "after" | "error";

export interface FigureContent extends LabelledFigure {
  logScale: boolean;
  markers: readonly Marker[];
  rmse: number | null;
}

type LineChart = ChartType<"line", Point[]>;

/**
 * The two charts of the Histogram tab: counts before (filled) and after (outlined, or spikes), and below them, on the
 * same x axis, the error at each value.
 */
export class BeforeAfterFigure {
  private theme: CanvasTheme = readTheme();
  private content: FigureContent | undefined;
  private charts: { counts: LineChart; error: LineChart } | undefined;
  private cursor: { bin: number; series: Series } | undefined;

  constructor(
    private readonly countsCanvas: HTMLCanvasElement,
    private readonly errorCanvas: HTMLCanvasElement,
  ) {}

  /** Draws `content` in place of what was drawn before. */
  show(content: FigureContent): void {
    const sameAxes = this.content?.logScale === content.logScale;
    this.content = content;
    if (!this.charts || !sameAxes) return this.rebuild();
    const { counts, error } = this.charts;
    counts.options.scales = this.countScales(content);
    counts.data.datasets = this.countData(content);
    error.options.scales = this.errorScales(content);
    error.data.datasets = this.errorData(content);
    counts.update("none");
    error.update("none");
  }

  /** Marks a bin in both charts; undefined takes the mark away. */
  setCursor(cursor: { bin: number; series: Series } | undefined): void {
    this.cursor = cursor;
    this.charts?.counts.draw();
    this.charts?.error.draw();
  }

  /** Takes over the colours of a new theme. */
  themeChanged(): void {
    this.theme = readTheme();
    if (this.content) this.rebuild();
  }

  /** The value under a point of the page, in the units of the x axis. */
  valueAt(clientX: number): number | undefined {
    const chart = this.charts?.counts;
    if (!chart) return undefined;
    return chart.scales.x!.getValueForPixel(clientX - chart.canvas.getBoundingClientRect().left);
  }

  /** Pixels of a value and of a count from the corner of the upper chart. */
  position(value: number): { x: number; left: number; right: number } | undefined {
    const chart = this.charts?.counts;
    if (!chart) return undefined;
    return { x: chart.scales.x!.getPixelForValue(value), left: chart.chartArea.left, right: chart.chartArea.right };
  }

  /** Both charts under a title, as a PNG data URL. */
  toPng(title: string): string {
    return titledPicture(title, this.theme, [this.countsCanvas, this.errorCanvas]);
  }

  dispose(): void {
    this.charts?.counts.destroy();
    this.charts?.error.destroy();
    this.charts = undefined;
  }

  private rebuild(): void {
    const { content } = this;
    this.dispose();
    if (!content) return;
    const counts = lineConfiguration(this.theme);
    const error = lineConfiguration(this.theme);
    counts.data.datasets = this.countData(content);
    error.data.datasets = this.errorData(content);
    counts.options = { ...counts.options, layout: { padding: { top: 20, right: 10 } }, scales: this.countScales(content) };
    error.options = { ...error.options, layout: { padding: { top: 6, right: 10 } }, scales: this.errorScales(content) };
    counts.plugins = [overlayPlugin("counts", (context, chart) => this.drawOverCounts(context, chart))];
    error.plugins = [overlayPlugin("error", (context, chart) => this.drawOverError(context, chart))];
    this.charts = { counts: new Chart(this.countsCanvas, counts), error: new Chart(this.errorCanvas, error) };
  }

  private countData({ model, logScale }: FigureContent): ChartDataset<"line", Point[]>[] {
    const base = logScale ? logBase : 0;
    const { theme } = this;
    return [
      {
        data: outline(model, "before", base),
        stepped: "before",
        borderWidth: 0,
        backgroundColor: theme.css("before"),
        fill: { value: base },
        order: 1,
      },
      {
        data: model.spikes ? [] : outline(model, "after", base),
        stepped: "before",
        borderColor: theme.css("after"),
        borderWidth: 1.5,
        borderJoinStyle: "round",
        fill: false,
        order: 0,
      },
    ];
  }

  private countScales({ model, logScale }: FigureContent) {
    const ticks = logScale ? logTicks(model.maxCount, 5) : linearTicks(0, model.maxCount, 4);
    return {
      x: this.valueAxis(model, false),
      y: axis(this.theme, "y", {
        type: logScale ? "logarithmic" : "linear",
        min: logScale ? logBase : 0,
        max: logScale ? model.maxCount * 1.8 : model.maxCount * 1.06,
        ticks,
        label: countTick,
      }),
    };
  }

  private valueAxis(model: FigureModel, labels: boolean) {
    const [low, high] = model.axis;
    const ticks = linearTicks(low, high, 5);
    const decimals = tickDecimals(ticks);
    return axis(this.theme, "x", {
      type: "linear",
      min: low,
      max: high,
      ticks,
      labels,
      label: (value) => (decimals === undefined ? significant(value, 2) : fixed(value, decimals)),
      title: labels ? t("weight value") : undefined,
    });
  }

  private errorData({ model }: FigureContent): ChartDataset<"line", Point[]>[] {
    const data = model.bins.map((bin) => ({ x: (bin.low + bin.high) / 2, y: bin.error ?? Number.NaN }));
    const color = this.theme.css("error");
    return [
      { data, borderColor: color, borderWidth: 1.5, backgroundColor: this.theme.css("error", 0.24), fill: "origin", spanGaps: false },
    ];
  }

  private errorScales({ model, rmse }: FigureContent) {
    const largest = Math.max(model.maxError, rmse ?? 0);
    const top = largest > 0 ? largest * 1.15 : 1;
    const ticks = largest > 0 ? linearTicks(0, top, 3) : [0];
    const decimals = tickDecimals(ticks);
    return {
      x: this.valueAxis(model, true),
      y: axis(this.theme, "y", {
        type: "linear",
        min: 0,
        max: top,
        ticks,
        label: (value) => (value === 0 ? "0" : decimals === undefined ? significant(value, 2) : fixed(value, decimals)),
      }),
    };
  }

  private drawOverCounts(context: CanvasRenderingContext2D, chart: ChartType): void {
    const { content, theme, cursor } = this;
    if (!content) return;
    const { model } = content;
    if (model.spikes) drawSpikes(context, chart, theme, model.spikes);
    drawMarkers(context, chart, theme, content.markers);
    labelSides(context, chart, theme, content, labelZeros(context, chart, theme, content));
    const bin = cursor && model.bins[cursor.bin];
    if (!bin) return;
    const y = cursor.series === "error" ? undefined : Math.max(content.logScale ? logBase : 0, bin[cursor.series]);
    drawCursor(context, chart, theme, (bin.low + bin.high) / 2, y);
  }

  private drawOverError(context: CanvasRenderingContext2D, chart: ChartType): void {
    const { content, theme, cursor } = this;
    if (!content) return;
    const { left, right, top } = chart.chartArea;
    if (content.rmse !== null) {
      const y = Math.round(chart.scales.y!.getPixelForValue(content.rmse)) + 0.5;
      context.strokeStyle = theme.css("error");
      context.lineWidth = 1.5;
      context.setLineDash([5, 3]);
      context.beginPath();
      context.moveTo(left, y);
      context.lineTo(right, y);
      context.stroke();
      context.setLineDash([]);
      context.font = `11px ${theme.font}`;
      context.textAlign = "right";
      context.textBaseline = "middle";
      haloText(context, theme, t("tensor RMSE {0}", significant(content.rmse)), right - 2, y - 12 > top ? y - 10 : y + 12, "foreground");
    }
    const bin = cursor && content.model.bins[cursor.bin];
    if (bin) drawCursor(context, chart, theme, (bin.low + bin.high) / 2, cursor.series === "error" ? (bin.error ?? undefined) : undefined);
  }
}
