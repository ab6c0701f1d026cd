import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { MetadataRow } from "../../../src/protocol/editor";
import { count } from "../../ui/format";
import { icon } from "../../ui/icons";
import { t } from "../../ui/l10n";
import { failedRequest } from "../requestState";
import { StoreElement } from "../storeElement";
import { elementLoader, type PageLoader, pageSize } from "./metadataLoader";
import { pager } from "./pager";

/** Characters of one element that are drawn; a token list can hold anything. */
const drawnCharacters = 20_000;

/** An opened value: the elements of an array in pages, or the whole of a long text. */
@customElement("qs-elements-view")
export class ElementsView extends StoreElement {
  @property({ attribute: false }) row!: MetadataRow;
  private loader: PageLoader<string> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.loader ??= elementLoader(this.store.host, this.row.key, () => this.requestUpdate());
    void this.loader.go(this.loader.start);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.loader?.stop();
  }

  override render(): TemplateResult {
    const { loader, row } = this;
    if (loader?.failure) return failedRequest(this.store, t("The value could not be read"), loader.failure);
    if (!loader?.loaded) return html`<div class="elements" aria-busy="true"></div>`;
    const isArray = row.length !== undefined;
    return html`<div class="elements">
      <div class="elements-tools">
        ${
          isArray
            ? pager({
                start: loader.start,
                shown: loader.items.length,
                total: loader.total,
                pageSize,
                jumpLabel: t("Go to index of {0}", row.key),
                onGo: (start) => void loader.go(start),
              })
            : nothing
        }
        <span class="grow"></span>
        <button
          type="button"
          class="icon-btn"
          aria-label=${isArray ? t("Copy page") : t("Copy value")}
          title=${isArray ? t("Copy page") : t("Copy value")}
          @click=${() => this.store.copy(loader.items.join("\n"))}
        >
          ${icon("copy")}
        </button>
      </div>
      ${isArray ? this.renderElements(loader) : html`<pre class="long-text mono" tabindex="0" role="region" aria-label=${row.key}>${cut(loader.items[0] ?? "")}</pre>`}
    </div>`;
  }

  private renderElements(loader: PageLoader<string>): TemplateResult {
    return html`<ol class="element-list mono" tabindex="0" aria-label=${t("Elements of {0}", this.row.key)}>
      ${loader.items.map(
        (text, index) =>
          html`<li><span class="muted num">${count(loader.start + index)}</span><span class="element-text">${cut(text)}</span></li>`,
      )}
    </ol>`;
  }
}

function cut(text: string): string {
  return text.length <= drawnCharacters ? text : `${text.slice(0, drawnCharacters)}…`;
}
