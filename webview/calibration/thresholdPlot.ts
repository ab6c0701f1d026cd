import { html, svg, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { countTick, linearTicks, logTicks, tickDecimals } from "../charts/axisTicks";
import { fixed, significant } from "../ui/format";
import { t } from "../ui/l10n";
import { LightElement } from "../ui/lightElement";
import { styles } from "../ui/styles";

/** A method's threshold, named above the figure. */
export interface ThresholdMark {
  label: string;
  value: number;
}

/** Height of the drawing in its own units; it is stretched. */
const height = 100;
/** Counts below 1 are the floor of the logarithmic scale: a bin with one value still stands above it. */
const floor = 0.7;
/** Width of a character of a label, and of the narrowest figure, in pixels. */
const [characterWidth, leastWidth] = [6.6, 460];
const laneHeight = 14;

/**
 * A histogram of magnitudes with a handle that clips them. The handle is a slider: it is dragged, a click puts it somewhere, arrow keys
 * move it by a bin, with Shift and page keys by ten. Event `drag-threshold` (detail: the threshold).
 */
@customElement("qs-threshold-plot")
export class ThresholdPlot extends LightElement {
  @property({ attribute: false }) histogram!: { max: number; counts: readonly number[] };
  @property({ attribute: false }) marks: readonly ThresholdMark[] = [];
  @property({ type: Number }) threshold = 0;
  /** What the threshold does, in words. */
  @property() valueText = "";
  @query(".plot-area") private readonly area!: HTMLElement;
  private dragging = false;

  override render(): TemplateResult {
    const { max, counts } = this.histogram;
    const most = Math.max(1, ...counts);
    const lanes = lanesOf(this.marks, max);
    const lanesHeight = laneHeight * (1 + Math.max(0, ...lanes));
    const xTicks = linearTicks(0, max, 8);
    const decimals = tickDecimals(xTicks);
    const place = Math.min(1, this.threshold / max);
    return html`<div class="threshold-plot" ${styles({ "--qs-lanes": `${lanesHeight}px` })}>
      <div class="plot-y xs muted" aria-hidden="true">
        ${logTicks(most, 7).map((tick) => html`<span ${styles({ bottom: percentOf(heightOf(tick, most) / height) })}>${countTick(tick)}</span>`)}
      </div>
      <div class="plot-area" @pointerdown=${this.onPointerDown} @pointermove=${this.onPointerMove} @pointerup=${this.onPointerUp}>
        <svg viewBox="0 0 ${counts.length} ${height}" preserveAspectRatio="none" aria-hidden="true">
          ${logTicks(most, 7).map((tick) => svg`<path class="plot-line" d="M0 ${height - heightOf(tick, most)}H${counts.length}" />`)}
          ${svg`<path class="plot-bars" d=${barsPath(counts, most)} />`}
          ${svg`<rect class="plot-clipped" x=${place * counts.length} y="0" width=${(1 - place) * counts.length} height=${height} />`}
        </svg>
        ${this.marks.map(
          ({ label, value }, i) =>
            html`<div class="plot-mark" aria-hidden="true" ${styles({ left: percentOf(Math.min(1, value / max)) })}>
              <span
                class="xs ${value > 0.85 * max ? "to-left" : value < 0.08 * max ? "to-right" : ""}"
                ${styles({ top: `${-lanesHeight + laneHeight * lanes[i]!}px` })}
                >${label}</span
              >
            </div>`,
        )}
        <div
          class="plot-handle"
          role="slider"
          tabindex="0"
          aria-label=${t("Clipping threshold")}
          aria-valuemin="0"
          aria-valuemax=${max}
          aria-valuenow=${this.threshold}
          aria-valuetext=${this.valueText}
          ${styles({ left: percentOf(place) })}
          @keydown=${this.onKeyDown}
        >
          <i></i>
        </div>
      </div>
      <div class="plot-x xs muted" aria-hidden="true">
        ${xTicks.map(
          (tick) =>
            html`<span ${styles({ left: percentOf(tick / max) })}
              >${decimals === undefined ? significant(tick, 2) : fixed(tick, decimals)}</span
            >`,
        )}
      </div>
    </div>`;
  }

  private readonly onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.dragging = true;
    this.area.setPointerCapture(event.pointerId);
    this.querySelector<HTMLElement>(".plot-handle")?.focus();
    event.preventDefault();
    this.moveTo(event.clientX);
  };

  private readonly onPointerMove = (event: PointerEvent): void => {
    if (this.dragging) this.moveTo(event.clientX);
  };

  private readonly onPointerUp = (event: PointerEvent): void => {
    this.dragging = false;
    this.area.releasePointerCapture(event.pointerId);
  };

  private moveTo(clientX: number): void {
    const { left, width } = this.area.getBoundingClientRect();
    this.emit(((clientX - left) / Math.max(1, width)) * this.histogram.max);
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { max, counts } = this.histogram;
    const bin = max / counts.length;
    const step = event.shiftKey ? 10 * bin : bin;
    const now = this.threshold;
    const moves: Record<string, number> = {
      ArrowRight: now + step,
      ArrowUp: now + step,
      ArrowLeft: now - step,
      ArrowDown: now - step,
      PageUp: now + 10 * bin,
      PageDown: now - 10 * bin,
      Home: bin,
      End: max,
    };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.emit(next);
  };

  private emit(threshold: number): void {
    const { max, counts } = this.histogram;
    // To the left of the first bin nothing would be left.
    const detail = Math.min(max, Math.max(max / counts.length, threshold));
    this.dispatchEvent(new CustomEvent<number>("drag-threshold", { detail }));
  }
}

const percentOf = (share: number): string => `${(100 * share).toFixed(3)}%`;

/** Height of a count on a logarithmic scale. */
function heightOf(count: number, most: number): number {
  return count <= 0 ? 0 : (height * Math.log(count / floor)) / Math.log((1.1 * most) / floor);
}

function barsPath(counts: readonly number[], most: number): string {
  const tops = counts.map((count, bin) => `L${bin} ${(height - heightOf(count, most)).toFixed(2)}H${bin + 1}`);
  return `M0 ${height}${tops.join("")}V${height}Z`;
}

/** Rows of labels, so that none covers another: 0 is the highest. */
function lanesOf(marks: readonly ThresholdMark[], max: number): number[] {
  const lanes: [number, number][][] = [];
  return marks.map(({ label, value }) => {
    const middle = (Math.min(1, value / max) * leastWidth) | 0;
    const half = (label.length * characterWidth) / 2 + 4;
    const span: [number, number] = [middle - half, middle + half];
    const free = lanes.findIndex((taken) => taken.every(([from, to]) => span[1] < from || span[0] > to));
    const lane = free < 0 ? lanes.push([]) - 1 : free;
    lanes[lane]!.push(span);
    return lane;
  });
}
