import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { PreflightRow } from "../../src/protocol/preflight";
import { bytes, count, shape } from "../ui/format";
import { moveInGrid, nearestCell } from "../ui/gridKeys";
import { t } from "../ui/l10n";
import { LightElement } from "../ui/lightElement";
import { styles } from "../ui/styles";
import { VirtualRows } from "../ui/virtualRows";

/** Of a row of one line; rules that are longer wrap. */
const rowHeight = 22;
const headerHeight = 24;

interface Column {
  label(): string;
  text(row: PreflightRow): string;
  /** What the cell says in full. */
  title?(row: PreflightRow): string;
  numeric?: boolean;
  wraps?: boolean;
}

const columns: readonly Column[] = [
  { label: () => t("Tensor"), text: ({ name }) => name, title: ({ name }) => name },
  { label: () => t("Shape"), text: (row) => shape(row.shape) },
  { label: () => t("From"), text: ({ from }) => from },
  { label: () => t("To"), text: ({ to, fallback }) => (fallback ? `${to} *` : to), title: toTitle },
  { label: () => t("Bytes"), text: (row) => bytes(row.bytes), title: (row) => t("{0} bytes", count(row.bytes)), numeric: true },
  { label: () => t("Rule"), text: ({ rule }) => rule, title: ({ rule }) => rule, wraps: true },
];

function toTitle({ to, fallback }: PreflightRow): string {
  return fallback ? t("in place of {0}, which adds {1} bytes", fallback.wanted, count(fallback.extraBytes)) : to;
}

/** All tensors of the output. A grid: one tab stop, arrows move by cell, Ctrl+C copies the cell. */
@customElement("qs-preflight-table")
export class PreflightTable extends LightElement {
  @property({ attribute: false }) rows: readonly PreflightRow[] = [];
  /** Of the rows that are shown. */
  @property({ attribute: false }) places: readonly number[] = [];
  @query(".preflight-grid") private readonly grid!: HTMLElement;
  @state() private cell = { row: 0, column: 0 };
  private readonly drawn = new VirtualRows(this, rowHeight, headerHeight, () => this.grid);

  protected override willUpdate(): void {
    this.drawn.count = this.places.length;
    const last = Math.max(0, this.places.length - 1);
    if (this.cell.row > last) this.cell = { ...this.cell, row: last };
  }

  override render(): TemplateResult {
    if (this.places.length === 0) return html`<div class="state"><p>${t("No tensors fit.")}</p></div>`;
    return html`<div
      class="preflight-grid"
      role="grid"
      tabindex="0"
      aria-label=${t("What becomes of each tensor")}
      aria-rowcount=${this.places.length + 1}
      aria-colcount=${columns.length}
      aria-activedescendant=${this.cellId(this.cell.row, this.cell.column)}
      @keydown=${this.onKeyDown}
    >
      <div role="rowgroup" class="preflight-head">
        <div role="row" aria-rowindex="1" class="preflight-row">
          ${columns.map(({ label, numeric }) => html`<div role="columnheader" class=${numeric ? "num" : ""}>${label()}</div>`)}
        </div>
      </div>
      <div role="rowgroup" class="preflight-body" ${styles({ height: `${this.drawn.height}px` })}>
        ${this.drawn.items.map((item) => this.renderRow(item.index, item.top))}
      </div>
    </div>`;
  }

  protected override updated(): void {
    this.drawn.measure(this.querySelectorAll<HTMLElement>("[data-index]"));
  }

  private renderRow(index: number, top: number): TemplateResult | typeof nothing {
    const row = this.rows[this.places[index] ?? -1];
    if (!row) return nothing;
    return html`<div
      data-index=${index}
      role="row"
      class="preflight-row ${row.isQuantized ? "" : "muted"}"
      aria-rowindex=${index + 2}
      ${styles({ transform: `translateY(${top}px)` })}
    >
      ${columns.map(
        (column, place) =>
          html`<div
            role=${place === 0 ? "rowheader" : "gridcell"}
            id=${this.cellId(index, place)}
            class="${column.numeric ? "num" : ""} ${column.wraps ? "wraps" : ""} ${this.cell.row === index && this.cell.column === place ? "active" : ""}"
            title=${column.title?.(row) ?? nothing}
            @click=${() => (this.cell = { row: index, column: place })}
          >
            ${column.text(row)}
          </div>`,
      )}
    </div>`;
  }

  private cellId(row: number, column: number): string {
    return `plan-${row}-${column}`;
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const size = { rows: this.places.length, columns: columns.length };
    const move = moveInGrid(event, this.cell, size, { rows: this.drawn.page, columns: size.columns });
    if (move) {
      this.cell = nearestCell(move, size);
      this.drawn.reveal(this.cell.row);
    } else if (event.key === "c" && (event.ctrlKey || event.metaKey)) this.copyCell();
    else return;
    event.preventDefault();
  };

  private copyCell(): void {
    const row = this.rows[this.places[this.cell.row] ?? -1];
    const column = columns[this.cell.column];
    if (!row || !column) return;
    const detail = column.numeric ? String(row.bytes) : column.text(row);
    this.dispatchEvent(new CustomEvent("copy-cell", { detail, bubbles: true }));
  }
}
