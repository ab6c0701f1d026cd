import { VirtualizerController } from "@tanstack/lit-virtual";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { SortKey } from "../../../src/protocol/editorState";
import { significant } from "../../ui/format";
import { icon } from "../../ui/icons";
import { t } from "../../ui/l10n";
import { styles } from "../../ui/styles";
import { middleTruncated } from "../../ui/truncate";
import { StoreElement } from "../storeElement";
import { groupCell, tensorCell } from "./cells";
import { type Column, fitColumns, gridTracks } from "./columns";
import type { DisplayRow } from "./displayRows";
import type { RowModel } from "./rowModel";
import { moveInTable } from "./tableKeys";
import { TypeAhead } from "./typeAhead";

const rowHeight = 22;
const headerHeight = 24;

/**
 * The tensors of the checkpoint as a virtual tree grid: only the rows in view are in the document, their numbers and
 * levels are told to assistive technology by attributes. One tab stop; the row that arrows move is the active descendant,
 * which stays in the document when it scrolls out of view.
 */
@customElement("qs-tensor-table")
export class TensorTable extends StoreElement {
  /** The rows, shared with what is around the table. */
  @property({ attribute: false }) model!: RowModel;
  @query(".tensor-grid") private readonly grid!: HTMLElement;
  @state() private active = 0;
  @state() private width = 800;
  /** Header cell that is the tab stop of the header row. */
  @state() private activeHeader = 0;
  private readonly typeAhead = new TypeAhead();
  private rows: readonly DisplayRow[] = [];
  private selectedWhenDrawn: number | undefined;
  private revealedWhenDrawn = 0;
  private readonly virtualizer = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: headerHeight,
    scrollPaddingStart: headerHeight,
    getScrollElement: () => this.grid ?? null,
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const first = Math.max(0, startIndex - overscan);
      const last = Math.min(count - 1, endIndex + overscan);
      const shown = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
      if (this.active < first && this.active < count) shown.unshift(this.active);
      else if (this.active > last && this.active < count) shown.push(this.active);
      return shown;
    },
  });
  private readonly resizing = new ResizeObserver(([entry]) => {
    if (entry) this.width = entry.contentRect.width;
  });

  /** Puts the focus on the rows. */
  override focus(): void {
    this.grid.focus();
  }

  protected override willUpdate(): void {
    const before = this.rows[this.active];
    this.rows = this.model.update(this.store);
    if (before && rowKey(this.rows[this.active]) !== rowKey(before)) {
      const key = rowKey(before);
      this.active = Math.max(
        0,
        this.rows.findIndex((row) => rowKey(row) === key),
      );
    }
    const virtualizer = this.virtualizer.getVirtualizer();
    if (virtualizer.options.count !== this.rows.length) virtualizer.setOptions({ ...virtualizer.options, count: this.rows.length });
  }

  protected override firstUpdated(): void {
    this.resizing.observe(this.grid);
    this.grid.scrollTop = this.store.state.scrollTop;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { selected, revealed } = this.store;
    if (selected === this.selectedWhenDrawn && revealed === this.revealedWhenDrawn) return;
    const isFirst = this.selectedWhenDrawn === undefined;
    this.selectedWhenDrawn = selected;
    this.revealedWhenDrawn = revealed;
    const index = this.model.indexOf(selected);
    if (index === undefined) return;
    this.active = index;
    // A restored scroll position wins over the selection.
    if (!isFirst || this.store.state.scrollTop === 0) this.virtualizer.getVirtualizer().scrollToIndex(index, { align: "auto" });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
  }

  override render(): TemplateResult {
    const columns = fitColumns(this.store.state.columns, this.width);
    const virtualizer = this.virtualizer.getVirtualizer();
    return html`<div
      class="tensor-grid"
      role="treegrid"
      tabindex="0"
      aria-label=${t("Tensors")}
      aria-rowcount=${this.rows.length + 1}
      aria-colcount=${columns.length}
      aria-multiselectable="true"
      aria-activedescendant=${this.rows.length > 0 ? `tensor-row-${this.active}` : nothing}
      ${styles({ "--qs-tracks": gridTracks(columns) })}
      @keydown=${this.onKeyDown}
      @scroll=${this.onScroll}
    >
      <div role="rowgroup" class="tensor-head">${this.renderHeader(columns)}</div>
      <div role="rowgroup" class="tensor-body" ${styles({ height: `${virtualizer.getTotalSize()}px` })}>
        ${repeat(
          virtualizer.getVirtualItems(),
          (item) => item.index,
          (item) => this.renderRow(item.index, item.start - headerHeight, columns),
        )}
      </div>
    </div>`;
  }

  private renderHeader(columns: readonly Column[]): TemplateResult {
    const { sort } = this.store.state;
    const scale = this.model.scale;
    return html`<div role="row" aria-rowindex="1" class="tensor-row" @keydown=${this.onHeaderKeyDown}>
      ${columns.map((column, index) => {
        const sorted = sort.key === column.sortKey;
        const label = column.id === "range" && scale !== undefined ? t("Range ±{0}", significant(scale, 2)) : column.label();
        return html`<div
          role="columnheader"
          class=${column.numeric ? "num" : ""}
          title=${column.title()}
          aria-sort=${sorted ? (sort.descending ? "descending" : "ascending") : "none"}
          tabindex=${index === Math.min(this.activeHeader, columns.length - 1) ? 0 : -1}
          @click=${() => this.sortBy(column.sortKey)}
        >
          ${column.numeric ? nothing : html`<span class="head-label">${label}</span>`}
          ${sorted ? icon(sort.descending ? "sortDown" : "sortUp") : nothing}
          ${column.numeric ? html`<span class="head-label">${label}</span>` : nothing}
        </div>`;
      })}
    </div>`;
  }

  private renderRow(index: number, top: number, columns: readonly Column[]): TemplateResult | typeof nothing {
    const row = this.rows[index];
    if (!row) return nothing;
    const { node } = row;
    const selected = node.kind === "tensor" && (node.index === this.store.selected || this.store.marked.has(node.index));
    const name = node.kind === "tensor" ? this.store.snapshot!.tensors[node.index]!.name : node.path;
    return html`<div
      role="row"
      id="tensor-row-${index}"
      class="tensor-row ${index === this.active ? "active" : ""}"
      aria-rowindex=${index + 2}
      aria-level=${row.level}
      aria-posinset=${row.position}
      aria-setsize=${row.setSize}
      aria-expanded=${row.expanded === undefined ? nothing : row.expanded ? "true" : "false"}
      aria-selected=${selected ? "true" : "false"}
      ${styles({ transform: `translateY(${top}px)` })}
      @click=${(event: MouseEvent) => this.onRowClick(index, event)}
    >
      ${columns.map(({ id, numeric }) =>
        id === "name"
          ? html`<div role="gridcell" class="tensor-name" title=${name} ${styles({ "padding-left": `${8 + (row.level - 1) * 12}px` })}>
              <span class="twist">${row.expanded === undefined ? nothing : icon(row.expanded ? "chevronDown" : "chevronRight")}</span
              >${middleTruncated(row.label)}
            </div>`
          : html`<div role="gridcell" class=${numeric ? "num" : ""}>
              ${
                node.kind === "tensor"
                  ? tensorCell(id, this.store.snapshot!.tensors[node.index]!, this.store.summaries[node.index], this.model.scale)
                  : groupCell(id, node, row.expanded ?? false, this.store.summaries)
              }
            </div>`,
      )}
    </div>`;
  }

  private sortBy(key: SortKey): void {
    const { sort } = this.store.state;
    // Texts read from A, numbers from the largest; the third time brings the original order back.
    const descendsFirst = key !== "name" && key !== "dtype" && key !== "offset";
    if (sort.key !== key) this.store.setState({ sort: { key, descending: descendsFirst } });
    else if (sort.descending === descendsFirst) this.store.setState({ sort: { key, descending: !descendsFirst } });
    else this.store.setState({ sort: { key: "order", descending: false } });
  }

  private readonly onHeaderKeyDown = (event: KeyboardEvent): void => {
    const cells = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=columnheader]")];
    const index = cells.findIndex((cell) => cell === event.target);
    const keys: Record<string, number> = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: cells.length - 1 };
    const next = keys[event.key];
    if (next !== undefined && cells[next]) {
      this.activeHeader = next;
      cells[next].focus();
    } else if (event.key === "Enter" || event.key === " ") cells[index]?.click();
    else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) this.dispatchEvent(new CustomEvent("choose-columns"));
    else if (event.key === "ArrowDown") this.focus();
    else return;
    event.preventDefault();
  };

  private onRowClick(index: number, event: MouseEvent): void {
    const row = this.rows[index];
    if (!row) return;
    this.active = index;
    if (row.node.kind === "group") this.setExpanded(row, !row.expanded);
    else if (event.ctrlKey || event.metaKey) this.store.toggleMark(row.node.index);
    else this.store.select(row.node.index);
  }

  private setExpanded(row: DisplayRow, expanded: boolean): void {
    if (row.node.kind !== "group" || row.expanded === expanded) return;
    this.model.setExpanded(this.store, row.node.path, expanded);
    this.requestUpdate();
  }

  private moveTo(index: number): void {
    this.active = Math.min(this.rows.length - 1, Math.max(0, index));
    this.virtualizer.getVirtualizer().scrollToIndex(this.active, { align: "auto" });
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    // The keys of the header are its own; VS Code hears them all the same.
    if (event.defaultPrevented || event.target !== this.grid) return;
    const row = this.rows[this.active];
    const page = Math.max(1, Math.floor((this.grid.clientHeight - headerHeight) / rowHeight) - 1);
    const action = moveInTable(event, this.rows, this.active, page);
    if (action?.kind === "move") this.moveTo(action.index);
    else if (action?.kind === "expand" && row) this.setExpanded(row, action.expanded);
    else if (event.key === "Enter" && row) {
      if (row.node.kind === "group") this.setExpanded(row, !row.expanded);
      else this.store.select(row.node.index);
    } else if (event.key === " " && row && !this.typeAhead.isTyping) {
      if (row.node.kind === "tensor") this.store.toggleMark(row.node.index);
    } else if (event.key === "Escape" && this.store.marked.size > 0) this.store.clearMarks();
    else if (this.typeAhead.takes(event)) {
      const found = this.typeAhead.find(event.key, this.rows, this.active);
      if (found !== undefined) this.moveTo(found);
    } else return;
    event.preventDefault();
  };

  private readonly onScroll = (): void => {
    this.store.remember({ scrollTop: Math.round(this.grid.scrollTop) });
  };
}

/** What stays the same of a row when the rows are computed anew. */
function rowKey(row: DisplayRow | undefined): string | number | undefined {
  return row?.node.kind === "group" ? row.node.path : row?.node.index;
}
