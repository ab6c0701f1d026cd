import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { t } from "../../ui/l10n";
import { LightElement } from "../../ui/lightElement";
import { styles } from "../../ui/styles";
import { type CellStyle, cellText } from "./cellText";
import { moveInGrid } from "../../ui/gridKeys";
import { type Cell, clampCell, type Matrix } from "./matrix";
import type { PageCache, Rectangle } from "./pageCache";
import { ScrollAxis } from "./scrollAxis";

const rowHeight = 20;
const headHeight = 22;
/** Width of a digit of the 12 px code font, and of a cell's padding. */
const digitWidth = 7.3;
const cellPadding = 12;
/** Tints end here, so that the number on them stays readable. */
const mostTint = 45;

/**
 * A window onto a matrix of any size: whole cells, scrolled natively, only those in view drawn. One tab stop; arrow keys
 * move the active cell. Events: `cell-change` (detail: Cell), `view-change` (detail: Rectangle), `go-to`, `copy-cell`.
 */
@customElement("qs-values-grid")
export class ValuesGrid extends LightElement {
  @property({ attribute: false }) cache!: PageCache;
  @property({ attribute: false, hasChanged: differ }) matrix!: Matrix;
  /** Brought into view whenever it becomes another one. */
  @property({ attribute: false, hasChanged: differ }) active: Cell = { row: 0, column: 0 };
  @property({ attribute: false }) cellStyle!: CellStyle;
  @property({ type: Boolean }) codes = false;
  /** The value that gets the full tint; 0 for none. */
  @property({ type: Number }) tintLimit = 0;
  /** Changes whenever the cache has more values. */
  @property({ type: Number }) revision = 0;
  @query(".values-grid") private readonly grid!: HTMLElement;
  @state() private size = { width: 538, height: 320 };
  @state() private first: Cell = { row: 0, column: 0 };
  private shown: Rectangle | undefined;
  private mustScroll = false;
  /** Of what is drawn: scroll positions are read with these. */
  private axes!: { vertical: ScrollAxis; horizontal: ScrollAxis };
  private readonly resizing = new ResizeObserver(([entry]) => {
    if (entry) this.size = { width: entry.contentRect.width, height: entry.contentRect.height };
  });

  override focus(): void {
    this.grid.focus();
  }

  /** The cells in view. */
  get view(): Rectangle {
    const { vertical, horizontal } = this.axes;
    return { ...this.first, rows: vertical.visible, columns: horizontal.visible };
  }

  private get cellWidth(): number {
    // Headers have to fit too.
    const digits = Math.max(this.cellStyle.characters, String(this.matrix.columns).length);
    return Math.ceil(digits * digitWidth + cellPadding);
  }

  private get headWidth(): number {
    return Math.ceil(String(this.matrix.rows).length * digitWidth + 20);
  }

