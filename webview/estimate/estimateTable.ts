import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { type EstimateLine, estimateProtocol } from "../../src/protocol/estimate";
import { count, fixed, missing } from "../ui/format";
import { moveInGrid, nearestCell } from "../ui/gridKeys";
import { icon } from "../ui/icons";
import { t } from "../ui/l10n";
import { barEnd, barsHead, barsOf } from "./bars";
import { deviceFacts, deviceName, gibText } from "./deviceText";
import { EstimateElement } from "./estimateElement";
import { barText } from "./parts";
import { nextSorting, type SortKey } from "./rows";
import type { ReadyAnswer } from "./store";

const gib = 2 ** 30;

interface Column {
  key: SortKey;
  label: string;
  detail?: string;
  title?: string;
  text(row: EstimateLine): string;
}

/** Figures of a row, before the bars. */
function figureColumns({ working }: ReadyAnswer): Column[] {
  const about = ({ kind }: EstimateLine): string => (kind === "approximate" ? "≈ " : "");
  return [
    { key: "bits", label: t("Bits/weight"), text: (row) => fixed(row.bitsPerWeight, 2) },
    { key: "bytes", label: t("Weights, GB"), text: (row) => about(row) + fixed(row.bytes / 1e9, 2) },
    { key: "bytes", label: t("Weights, GiB"), text: (row) => about(row) + fixed(row.bytes / gib, 2) },
    {
      key: "total",
      label: t("Total, GiB"),
      title: t("Weights, KV cache and working memory, as far as they are known"),
      // Working memory is an estimate, whatever the weights are.
      text: (row) => (working ? "≈ " : about(row)) + fixed(row.neededBytes / gib, 2),
    },
  ];
}

/** Every format with its bar, and what fits where. A grid: one tab stop, arrows move, Enter on a heading sorts. */
@customElement("qs-estimate-table")
export class EstimateTable extends EstimateElement {
  @query(".estimate-grid") private readonly grid!: HTMLElement | null;
  /** The heading that arrows are on; undefined while they choose a row. */
  @state() private heading: number | undefined;

