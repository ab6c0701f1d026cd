import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { LightElement } from "../ui/lightElement";
import { ObservedWidth } from "../ui/observedWidth";

/** A table that scrolls inside itself where it is wider than the page. Only then the keyboard stops at it, to scroll it. */
@customElement("qs-table-box")
export class TableBox extends LightElement {
  /** Of the region, for assistive technology. */
  @property() label = "";
  @property({ attribute: false }) table!: TemplateResult;
  @state() private isTooWide = false;

  constructor() {
    super();
    new ObservedWidth(this, () => this.measure());
  }

  override render(): TemplateResult {
    const { isTooWide } = this;
    return html`<div
      class="table-box"
      tabindex=${isTooWide ? 0 : nothing}
      role=${isTooWide ? "region" : nothing}
      aria-label=${isTooWide ? this.label : nothing}
    >
      ${this.table}
    </div>`;
  }

  protected override updated(): void {
    this.measure();
  }

  private measure(): void {
    const box = this.firstElementChild;
    if (box) this.isTooWide = box.scrollWidth > box.clientWidth;
  }
}

/** A table that may be wider than the page. */
export function tableBox(label: string, table: TemplateResult): TemplateResult {
  return html`<qs-table-box label=${label} .table=${table}></qs-table-box>`;
}