  private measuredAxes(): { vertical: ScrollAxis; horizontal: ScrollAxis } {
    return {
      vertical: new ScrollAxis(this.matrix.rows, rowHeight, Math.max(rowHeight, this.size.height - headHeight)),
      horizontal: new ScrollAxis(this.matrix.columns, this.cellWidth, Math.max(this.cellWidth, this.size.width - this.headWidth)),
    };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) return;
    this.resizing.observe(this.grid);
    // The browser forgot where it was scrolled to when it was taken out of the document.
    this.mustScroll = true;
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
  }

  protected override firstUpdated(): void {
    this.resizing.observe(this.grid);
  }

  /** Scrolls to the active cell, if it is out of view. */
  revealActive(): void {
    const { vertical, horizontal } = this.axes;
    this.first = {
      row: vertical.reveal(this.active.row, vertical.firstAt(vertical.scrollOf(this.first.row))),
      column: horizontal.reveal(this.active.column, horizontal.firstAt(horizontal.scrollOf(this.first.column))),
    };
    this.mustScroll = true;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = this.hasUpdated ? this.axes : undefined;
    // The browser may have scrolled and not said so yet: what follows must not undo it.
    if (before && !this.mustScroll && this.grid.clientHeight > 0) this.onScroll();
    const wasInView = before !== undefined && isIn(this.view, this.active);
    this.axes = this.measuredAxes();
    if (changed.has("active") || changed.has("matrix")) this.revealActive();
    else if (!before || !this.axes.vertical.equals(before.vertical) || !this.axes.horizontal.equals(before.horizontal)) {
      // Other sizes: the same cells stay first, or last at the end, and the active cell stays in view.
      if (wasInView) this.revealActive();
      else if (before) this.first = { row: stayed(this.first.row, before.vertical, this.axes.vertical), column: this.first.column };
      this.mustScroll = true;
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { vertical, horizontal } = this.axes;
    if (this.mustScroll) {
      this.mustScroll = false;
      // Only when the position means another cell: else a pixel position between cells would be lost.
      if (vertical.firstAt(this.grid.scrollTop) !== this.first.row) this.grid.scrollTop = vertical.scrollOf(this.first.row);
      if (horizontal.firstAt(this.grid.scrollLeft) !== this.first.column) this.grid.scrollLeft = horizontal.scrollOf(this.first.column);
    }
    const { view, shown } = this;
    const isSame = shown?.row === view.row && shown.column === view.column && shown.rows === view.rows && shown.columns === view.columns;
    if (isSame && !changed.has("matrix") && !changed.has("revision")) return;
    this.shown = view;
    this.cache.show(view);
    if (!isSame) this.dispatchEvent(new CustomEvent<Rectangle>("view-change", { detail: view }));
  }

  override render(): TemplateResult {
    const { matrix, active } = this;
    const { vertical, horizontal } = this.axes;
    const view = this.view;
    const rows = range(view.row, Math.min(view.rows + 1, matrix.rows - view.row));
    const columns = range(view.column, Math.min(view.columns + 1, matrix.columns - view.column));
    return html`<div
      class="values-grid mono"
      role="grid"
      tabindex="0"
      aria-label=${t("Values")}
      aria-rowcount=${matrix.rows + 1}
      aria-colcount=${matrix.columns + 1}
      aria-activedescendant=${rows.includes(active.row) && columns.includes(active.column) ? `value-${active.row}-${active.column}` : nothing}
      ${styles({
        "--qs-head": `${this.headWidth}px`,
        "--qs-cell": `${this.cellWidth}px`,
        "--qs-columns": String(columns.length),
      })}
      @scroll=${this.onScroll}
      @keydown=${this.onKeyDown}
      @click=${this.onClick}
    >
      <div
        class="values-sizer"
        ${styles({ height: `${vertical.length + headHeight}px`, width: `${horizontal.length + this.headWidth}px` })}
      >
        <div class="values-layer" ${styles({ width: `${this.size.width}px`, height: `${this.size.height}px` })}>
          <div role="row" class="values-row values-head" aria-rowindex="1">
            <div role="columnheader" aria-colindex="1"><span class="sr">${t("Row")}</span></div>
            ${columns.map(
              (column) =>
                html`<div role="columnheader" aria-colindex=${column + 2} class=${column === active.column ? "current" : ""}>
                  ${column}
                </div>`,
            )}
          </div>
          ${rows.map((row) => this.renderRow(row, columns))}
        </div>
      </div>
    </div>`;
  }

  private renderRow(row: number, columns: readonly number[]): TemplateResult {
    const { active } = this;
    return html`<div role="row" class="values-row ${row === active.row ? "current" : ""}" aria-rowindex=${row + 2}>
      <div role="rowheader" aria-colindex="1">${row}</div>
      ${columns.map((column) => this.renderCell(row, column))}
    </div>`;
  }

  private renderCell(row: number, column: number): TemplateResult {
    const value = this.codes ? this.cache.code(row, column) : this.cache.value(row, column);
    const isActive = row === this.active.row && column === this.active.column;
    const tint = !this.codes && typeof value === "number" && this.tintLimit > 0 ? Math.min(1, Math.abs(value) / this.tintLimit) : 0;
    return html`<div
      role="gridcell"
      id="value-${row}-${column}"
      data-row=${row}
      data-column=${column}
      aria-colindex=${column + 2}
      aria-selected=${isActive ? "true" : "false"}
      class=${isActive ? "active" : ""}
      data-sign=${tint === 0 ? nothing : Number(value) > 0 ? "positive" : "negative"}
      ${styles({ "--qs-tint": tint === 0 ? undefined : `${Math.round(tint * mostTint)}%` })}
    >
      ${value === undefined ? "" : cellText(value, this.cellStyle)}
    </div>`;
  }

  private moveTo(cell: Cell): void {
    this.dispatchEvent(new CustomEvent<Cell>("cell-change", { detail: clampCell(cell, this.matrix) }));
  }

  private readonly onScroll = (): void => {
    const { vertical, horizontal } = this.axes;
    this.first = { row: vertical.firstAt(this.grid.scrollTop), column: horizontal.firstAt(this.grid.scrollLeft) };
  };

  private readonly onClick = (event: MouseEvent): void => {
    const cell = (event.target as Element).closest<HTMLElement>("[role=gridcell]");
    if (cell) this.moveTo({ row: Number(cell.dataset.row), column: Number(cell.dataset.column) });
  };

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const command = event.ctrlKey || event.metaKey;
    const next = moveInGrid(event, this.active, this.matrix, { rows: this.view.rows, columns: this.view.columns });
    if (next) this.moveTo(next);
    else if (command && event.key.toLowerCase() === "g") this.dispatchEvent(new CustomEvent("go-to"));
    else if (command && event.key.toLowerCase() === "c") this.dispatchEvent(new CustomEvent("copy-cell"));
    else return;
    event.preventDefault();
  };
}

/** The first cell after a change of size: who had scrolled to the end stays there. */
function stayed(first: number, before: ScrollAxis, now: ScrollAxis): number {
  return first > 0 && first === before.lastFirst ? now.lastFirst : first;
}

/** Whether two cells or sizes are not the same: parents make new objects whenever they draw. */
function differ(value: object, old: object | undefined): boolean {
  return JSON.stringify(value) !== JSON.stringify(old);
}

function isIn(view: Rectangle, { row, column }: Cell): boolean {
  return row >= view.row && row < view.row + view.rows && column >= view.column && column < view.column + view.columns;
}

function range(start: number, length: number): number[] {
  return Array.from({ length: Math.max(0, length) }, (_, index) => start + index);
}
