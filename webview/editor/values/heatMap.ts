import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { HeatmapReport } from "../../../src/protocol/editor";
import { count, percent, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { LightElement } from "../../ui/lightElement";
import { styles } from "../../ui/styles";
import { observeTheme, readTheme, type Rgba } from "../../ui/theme";
import { moveInGrid } from "../../ui/gridKeys";
import { type Cell, clampCell } from "./matrix";
import type { Rectangle } from "./pageCache";

/** Height in pixels of the picture of a matrix: its own proportions within these. */
const leastHeight = 18;
const mostHeight = 180;

/**
 * The whole matrix as a picture: positive values in one colour, negative in another, zero as the background. A frame marks
 * the page below and another the block in view. Click or arrow keys move the page (`cell-change`, detail: Cell).
 */
@customElement("qs-heat-map")
export class HeatMap extends LightElement {
  @property({ attribute: false }) report!: HeatmapReport;
  @property({ attribute: false }) page: Rectangle | undefined;
  @property({ attribute: false }) block: Rectangle | undefined;
  @property({ attribute: false }) active: Cell = { row: 0, column: 0 };
  @query("canvas") private readonly canvas!: HTMLCanvasElement;
  private stopObserving: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.stopObserving = observeTheme(() => this.paint());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopObserving?.();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("report")) this.paint();
  }

  override render(): TemplateResult {
    const { report } = this;
    const aspect = report.rows / Math.max(1, report.columns);
    return html`<div
        class="heat-map"
        tabindex="0"
        role="img"
        aria-label=${this.summary()}
        ${styles({ "--qs-aspect": String(Math.max(aspect, 1e-6)), "--qs-least": `${leastHeight}px`, "--qs-most": `${mostHeight}px` })}
        @click=${this.onClick}
        @keydown=${this.onKeyDown}
      >
        <canvas aria-hidden="true"></canvas>
        ${this.renderFrame("heat-block", this.block)} ${this.renderFrame("heat-page", this.page)}
      </div>
      <figcaption class="muted xs"><span class="grow">${this.caption()}</span>${this.legend()}</figcaption>`;
  }

  private renderFrame(name: string, frame: Rectangle | undefined): TemplateResult {
    const { rows, columns } = this.report;
    const percent = (part: number, whole: number): string => `${(100 * part) / Math.max(1, whole)}%`;
    return html`<span
      class=${name}
      ?hidden=${frame === undefined}
      ${styles(
        frame === undefined
          ? {}
          : {
              left: percent(frame.column, columns),
              top: percent(frame.row, rows),
              width: percent(Math.min(frame.columns, columns), columns),
              height: percent(Math.min(frame.rows, rows), rows),
            },
      )}
    ></span>`;
  }

  private get pooling(): { rows: number; columns: number } {
    const { rows, columns, width, height } = this.report;
    return { rows: Math.ceil(rows / Math.max(1, height)), columns: Math.ceil(columns / Math.max(1, width)) };
  }

  private summary(): string {
    const { rows, columns, limit, cells } = this.report;
    const positive = cells.reduce<number>((sum, cell) => sum + (cell !== null && cell > 0 ? 1 : 0), 0);
    const share = cells.length === 0 ? 0 : Math.round((100 * positive) / cells.length);
    return t(
      "Heat map of {0} rows by {1} columns; colours reach ±{2}; {3} % of its cells are positive.",
      count(rows),
      count(columns),
      significant(limit, 2),
      share,
    );
  }

  private caption(): string {
    const { rows, columns } = this.pooling;
    const share = this.report.share;
    const frame = t("The frame is the page below; arrow keys move it.");
    const cell =
      rows * columns === 1 ? t("Every value is a cell.") : t("A cell shows the largest of {0} × {1} values.", count(rows), count(columns));
    return share === undefined ? `${cell} ${frame}` : `${t("{0} of the rows were looked at.", percent(share))} ${cell} ${frame}`;
  }

  private legend(): TemplateResult {
    const limit = significant(this.report.limit);
    return html`<span class="heat-scale" aria-hidden="true"
      ><span>−${limit}</span><i class="negative"></i><span>0</span><i class="positive"></i><span>+${limit}</span></span
    >`;
  }

  private paint(): void {
    const { report, canvas } = this;
    canvas.width = report.width;
    canvas.height = report.height;
    const context = canvas.getContext("2d");
    if (!context || report.width * report.height === 0) return;
    const theme = readTheme();
    const [background, positive, negative] = [theme.rgba("background"), theme.rgba("positive"), theme.rgba("negative")];
    const image = context.createImageData(report.width, report.height);
    report.cells.forEach((cell, index) => {
      const share = cell === null || report.limit === 0 ? 0 : Math.min(1, Math.abs(cell) / report.limit);
      image.data.set(mix(background, cell !== null && cell < 0 ? negative : positive, share), index * 4);
    });
    context.putImageData(image, 0, 0);
  }

  private moveTo(cell: Cell): void {
    this.dispatchEvent(new CustomEvent<Cell>("cell-change", { detail: clampCell(cell, this.report) }));
  }

  private readonly onClick = (event: MouseEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const { rows, columns } = this.report;
    this.moveTo({
      row: Math.floor(((event.clientY - box.top) / box.height) * rows),
      column: Math.floor(((event.clientX - box.left) / box.width) * columns),
    });
  };

  /** Arrow keys move by a page, since a cell would hardly be seen. */
  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const page = { rows: this.page?.rows ?? 1, columns: this.page?.columns ?? 1 };
    const next = moveInGrid(event, this.active, this.report, page);
    if (!next) return;
    event.preventDefault();
    const down = Math.sign(next.row - this.active.row);
    const right = Math.sign(next.column - this.active.column);
    const isArrow = event.key.startsWith("Arrow") && !event.ctrlKey && !event.metaKey;
    this.moveTo(isArrow ? { row: this.active.row + down * page.rows, column: this.active.column + right * page.columns } : next);
  };
}

function mix(from: Rgba, to: Rgba, share: number): [number, number, number, number] {
  const channel = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [channel(0), channel(1), channel(2), 255];
}
