import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { calibrationProtocol } from "../../src/protocol/calibration";
import { count } from "../ui/format";
import { moveInGrid, nearestCell } from "../ui/gridKeys";
import { t } from "../ui/l10n";
import { styles } from "../ui/styles";
import { VirtualRows } from "../ui/virtualRows";
import { CalibrationElement } from "./calibrationElement";
import { bestMethod } from "./figures";
import { type InputColumn, inputColumns, shortInputName, sortedInputs } from "./rows";

const rowHeight = 22;
const headerHeight = 24;

/**
 * Inputs × figures. A grid: one tab stop, arrows move by cell, Enter on a heading sorts by it, Space selects the input, Enter opens its
 * first weight.
 */
@customElement("qs-inputs-table")
export class InputsTable extends CalibrationElement {
  @query(".inputs-grid") private readonly grid!: HTMLElement;
  /** The cell that arrows move: row −1 is the heading, column 0 the name. */
  @state() private cell = { row: 0, column: 0 };
  private rows: readonly number[] = [];
  private columns: readonly InputColumn[] = [];
  private readonly drawn = new VirtualRows(this, rowHeight, headerHeight, () => this.grid);

  protected override willUpdate(): void {
    const { store } = this;
    const { sort, filter } = store.state;
    this.columns = inputColumns(store.methods, store.figure);
    const column = this.columns.find(({ id }) => id === sort?.column);
    this.rows = sortedInputs(store.inputs, filter, column && sort ? { column, descending: sort.descending } : undefined);
    const cell = { row: Math.min(this.cell.row, this.rows.length - 1), column: Math.min(this.cell.column, this.columns.length) };
    if (cell.row !== this.cell.row || cell.column !== this.cell.column) this.cell = cell;
    this.drawn.count = this.rows.length;
  }

  override render(): TemplateResult {
    const { store, columns, rows } = this;
    const { items, height } = this.drawn;
    const isDrawn = this.cell.row < 0 || items.some(({ index }) => index === this.cell.row);
    return html`<div
        class="inputs-grid"
        role="grid"
        tabindex="0"
        aria-label=${t("Inputs of the linear layers")}
        aria-rowcount=${rows.length + 1}
        aria-colcount=${columns.length + 1}
        aria-activedescendant=${isDrawn ? this.cellId(this.cell.row, this.cell.column) : nothing}
        ${styles({ "--qs-columns": columns.map(() => "minmax(62px, 1fr)").join(" "), "--qs-row-width": `${140 + 62 * columns.length}px` })}
        @keydown=${this.onKeyDown}
      >
        <div role="rowgroup" class="inputs-head">
          <div role="row" aria-rowindex="1" class="inputs-row">
            ${this.renderHeading(0, t("Layer and weights"), t("Sort by the order of the model"), undefined)}
            ${columns.map((column, place) => this.renderHeading(place + 1, column.label(), column.title(), column))}
          </div>
        </div>
        <div role="rowgroup" class="inputs-body" ${styles({ height: `${height}px` })}>
          ${items.map((item) => this.renderRow(item.index, item.top))}
        </div>
        ${rows.length === 0 && store.inputs.length > 0 ? html`<p class="state">${t("No input matches “{0}”.", store.state.filter)}</p>` : nothing}
      </div>
      <p class="inputs-status xs muted" role="status">
        ${
          rows.length < store.inputs.length
            ? t("{0} of {1} inputs", count(rows.length), count(store.inputs.length))
            : store.figure.best
              ? t("Bold: the best method of the row, of those with one range for all tokens.")
              : t("Layers with the same input, such as query, key and value, are one row.")
        }
      </p>`;
  }

