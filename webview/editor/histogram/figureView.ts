import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { FigureContent, Series } from "../../charts/beforeAfterFigure";
import { binAt } from "../../charts/figureModel";
import { LateFigure } from "../../charts/lateFigure";
import { announce } from "../../ui/announcer";
import { count, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { LightElement } from "../../ui/lightElement";
import { styles } from "../../ui/styles";
import { binAnnouncement, binRange } from "./figureText";

const series: readonly Series[] = ["before", "after", "error"];

/**
 * The before/after charts with a cursor that the pointer or the arrow keys move. The chart library is loaded when the
 * first figure is drawn.
 */
@customElement("qs-figure-view")
export class FigureView extends LightElement {
  @property({ attribute: false }) content!: FigureContent;
  /** The figure in a sentence. */
  @property() summary = "";
  @query(".counts-canvas") private readonly countsCanvas!: HTMLCanvasElement | null;
  @query(".error-canvas") private readonly errorCanvas!: HTMLCanvasElement;
  @state() private cursor: { bin: number; series: Series } | undefined;
  private readonly late = new LateFigure(
    this,
    () => this.countsCanvas,
    async () => {
      const { BeforeAfterFigure } = await import("../../charts/beforeAfterFigure");
      return (counts) => new BeforeAfterFigure(counts, this.errorCanvas);
    },
  );

  /** The figure as a PNG data URL; undefined before it was drawn. */
  toPng(title: string): string | undefined {
    return this.late.figure?.toPng(title);
  }

  protected override willUpdate(): void {
    if (this.cursor && this.cursor.bin >= this.content.model.bins.length) this.cursor = undefined;
  }

  protected override updated(): void {
    this.late.figure?.setCursor(this.cursor);
  }

  override render(): TemplateResult {
    const { content } = this;
    return html`<div
        class="chart-focus"
        tabindex="0"
        role="img"
        aria-label=${this.summary}
        aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown Home End Escape"
        @keydown=${this.onKeyDown}
        @blur=${() => (this.cursor = undefined)}
        @pointermove=${this.onPointerMove}
        @pointerleave=${this.onPointerLeave}
      >
        <div class="counts-box"><canvas class="counts-canvas" aria-hidden="true"></canvas>${this.renderTip()}</div>
        <div class="fig-head" aria-hidden="true"><h4>${t("RMS error at each value")}</h4></div>
        <div class="error-box"><canvas class="error-canvas" aria-hidden="true"></canvas></div>
      </div>
      ${content.model.maxError === 0 && content.rmse ? html`<p class="xs muted">${t("No bin holds the 30 values that an error needs.")}</p>` : nothing}`;
  }

  private renderTip(): TemplateResult | typeof nothing {
    const { model } = this.content;
    const bin = this.cursor && model.bins[this.cursor.bin];
    const at = bin && this.late.figure?.position((bin.low + bin.high) / 2);
    if (!bin || !at) return nothing;
    const onLeft = at.x > (at.left + at.right) / 2;
    return html`<div
      class="chart-tip"
      aria-hidden="true"
      ${styles({ left: onLeft ? undefined : `${at.x + 10}px`, right: onLeft ? `calc(100% - ${at.x - 10}px)` : undefined })}
    >
      <b>${binRange(bin, model)}</b>
      <span>${t("before")}</span><span class="num">${count(bin.before)}</span> <span>${t("after")}</span
      ><span class="num">${count(bin.after)}</span>
      ${bin.error === null ? nothing : html`<span>${t("RMS error")}</span><span class="num">${significant(bin.error)}</span>`}
    </div>`;
  }

  private readonly onPointerMove = (event: PointerEvent): void => {
    const value = this.late.figure?.valueAt(event.clientX);
    const { model } = this.content;
    if (value === undefined || value < model.low || value > model.high) this.cursor = undefined;
    else this.cursor = { bin: binAt(model, value), series: this.cursor?.series ?? "before" };
  };

  private readonly onPointerLeave = (): void => {
    if (document.activeElement !== this.querySelector(".chart-focus")) this.cursor = undefined;
  };

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { model } = this.content;
    const last = model.bins.length - 1;
    const now = this.cursor ?? { bin: binAt(model, 0), series: "before" as const };
    const stride = event.shiftKey ? 10 : 1;
    const turn = (by: number): Series => series[(series.indexOf(now.series) + by + series.length) % series.length]!;
    if (event.key === "ArrowRight") this.moveTo({ ...now, bin: Math.min(last, now.bin + (this.cursor ? stride : 0)) });
    else if (event.key === "ArrowLeft") this.moveTo({ ...now, bin: Math.max(0, now.bin - (this.cursor ? stride : 0)) });
    else if (event.key === "ArrowDown") this.moveTo({ ...now, series: turn(1) });
    else if (event.key === "ArrowUp") this.moveTo({ ...now, series: turn(-1) });
    else if (event.key === "Home") this.moveTo({ ...now, bin: 0 });
    else if (event.key === "End") this.moveTo({ ...now, bin: last });
    else if (event.key === "Escape" && this.cursor) this.cursor = undefined;
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private moveTo(cursor: { bin: number; series: Series }): void {
    this.cursor = cursor;
    const bin = this.content.model.bins[cursor.bin];
    if (bin) announce(binAnnouncement(bin, this.content.model, cursor.series));
  }
}
