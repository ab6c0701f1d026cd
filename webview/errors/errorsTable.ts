import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { errorsProtocol, type TypeErrors } from "../../src/protocol/errors";
import type { ErrorFigures } from "../../src/core/measure/reports";
import { typeLabel } from "../charts/typeLabel";
import { schemeLabel } from "../editor/histogram/affineChoice";
import { compact, count, fixed } from "../ui/format";
import { moveInGrid, nearestCell } from "../ui/gridKeys";
import { t } from "../ui/l10n";
import { styles } from "../ui/styles";
import { VirtualRows } from "../ui/virtualRows";
import { ErrorsElement } from "./errorsElement";
import { figureOf, isUnbounded, tintOf } from "./measures";
import { columnWidths, shortName, sortedRows, tableRange } from "./rows";

const rowHeight = 22;
/** Pixels of the first two columns, at least. */
const nameAndWeights = 226;
/** Heading, bits per weight, and the pooled row. */
const headerHeight = 68;

/**
 * Tensors × types, tinted on one scale, the worst under the chosen type first. A grid: one tab stop, arrows move by cell,
 * Enter on a heading sorts by its type, Enter on a cell opens the tensor.
 */
@customElement("qs-errors-table")
export class ErrorsTable extends ErrorsElement {
  @query(".errors-grid") private readonly grid!: HTMLElement;
  /** The cell that arrows move: row −1 is the heading. */
  @state() private cell = { row: 0, column: 0 };
  private rows: readonly number[] = [];
  private range = { low: 0, high: 0 };
  private selected: number | undefined;
  /** What rows and range were made from. */
  private sorted: readonly unknown[] = [];
  private readonly drawn = new VirtualRows(this, rowHeight, headerHeight, () => this.grid);

  protected override willUpdate(): void {
    const { store } = this;
    this.selected = store.selected;
    // Moving a cell changes neither.
    const key = [store.tensors, store.types, store.state.filter, store.type, store.measure];
    if (key.some((part, index) => part !== this.sorted[index])) {
      this.sorted = key;
      this.rows = sortedRows(store.tensors, store.state.filter, store.type, store.measure);
      this.range = tableRange(store.types, store.measure);
    }
    const row = Math.min(this.cell.row, this.rows.length - 1);
    const column = Math.max(0, Math.min(this.cell.column, store.types.length - 1));
    if (row !== this.cell.row || column !== this.cell.column) this.cell = { row, column };
    this.drawn.count = this.rows.length;
  }

  override render(): TemplateResult {
    const { store } = this;
    const { items, height } = this.drawn;
    const isDrawn = this.cell.row < 0 || items.some(({ index }) => index === this.cell.row);
    const widths = columnWidths(store.types);
    const rowWidth = widths.reduce((sum, width) => sum + width, nameAndWeights);
    return html`<div
        class="errors-grid"
        role="grid"
        tabindex="0"
        aria-label=${t("Errors of each tensor for each type")}
        aria-rowcount=${this.rows.length + 2}
        aria-colcount=${store.types.length + 2}
        aria-activedescendant=${isDrawn ? this.cellId(this.cell.row, this.cell.column) : nothing}
        ${styles({ "--qs-columns": widths.map((width) => `minmax(${width}px, 1fr)`).join(" "), "--qs-row-width": `${rowWidth}px` })}
        @keydown=${this.onKeyDown}
      >
        <div role="rowgroup" class="errors-head">${this.renderHead()}</div>
        <div role="rowgroup" class="errors-body" ${styles({ height: `${height}px` })}>
          ${items.map((item) => this.renderRow(item.index, item.top))}
        </div>
        ${this.rows.length === 0 ? html`<p class="state">${t("No tensor matches “{0}”.", store.state.filter)}</p>` : nothing}
      </div>
      ${
        this.rows.length < store.tensors.length
          ? html`<p class="errors-status xs muted" role="status">
              ${t("{0} of {1} tensors", count(this.rows.length), count(store.tensors.length))}
            </p>`
          : nothing
      }`;
  }

