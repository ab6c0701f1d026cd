import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { announce } from "../ui/announcer";
import { t } from "../ui/l10n";
import { LightElement } from "../ui/lightElement";
import type { CurvesContent, NamedValue } from "./curvesFigure";
import { LateFigure } from "./lateFigure";
import { swatch } from "./linesView";

/** A place of the cursor: a curve, or the single points behind the last one, and a point of it. */
interface Place {
  series: number;
  point: number;
}

/**
 * The chart of curves with a cursor that the pointer or the arrow keys move, and a key. Event `choose` (detail: the point) when one is
 * clicked or entered.
 */
@customElement("qs-curves-view")
export class CurvesView extends LightElement {
  @property({ attribute: false }) content!: CurvesContent;
  /** The chart in a sentence. */
  @property() summary = "";
  /** A point in a sentence. */
  @property({ attribute: false }) describe: (point: NamedValue, curve: string | undefined) => string = ({ label }) => label;
  @query("canvas") private readonly canvas!: HTMLCanvasElement | null;
  @state() private cursor: Place | undefined;
  private readonly late = new LateFigure(
    this,
    () => this.canvas,
    async () => {
      const { CurvesFigure } = await import("./curvesFigure");
      return (canvas) => new CurvesFigure(canvas);
    },
  );

  /** The chart as a PNG data URL; undefined before it is drawn. */
  toPng(title: string): string | undefined {
    return this.late.figure?.toPng(title);
  }

  protected override updated(): void {
    this.late.figure?.setCursor(this.at(this.cursor));
  }

  override render(): TemplateResult {
    const { content } = this;
    const point = this.at(this.cursor);
    return html`<div
        class="chart-focus curves-box"
        tabindex="0"
        role="img"
        aria-label=${this.summary}
        aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown Home End Enter"
        @keydown=${this.onKeyDown}
        @blur=${() => (this.cursor = undefined)}
        @pointermove=${this.onPointerMove}
        @pointerleave=${() => (this.cursor = undefined)}
        @click=${() => this.choose()}
      >
        <canvas aria-hidden="true"></canvas>
      </div>
      <ul class="lines-key xs muted">
        ${content.curves.map((curve) => html`<li>${swatch(curve)}${curve.label}</li>`)}
        ${content.singles.length > 0 ? html`<li><span class="diamond" aria-hidden="true"></span>${content.singlesLabel}</li>` : nothing}
      </ul>
      <p class="xs muted curves-note">${point ? this.describe(point, this.curveOf(this.cursor)) : t("Choose a point to go there.")}</p>`;
  }

  private get series(): readonly (readonly NamedValue[])[] {
    const { curves, singles } = this.content;
    return [...curves.map(({ points }) => points), singles].filter((points) => points.length > 0);
  }

  private at(place: Place | undefined): NamedValue | undefined {
    return place && this.series[place.series]?.[place.point];
  }

  private curveOf(place: Place | undefined): string | undefined {
    const points = place && this.series[place.series];
    return this.content.curves.find((curve) => curve.points === points)?.label;
  }

  private choose(): void {
    const point = this.at(this.cursor);
    if (point) this.dispatchEvent(new CustomEvent<NamedValue>("choose", { detail: point }));
  }

  private readonly onPointerMove = (event: PointerEvent): void => {
    const { series } = this;
    const places = series.flatMap((points, s) => points.map((_, point) => ({ series: s, point })));
    const found = this.late.figure?.nearest(series.flat(), event.clientX, event.clientY);
    this.cursor = found === undefined ? undefined : places[found];
  };

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { series } = this;
    if (series.length === 0) return;
    const now = this.cursor ?? { series: 0, point: -1 };
    const last = series[now.series]!.length - 1;
    // Another curve at about the same place of the x axis.
    const turn = (by: number): Place => {
      const next = (now.series + by + series.length) % series.length;
      const x = this.at(now)?.x ?? 0;
      const distances = series[next]!.map((point) => Math.abs(point.x - x));
      return { series: next, point: distances.indexOf(Math.min(...distances)) };
    };
    const moves: Record<string, () => Place> = {
      ArrowRight: () => ({ ...now, point: Math.min(last, now.point + 1) }),
      ArrowLeft: () => ({ ...now, point: Math.max(0, now.point - 1) }),
      ArrowDown: () => turn(1),
      ArrowUp: () => turn(-1),
      Home: () => ({ ...now, point: 0 }),
      End: () => ({ ...now, point: last }),
    };
    const move = moves[event.key];
    if (move) {
      this.cursor = move();
      const point = this.at(this.cursor);
      if (point) announce(this.describe(point, this.curveOf(this.cursor)));
    } else if (event.key === "Enter") this.choose();
    else return;
    event.preventDefault();
  };
}
