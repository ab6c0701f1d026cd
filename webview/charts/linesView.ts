import { html, nothing, svg, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { announce } from "../ui/announcer";
import { LightElement } from "../ui/lightElement";
import { LateFigure } from "./lateFigure";
import type { LineSeries, LinesContent } from "./linesFigure";

/** A chart of lines with a cursor that the pointer or the arrow keys move, a key to its lines, and its twin, a table. */
@customElement("qs-lines-view")
export class LinesView extends LightElement {
  @property({ attribute: false }) content!: LinesContent;
  @property({ type: Boolean }) asTable = false;
  /** The chart in a sentence. */
  @property() summary = "";
  @query("canvas") private readonly canvas!: HTMLCanvasElement | null;
  @state() private cursor: number | undefined;
  private readonly late = new LateFigure(
    this,
    () => this.canvas,
    async () => {
      const { LinesFigure } = await import("./linesFigure");
      return (canvas) => new LinesFigure(canvas);
    },
  );

  /** The chart as a PNG data URL; undefined while the table is shown. */
  toPng(title: string): string | undefined {
    return this.late.figure?.toPng(title);
  }

  protected override updated(): void {
    this.late.figure?.setCursor(this.cursor);
  }

  override render(): TemplateResult {
    const { content } = this;
    if (this.asTable) return this.renderTable();
    return html`<div
        class="chart-focus lines-box"
        tabindex="0"
        role="img"
        aria-label=${this.summary}
        aria-keyshortcuts="ArrowLeft ArrowRight Home End"
        @keydown=${this.onKeyDown}
        @blur=${() => (this.cursor = undefined)}
        @pointermove=${(event: PointerEvent) => (this.cursor = this.late.figure?.placeAt(event.clientX))}
        @pointerleave=${() => (this.cursor = undefined)}
      >
        <canvas aria-hidden="true"></canvas>
      </div>
      <ul class="lines-key xs muted">
        ${content.series.map((line) => html`<li>${swatch(line)}${this.keyText(line)}</li>`)}
      </ul>`;
  }

  private keyText({ label, values, write }: LineSeries): TemplateResult {
    const value = this.cursor === undefined ? undefined : values[this.cursor];
    return html`${label}${value === undefined ? nothing : html` <b class="num">${write(value)}</b>`}`;
  }

  private renderTable(): TemplateResult {
    const { xs, xTitle, writeX, series } = this.content;
    return html`<div class="table-scroll lines-table" tabindex="0" role="region" aria-label=${this.summary}>
      <table class="grid">
        <thead>
          <tr>
            <th scope="col" class="num">${xTitle}</th>
            ${series.map(({ label }) => html`<th scope="col" class="num">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${xs.map(
            (x, place) =>
              html`<tr>
                <th scope="row" class="num">${writeX(x)}</th>
                ${series.map(({ values, write }) => html`<td class="num">${write(values[place] ?? null)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const { xs, writeX, series } = this.content;
    const last = xs.length - 1;
    const step = event.shiftKey ? 10 : 1;
    const from = this.cursor ?? -1;
    const moves: Record<string, number> = {
      ArrowRight: Math.min(last, from + step),
      ArrowLeft: Math.max(0, from - step),
      Home: 0,
      End: last,
    };
    const next = moves[event.key];
    if (next === undefined || last < 0) return;
    event.preventDefault();
    this.cursor = next;
    announce([writeX(xs[next]!), ...series.map(({ label, values, write }) => `${label} ${write(values[next] ?? null)}`)].join(", "));
  };
}

/** Draws the chart of lines in a section, under a title, as a PNG data URL; undefined while there is none. */
export function drawLines(title: string): (section: Element) => string | undefined {
  return (section) => section.querySelector<LinesView>("qs-lines-view")?.toPng(title);
}

/** A piece of the line, as the chart draws it. */
export function swatch({ role, dash = [] }: Pick<LineSeries, "role" | "dash">): TemplateResult {
  return html`<svg class="swatch line-${role}" viewBox="0 0 22 8" aria-hidden="true">
    ${svg`<path d="M1 4h20" stroke-dasharray=${dash.join(" ")} />`}
  </svg>`;
}