  private renderHead(): TemplateResult {
    const { store } = this;
    const { type: chosen, measure } = store;
    const parameters = store.tensors.reduce((sum, tensor) => sum + tensor.parameters, 0);
    return html`<div role="row" aria-rowindex="1" class="errors-row">
        <div role="columnheader" class="errors-name">${t("Tensor, {0}", measure.unit())}</div>
        <div role="columnheader" class="num muted">${t("Weights")}</div>
        ${store.types.map(
          (entry, column) =>
            html`<div
              role="columnheader"
              id=${this.cellId(-1, column)}
              class="num sortable ${entry === chosen ? "chosen" : ""} ${this.isActive(-1, column) ? "active" : ""}"
              aria-sort=${entry === chosen ? "descending" : "none"}
              title=${entry.reason ?? t("Sort by the damage of {0}", typeLabel(entry.type, entry.label))}
              @click=${() => store.set({ type: entry.type })}
            >
              ${typeLabel(entry.type, entry.label)}${entry === chosen ? " ▾" : ""}
            </div>`,
        )}
      </div>
      <div class="errors-row muted" aria-hidden="true">
        <div class="errors-name">${t("bits per weight")}</div>
        <div></div>
        ${store.types.map(({ total }) => html`<div class="num">${total ? fixed(total.bitsPerWeight, 2) : "–"}</div>`)}
      </div>
      <div role="row" aria-rowindex="2" class="errors-row pooled">
        <div role="rowheader" class="errors-name"><b>${t("All tensors, pooled")}</b></div>
        <div role="gridcell" class="num muted">${compact(parameters)}</div>
        ${store.types.map((entry) => this.renderCell(entry, entry.total, undefined))}
      </div>`;
  }

  private renderRow(index: number, top: number): TemplateResult | typeof nothing {
    const { store } = this;
    const place = this.rows[index];
    const tensor = place === undefined ? undefined : store.tensors[place];
    if (place === undefined || !tensor) return nothing;
    const { head, tail } = shortName(tensor);
    return html`<div
      role="row"
      class="errors-row ${place === this.selected ? "selected" : ""}"
      aria-rowindex=${index + 3}
      aria-selected=${place === this.selected ? "true" : "false"}
      ${styles({ transform: `translateY(${top}px)` })}
      @click=${() => store.set({ selected: tensor.name })}
      @dblclick=${() => this.open(place)}
    >
      <div role="rowheader" class="errors-name" title=${tensor.name}>
        <span class="rank muted">${count(index + 1)}</span>${head}<b>${tail}</b>
      </div>
      <div role="gridcell" class="num muted">${compact(tensor.parameters)}</div>
      ${store.types.map((entry, column) => this.renderCell(entry, entry.tensors[place], { row: index, column }))}
    </div>`;
  }

  private renderCell(
    entry: TypeErrors,
    figures: ErrorFigures | null | undefined,
    at: { row: number; column: number } | undefined,
  ): TemplateResult {
    const { measure } = this.store;
    const { low, high } = this.range;
    const value = figureOf(figures, measure);
    const approximate = entry.isSampled && value !== null ? "≈" : "";
    const fallback = figures?.fallback;
    const unbounded = value === null && isUnbounded(figures);
    const notes = [
      ...(unbounded ? [t("some values become NaN or infinite")] : []),
      ...(fallback === undefined
        ? []
        : [t("stored as {0}: its rows do not fit {1}", schemeLabel(fallback, this.store.schemes), typeLabel(entry.type, entry.label))]),
    ];
    return html`<div
      role="gridcell"
      id=${at ? this.cellId(at.row, at.column) : nothing}
      class="num heat ${at && this.isActive(at.row, at.column) ? "active" : ""}"
      title=${entry.reason ?? notes.join("; ")}
      @click=${() => at && (this.cell = at)}
      ${styles({ "--qs-tint": `${(45 * (unbounded ? 1 : tintOf(value, low, high, measure))).toFixed(1)}%` })}
    >
      ${approximate}${unbounded ? (measure.growsWithDamage ? "∞" : "−∞") : value === null ? "–" : measure.write(value)}${fallback === undefined ? nothing : html`<sup>*</sup>`}
    </div>`;
  }

  private cellId(row: number, column: number): string {
    return `error-${row}-${column}`;
  }

  private isActive(row: number, column: number): boolean {
    return this.cell.row === row && this.cell.column === column;
  }

  private open(place: number): void {
    this.store.ask(this.store.host.request(errorsProtocol.openTensor, { tensor: place }));
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const { row, column } = this.cell;
    const size = { rows: this.rows.length, columns: this.store.types.length };
    const copies = event.key === "c" && (event.ctrlKey || event.metaKey);
    const move = moveInGrid(event, this.cell, size, { rows: this.drawn.page, columns: size.columns });
    if (move) {
      this.cell = nearestCell(move, size, -1);
      if (this.cell.row >= 0) this.drawn.reveal(this.cell.row);
    } else if (event.key === "Enter" && row < 0) this.store.set({ type: this.store.types[column]?.type ?? "" });
    else if (event.key === "Enter" && this.rows[row] !== undefined) this.open(this.rows[row]);
    else if (event.key === " " && this.rows[row] !== undefined) this.store.set({ selected: this.store.tensors[this.rows[row]]!.name });
    else if (copies) this.copyCell();
    else return;
    event.preventDefault();
  };

  private copyCell(): void {
    const place = this.rows[this.cell.row];
    const figures = place === undefined ? undefined : this.store.types[this.cell.column]?.tensors[place];
    const value = figureOf(figures, this.store.measure);
    if (value !== null) this.store.ask(this.store.host.request(errorsProtocol.copy, { text: String(value) }));
  }
}