  private renderHeading(place: number, label: string, title: string, column: InputColumn | undefined): TemplateResult {
    const { sort } = this.store.state;
    const isSorted = column ? sort?.column === column.id : sort === undefined;
    const direction = isSorted ? (column && sort?.descending ? "descending" : "ascending") : "none";
    return html`<div
      role="columnheader"
      id=${this.cellId(-1, place)}
      class="sortable ${column ? "num" : "inputs-name"} ${isSorted ? "chosen" : ""} ${this.isActive(-1, place) ? "active" : ""}"
      aria-sort=${direction}
      title=${title}
      @click=${() => this.sortBy(place)}
    >
      ${label}${isSorted && column ? html`<span aria-hidden="true"> ${sort?.descending ? "▾" : "▴"}</span>` : nothing}
    </div>`;
  }

  private renderRow(index: number, top: number): TemplateResult | typeof nothing {
    const { store } = this;
    const place = this.rows[index];
    const input = place === undefined ? undefined : store.inputs[place];
    if (place === undefined || !input) return nothing;
    const { head, tail } = shortInputName(input);
    const best = bestMethod(input, store.methods, store.figure);
    const isSelected = place === store.selected;
    return html`<div
      role="row"
      class="inputs-row ${isSelected ? "selected" : ""}"
      aria-rowindex=${index + 2}
      aria-selected=${isSelected ? "true" : "false"}
      ${styles({ transform: `translateY(${top}px)` })}
      @click=${() => store.set({ selected: input.name })}
      @dblclick=${() => this.open(place)}
    >
      <div
        role="rowheader"
        id=${this.cellId(index, 0)}
        class="inputs-name ${this.isActive(index, 0) ? "active" : ""}"
        title=${input.weights.join("\n")}
        @click=${() => (this.cell = { row: index, column: 0 })}
      >
        <span class="muted">${head}</span>${tail}
      </div>
      ${this.columns.map(
        (column, i) =>
          html`<div
            role="gridcell"
            id=${this.cellId(index, i + 1)}
            class="num ${column.method !== undefined && column.method === best ? "best" : ""} ${this.isActive(index, i + 1) ? "active" : ""}"
            @click=${() => (this.cell = { row: index, column: i + 1 })}
          >
            ${column.write(column.of(input))}
          </div>`,
      )}
    </div>`;
  }

  private cellId(row: number, column: number): string {
    return `input-${row}-${column}`;
  }

  private isActive(row: number, column: number): boolean {
    return this.cell.row === row && this.cell.column === column;
  }

  /** The greatest first, then the least, then the order of the model. */
  private sortBy(place: number): void {
    const { sort } = this.store.state;
    const column = this.columns[place - 1]?.id;
    if (column === undefined || (sort?.column === column && !sort.descending)) this.store.set({ sort: undefined });
    else this.store.set({ sort: { column, descending: sort?.column !== column } });
  }

  private open(place: number): void {
    const { host, inputs } = this.store;
    this.store.ask(host.request(calibrationProtocol.openTensor, { name: inputs[place]!.name }));
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const { row, column } = this.cell;
    const size = { rows: this.rows.length, columns: this.columns.length + 1 };
    const place = this.rows[row];
    const move = moveInGrid(event, this.cell, size, { rows: this.drawn.page, columns: size.columns });
    if (move) {
      this.cell = nearestCell(move, size, -1);
      if (this.cell.row >= 0) this.drawn.reveal(this.cell.row);
    } else if (event.key === "Enter" && row < 0) this.sortBy(column);
    else if (event.key === "Enter" && place !== undefined) this.open(place);
    else if (event.key === " " && place !== undefined) this.store.set({ selected: this.store.inputs[place]!.name });
    else if (event.key === "c" && (event.ctrlKey || event.metaKey) && place !== undefined) this.copyCell(place, column);
    else return;
    event.preventDefault();
  };

  private copyCell(place: number, column: number): void {
    const input = this.store.inputs[place]!;
    const shown = this.columns[column - 1];
    const text = shown ? shown.of(input) : input.weights.join(" ");
    if (text !== null) this.store.ask(this.store.host.request(calibrationProtocol.copy, { text: String(text) }));
  }
}
