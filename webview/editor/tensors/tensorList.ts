import { html, nothing, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import type { ColumnId } from "../../../src/protocol/editorState";
import { button, textField } from "../../ui/controls";
import { t } from "../../ui/l10n";
import type { Menu, MenuItem } from "../../ui/menu";
import { segmented } from "../../ui/segmented";
import { allColumns } from "../state";
import { StoreElement } from "../storeElement";
import { columnOf, fitColumns } from "./columns";
import { RowModel } from "./rowModel";
import { scanText } from "./scanText";
import type { TensorTable } from "./tensorTable";
import "../../ui/menu";
import "./tensorTable";

/** The left pane: filter, view options, the table, and a line that says how much of it there is. */
@customElement("qs-tensor-list")
export class TensorList extends StoreElement {
  @query("qs-tensor-table") private readonly table!: TensorTable;
  @query(".column-menu") private readonly columnMenu!: Menu;
  private readonly model = new RowModel();

  override focus(): void {
    this.table.focus();
  }

  override render(): TemplateResult {
    const { store } = this;
    const rows = this.model.update(store);
    return html`
      <div class="list-tools">
        ${textField({
          label: t("Filter tensors"),
          placeholder: t("Filter tensors, e.g. layers.*down"),
          value: store.state.filter,
          icon: "search",
          className: "grow",
          onInput: (filter) => store.setState({ filter }),
          onKeyDown: (event, value) => this.onFilterKey(event, value),
        })}
        ${segmented({
          label: t("View"),
          value: store.state.view,
          options: [
            { value: "tree", label: t("Tree") },
            { value: "list", label: t("List") },
          ],
          onSelect: (view) => store.setState({ view }),
        })}
        <qs-menu class="column-menu" icon="columns" .label=${t("Choose columns")} .items=${() => this.columnItems()}></qs-menu>
      </div>
      ${rows.length === 0 ? this.renderEmpty() : nothing}
      <qs-tensor-table
        ?hidden=${rows.length === 0}
        .store=${store}
        .model=${this.model}
        @choose-columns=${() => this.columnMenu.open()}
      ></qs-tensor-table>
      ${this.renderFooter()}
    `;
  }

  private renderEmpty(): TemplateResult {
    if (this.store.state.filter === "") return html`<div class="state"><p>${t("This file holds no tensors.")}</p></div>`;
    return html`<div class="state">
      <p>${t("No tensor matches “{0}”.", this.store.state.filter)}</p>
      ${button({ label: t("Clear filter"), primary: true, onClick: () => this.store.setState({ filter: "" }) })}
    </div>`;
  }

  private renderFooter(): TemplateResult {
    const { scan, snapshot, scannedCount, decodableCount } = this.store;
    const counts = {
      tensors: snapshot?.tensors.length ?? 0,
      decodable: decodableCount,
      scanned: scannedCount,
      matching: this.model.matchCount,
    };
    const text = scanText(scan, counts);
    return html`<div class="list-foot muted xs">
      <span class="list-status" title=${text}>${text}</span>
      ${
        scan.kind === "cancelled"
          ? html`<button type="button" class="link" @click=${() => this.store.startScan()}>${t("Continue")}</button>`
          : nothing
      }
      ${
        scan.kind === "failed"
          ? html`<button type="button" class="link" @click=${() => this.store.act("showLog")}>${t("Show log")}</button>`
          : nothing
      }
      <span class="grow"></span>
      <span class="list-hint">${t("σ, range and shape on one scale down the column")}</span>
    </div>`;
  }

  private columnItems(): MenuItem[] {
    const { columns } = this.store.state;
    const items = allColumns.map((id): MenuItem => {
      const checked = columns.includes(id);
      const column = columnOf(id);
      const fits = fitColumns(columns, this.table.clientWidth).includes(column);
      return {
        label: column.name?.() ?? column.label(),
        checked,
        detail: checked && !fits ? t("hidden while the list is narrow") : undefined,
        run: () => this.toggle(id, !checked),
      };
    });
    const { stored } = this.store.snapshot ?? {};
    if (stored === undefined) return items;
    return [...items, { label: t("Stored tensors"), checked: stored, run: () => this.store.showStored(!stored) }];
  }

  private toggle(id: ColumnId, shown: boolean): void {
    const { columns } = this.store.state;
    this.store.setState({ columns: allColumns.filter((column) => (column === id ? shown : columns.includes(column))) });
  }

  private onFilterKey(event: KeyboardEvent, value: string): void {
    if (event.key === "ArrowDown") this.focus();
    else if (event.key === "Escape" && value !== "") this.store.setState({ filter: "" });
    else return;
    event.preventDefault();
  }
}
