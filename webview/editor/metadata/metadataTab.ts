import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { editorProtocol, type MetadataRow } from "../../../src/protocol/editor";
import { announce } from "../../ui/announcer";
import { textField } from "../../ui/controls";
import { delayed } from "../../ui/delay";
import { count } from "../../ui/format";
import { icon } from "../../ui/icons";
import { t } from "../../ui/l10n";
import { middleTruncated } from "../../ui/truncate";
import { emptyState, failedRequest } from "../requestState";
import { StoreElement } from "../storeElement";
import { metadataLoader, type PageLoader, pageSize } from "./metadataLoader";
import { pager } from "./pager";
import "./elementsView";

/** The host cuts longer texts. */
const cutLength = 200;

/** Keys and values of the checkpoint's header, searched and paged by the host. One tab stop for all rows. */
@customElement("qs-metadata-tab")
export class MetadataTab extends StoreElement {
  @state() private search = "";
  @state() private active = 0;
  @state() private opened: ReadonlySet<string> = new Set();
  private loader!: PageLoader<MetadataRow>;
  private loadedRevision = -1;
  private readonly searchSoon = delayed(() => void this.loader.go(0), 120);

  override connectedCallback(): void {
    super.connectedCallback();
    this.loader ??= metadataLoader(
      this.store.host,
      () => this.search,
      () => this.loaded(),
    );
    this.storeChanged();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.searchSoon.cancel();
    this.loader.stop();
    if (!this.loader.loaded) this.loadedRevision = -1;
  }

  protected override storeChanged(): void {
    if (this.loadedRevision !== this.store.revision && !this.store.failure) {
      this.loadedRevision = this.store.revision;
      void this.loader.go(0);
    }
    this.requestUpdate();
  }

  override render(): TemplateResult {
    const { loader, store } = this;
    if (store.snapshot?.metadataCount === 0) return emptyState(t("This checkpoint has no metadata."));
    if (loader.failure) return failedRequest(store, t("The metadata could not be read"), loader.failure);
    return html`<div class="metadata">
      <div class="list-tools">
        ${textField({
          label: t("Search metadata"),
          placeholder: t("Search keys and values"),
          value: this.search,
          icon: "search",
          className: "grow",
          onInput: (value) => {
            this.search = value;
            this.searchSoon();
          },
        })}
        <span class="muted xs">${this.countText()}</span>
      </div>
      ${loader.loaded && loader.items.length === 0 ? emptyState(t("Nothing matches “{0}”.", this.search)) : this.renderRows()}
      ${
        loader.total > pageSize
          ? pager({
              start: loader.start,
              shown: loader.items.length,
              total: loader.total,
              pageSize,
              onGo: (start) => void loader.go(start),
            })
          : nothing
      }
    </div>`;
  }

  private countText(): string {
    const { total } = this.loader;
    const all = this.store.snapshot?.metadataCount ?? total;
    if (this.search.trim() !== "") return t("{0} of {1}", count(total), count(all));
    return all === 1 ? t("1 key") : t("{0} keys", count(all));
  }

  private renderRows(): TemplateResult {
    return html`<div
      class="metadata-grid"
      role="treegrid"
      aria-label=${t("Metadata")}
      aria-rowcount=${this.loader.total}
      aria-colcount="3"
      @keydown=${this.onKeyDown}
    >
      <div role="row" class="metadata-row metadata-head">
        <div role="columnheader">${t("Key")}</div>
        <div role="columnheader">${t("Type")}</div>
        <div role="columnheader">${t("Value")}</div>
      </div>
      ${this.loader.items.map((row, index) => this.renderRow(row, index))}
    </div>`;
  }

  private renderRow(row: MetadataRow, index: number): TemplateResult {
    const opens = canOpen(row);
    const isOpen = opens && this.opened.has(row.key);
    const isActive = index === this.active;
    return html`<div
        role="row"
        class="metadata-row"
        data-index=${index}
        tabindex=${isActive ? 0 : -1}
        aria-level="1"
        aria-rowindex=${this.loader.start + index + 1}
        aria-expanded=${opens ? (isOpen ? "true" : "false") : nothing}
        @click=${() => this.onRowClick(row, index)}
        @focus=${() => (this.active = index)}
      >
        <div role="gridcell" class="metadata-key mono" title=${row.key}>
          <span class="twist">${opens ? icon(isOpen ? "chevronDown" : "chevronRight") : nothing}</span>${middleTruncated(row.key)}
        </div>
        <div role="gridcell" class="muted">${row.type}</div>
        <div role="gridcell" class="metadata-value">
          ${row.length === undefined ? nothing : html`<span class="pill">${row.length === 1 ? t("1 item") : t("{0} items", count(row.length))}</span>`}
          <span class="metadata-text mono" title=${row.text}>${row.text}</span>
          ${
            row.length === undefined
              ? html`<button
                  type="button"
                  class="icon-btn row-action"
                  tabindex=${isActive ? 0 : -1}
                  aria-label=${t("Copy value of {0}", row.key)}
                  title=${t("Copy value")}
                  @click=${(event: Event) => this.onCopy(event, row)}
                >
                  ${icon("copy")}
                </button>`
              : nothing
          }
        </div>
      </div>
      ${
        isOpen
          ? html`<div role="row" class="metadata-opened" aria-level="2">
              <div role="gridcell" aria-colspan="3"><qs-elements-view .store=${this.store} .row=${row}></qs-elements-view></div>
            </div>`
          : nothing
      }`;
  }

  private loaded(): void {
    this.active = Math.min(this.active, Math.max(0, this.loader.items.length - 1));
    if (this.search.trim() !== "") announce(t("{0} of {1}", count(this.loader.total), count(this.store.snapshot?.metadataCount ?? 0)));
    this.requestUpdate();
  }

  private toggle(row: MetadataRow, open = !this.opened.has(row.key)): void {
    if (!canOpen(row)) return;
    const opened = new Set(this.opened);
    if (open) opened.add(row.key);
    else opened.delete(row.key);
    this.opened = opened;
  }

  private onRowClick(row: MetadataRow, index: number): void {
    this.active = index;
    // Selecting text in a row is not a click on it.
    if (getSelection()?.isCollapsed !== false) this.toggle(row);
  }

  private onCopy(event: Event, row: MetadataRow): void {
    event.stopPropagation();
    this.copy(row);
  }

  private copy(row: MetadataRow): void {
    if (row.length !== undefined) return;
    if (row.text.length < cutLength) return this.store.copy(row.text);
    const whole = this.store.host.request(editorProtocol.metadataArray, { key: row.key, start: 0, count: 1 });
    this.store.run(whole.then(({ values }) => this.store.copy(values[0] ?? row.text)));
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const element = event.target as HTMLElement;
    if (element.dataset.index === undefined) return;
    const index = Number(element.dataset.index);
    const row = this.loader.items[index];
    if (!row) return;
    const last = this.loader.items.length - 1;
    const keys: Record<string, number> = { ArrowDown: Math.min(last, index + 1), ArrowUp: Math.max(0, index - 1), Home: 0, End: last };
    const next = keys[event.key];
    if (next !== undefined) this.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus();
    else if (event.key === "ArrowRight") this.toggle(row, true);
    else if (event.key === "ArrowLeft") this.toggle(row, false);
    else if (event.key === "Enter") this.toggle(row);
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c" && getSelection()?.isCollapsed !== false) this.copy(row);
    else return;
    event.preventDefault();
  };
}

/** Arrays open into pages, long texts into the whole. */
function canOpen(row: MetadataRow): boolean {
  return row.length !== undefined || row.text.length >= cutLength;
}