  override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const { ready, rows, row: chosen } = store;
    if (!ready) return nothing;
    const end = barEnd(rows);
    const columns = this.columns(ready);
    const active = this.heading === undefined ? chosen && rowId(rows.indexOf(chosen)) : headingId(this.heading);
    const figures = figureColumns(ready).length;
    return html`<div
        class="table-scroll estimate-grid"
        role="grid"
        tabindex="0"
        aria-label=${t("What each format needs")}
        aria-rowcount=${rows.length + 1}
        aria-activedescendant=${active ?? nothing}
        aria-keyshortcuts="ArrowUp ArrowDown ArrowLeft ArrowRight Home End Enter"
        @keydown=${this.onKeyDown}
        @blur=${() => (this.heading = undefined)}
      >
        <table class="grid" role="presentation">
          <thead role="rowgroup">
            <tr role="row">
              ${columns.slice(0, figures + 1).map((column, index) => this.renderHeading(column, index))}
              <th role="columnheader" scope="col" class="bars-cell">${barsHead(ready, end)}</th>
              ${columns.slice(figures + 1).map((column, index) => this.renderHeading(column, index + figures + 1))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            ${rows.map((row, index) => this.renderRow(row, index, row === chosen, ready, columns, end))}
          </tbody>
        </table>
      </div>
      ${rows.length === 0 ? html`<p class="state">${t("No format matches “{0}”.", store.state.filter)}</p>` : nothing}`;
  }

  /** All that can be sorted by: the name, figures, devices. */
  private columns(ready: ReadyAnswer): Column[] {
    const { devices, cache } = ready;
    return [
      { key: "name", label: t("Format"), text: ({ name }) => name },
      ...figureColumns(ready),
      ...devices.map((device, index): Column => ({
        key: `device:${index}`,
        label: deviceName(device),
        detail: t("{0} GiB", gibText(device.usableGib)),
        title: `${deviceFacts(device)}. ${cache ? t("Below: the largest context that fits beside the weights.") : ""}`,
        text: (row) => contextText(row.devices[index]),
      })),
    ];
  }

  private renderHeading({ key, label, detail, title }: Column, index: number): TemplateResult {
    const { sorting } = this.store.state;
    const direction = sorting.key !== key ? undefined : sorting.descending ? "descending" : "ascending";
    return html`<th
      role="columnheader"
      scope="col"
      id=${headingId(index)}
      class="sortable ${index === 0 ? "" : "num"} ${this.heading === index ? "active" : ""}"
      aria-sort=${direction ?? nothing}
      title=${title ?? nothing}
      @click=${() => this.sort(key)}
    >
      ${label}${direction ? icon(direction === "ascending" ? "sortUp" : "sortDown") : nothing}
      ${detail === undefined ? nothing : html`<br /><span class="muted">${detail}</span>`}
    </th>`;
  }

  private renderRow(
    row: EstimateLine,
    index: number,
    isChosen: boolean,
    ready: ReadyAnswer,
    columns: readonly Column[],
    end: number,
  ): TemplateResult {
    const figures = figureColumns(ready).length;
    return html`<tr
      role="row"
      id=${rowId(index)}
      aria-rowindex=${index + 2}
      aria-selected=${isChosen ? "true" : "false"}
      @click=${() => this.store.set({ type: row.type })}
    >
      <th role="rowheader" scope="row" title=${row.note ?? row.explanation}>
        ${row.name} <span class="muted xs">${row.explanation}</span>
      </th>
      ${columns
        .slice(1, figures + 1)
        .map((column) => html`<td role="gridcell" class="num ${column.key === "total" ? "strong" : ""}">${column.text(row)}</td>`)}
      <td role="gridcell" class="bars-cell"><span class="sr">${barText(row, ready)}</span>${barsOf(row, ready, end)}</td>
      ${row.devices.map((device, place) => {
        const text = contextText(device);
        return html`<td role="gridcell" class="num fit ${device.fits ? "fits" : ""}" title=${this.fitTitle(row, place, ready)}>
          ${device.fits ? html`${icon("check")}<span class="sr">${t("fits")}, </span>` : nothing}${text}
        </td>`;
      })}
    </tr>`;
  }

  private fitTitle(row: EstimateLine, place: number, { devices, context, trainedContext }: ReadyAnswer): string {
    const { fits, context: most } = row.devices[place]!;
    const left = devices[place]!.usableGib * gib - row.neededBytes;
    const first = fits
      ? t("{0} tokens fit with {1} GiB to spare.", count(context), fixed(left / gib, 2))
      : t("{0} tokens need {1} GiB more.", count(context), fixed(-left / gib, 2));
    if (most === null) return `${first} ${t("How large a context fits is not known.")}`;
    if (most === 0) return `${first} ${t("No context fits.")}`;
    const second =
      most === trainedContext ? t("All {0} tokens that it was trained for fit.", count(most)) : t("Up to {0} tokens fit.", count(most));
    return `${first} ${second}`;
  }

  private sort(key: SortKey): void {
    this.store.set({ sorting: nextSorting(this.store.state.sorting, key) });
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const { rows, row, ready } = this.store;
    if (!ready) return;
    const columns = this.columns(ready);
    const at = this.heading === undefined ? { row: row ? rows.indexOf(row) : 0, column: 0 } : { row: -1, column: this.heading };
    if (event.key === "Enter" && this.heading !== undefined) this.sort(columns[this.heading]!.key);
    else if (event.key === "c" && (event.ctrlKey || event.metaKey) && row) this.copy(row, columns);
    else {
      const page = { rows: 12, columns: columns.length };
      const vertical = event.key === "Home" ? { ...at, row: 0 } : event.key === "End" ? { ...at, row: rows.length - 1 } : undefined;
      const move = vertical ?? moveInGrid(event, at, { rows: rows.length, columns: columns.length }, page);
      if (!move) return;
      const next = nearestCell(move, { rows: rows.length, columns: columns.length }, -1);
      this.heading = next.row < 0 ? next.column : undefined;
      const type = rows[next.row]?.type;
      if (type !== undefined) this.store.set({ type });
      void this.updateComplete.then(() =>
        this.grid?.querySelector(`#${next.row < 0 ? headingId(next.column) : rowId(next.row)}`)?.scrollIntoView({ block: "nearest" }),
      );
    }
    event.preventDefault();
  };

  private copy(row: EstimateLine, columns: readonly Column[]): void {
    const text = columns.map((column) => column.text(row)).join("\t");
    this.store.ask(this.store.host.request(estimateProtocol.copy, { text }), t("Copied"));
  }
}

/** The largest context that fits. */
function contextText(device: EstimateLine["devices"][number] | undefined): string {
  if (!device || device.context === 0) return missing;
  return device.context === null ? (device.fits ? "" : missing) : count(device.context);
}

const rowId = (index: number): string => `format-${index}`;
const headingId = (index: number): string => `heading-${index}`;
