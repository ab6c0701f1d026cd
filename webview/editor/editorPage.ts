import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { ScanState } from "../../src/protocol/editor";
import { announce } from "../ui/announcer";
import { count } from "../ui/format";
import { icon } from "../ui/icons";
import { t } from "../ui/l10n";
import { styles } from "../ui/styles";
import { compositionBar } from "./composition";
import type { TensorDetail } from "./detail/tensorDetail";
import { failedBanner, failedPage } from "./failedPage";
import { clampSplit, splitSizes } from "./splitLayout";
import { StoreElement } from "./storeElement";
import { scanAnnouncement, scanShare } from "./tensors/scanText";
import type { TensorList } from "./tensors/tensorList";
import "../ui/sash";
import "./detail/tensorDetail";
import "./headerStrip";
import "./tensors/tensorList";

/** The whole page: header, composition, and the list of tensors beside (or above) the detail of one. */
@customElement("qs-editor")
export class EditorPage extends StoreElement {
  @query("qs-tensor-list") private readonly list!: TensorList | null;
  @query("qs-tensor-detail") private readonly detail!: TensorDetail | null;
  @query(".split") private readonly split!: HTMLElement | null;
  @state() private size = { width: window.innerWidth, height: window.innerHeight };
  /** The list is painted first: the controls of the detail take as long to make as everything else. */
  @state() private showsDetail = false;
  private lastScan: ScanState = { kind: "none" };
  private readonly resizing = new ResizeObserver(() => this.measure());

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(document.body);
    this.addEventListener("keydown", this.onKeyDown);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
  }

  protected override storeChanged(): void {
    const text = scanAnnouncement(this.lastScan, this.store.scan);
    this.lastScan = this.store.scan;
    if (text !== undefined) announce(text);
    super.storeChanged();
  }

  override render(): TemplateResult {
    const { store } = this;
    const { snapshot, failure } = store;
    if (!snapshot && failure) return failedPage(store, failure);
    if (!snapshot) {
      return html`<main class="loading" aria-busy="true" aria-label=${t("Checkpoint")}>
        ${this.renderProgress()}
        <p class="state">${t("Reading the header of the checkpoint.")}</p>
      </main>`;
    }
    return html`<main class="editor" aria-label=${t("Checkpoint {0}", snapshot.name)}>
      <qs-header-strip .store=${store}></qs-header-strip>
      ${this.renderProgress()} ${compositionBar(snapshot)} ${this.renderBanner()} ${this.renderSplit(failure !== undefined)}
    </main>`;
  }

  /** The bar under the header: full width from the first moment, filled by bytes once the scan counts them. */
  private renderProgress(): TemplateResult {
    const { scan, snapshot } = this.store;
    const share = scanShare(scan);
    if (snapshot && scan.kind !== "running") return html`<div class="bar"></div>`;
    const percent = share === undefined ? undefined : Math.round(share * 100);
    return html`<div
      class="bar ${share === undefined ? "waiting" : ""}"
      role="progressbar"
      aria-label=${snapshot ? t("Scan") : t("Opening the checkpoint")}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${percent ?? nothing}
      aria-valuetext=${scan.kind === "running" ? t("{0} tensors scanned", count(scan.tensors)) : nothing}
    >
      <i ${styles({ width: percent === undefined ? undefined : `${percent}%` })}></i>
    </div>`;
  }

  private renderBanner(): TemplateResult | typeof nothing {
    const { disk, failure } = this.store;
    if (failure) return failedBanner(this.store, failure);
    if (disk.kind === "same") return nothing;
    const text =
      disk.kind === "changed"
        ? t("The file changed on disk and was read again. Figures of the old content are gone.")
        : t("{0} was deleted or moved. What was read stays readable; figures that need the file cannot be made.", disk.name);
    return html`<div class="banner" role=${disk.kind === "deleted" ? "alert" : "status"}>
      <span class=${disk.kind === "deleted" ? "sev-warning" : "sev-info"}>${icon(disk.kind === "deleted" ? "warning" : "info")}</span>
      <p class="grow">${text}</p>
      <button type="button" class="icon-btn" aria-label=${t("Dismiss")} title=${t("Dismiss")} @click=${() => this.store.dismissDisk()}>
        ${icon("close")}
      </button>
    </div>`;
  }

  private renderSplit(stale: boolean): TemplateResult {
    const { store } = this;
    const sizes = splitSizes(this.size.width, this.size.height, store.state);
    return html`<div
      class="split ${sizes.stacked ? "stacked" : ""} ${stale ? "stale" : ""}"
      ?inert=${stale}
      ${styles({ "--qs-list-size": `${sizes.list}px` })}
    >
      <section class="list-pane" aria-label=${t("Tensors")}>
        <qs-tensor-list .store=${store}></qs-tensor-list>
      </section>
      <qs-sash
        .label=${t("Space of the list")}
        .vertical=${!sizes.stacked}
        .percent=${(100 * sizes.list) / Math.max(1, sizes.total)}
        @sash-move=${(event: CustomEvent<number>) => this.moveSash(event.detail, sizes.stacked)}
        @sash-reset=${() => store.setState(sizes.stacked ? { stackedSplit: undefined } : { split: undefined })}
      ></qs-sash>
      <section class="detail-pane" aria-label=${t("Tensor detail")}>
        ${this.showsDetail ? html`<qs-tensor-detail .store=${store}></qs-tensor-detail>` : nothing}
      </section>
    </div>`;
  }

  private moveSash(pixels: number, stacked: boolean): void {
    const total = stacked ? this.size.height : this.size.width;
    const share = clampSplit(pixels, total, stacked);
    this.store.setState(stacked ? { stackedSplit: share } : { split: share });
  }

  private measure(): void {
    const box = this.split?.getBoundingClientRect();
    const width = box?.width ?? window.innerWidth;
    const height = box?.height ?? window.innerHeight;
    if (width !== this.size.width || height !== this.size.height) this.size = { width, height };
  }

  protected override updated(): void {
    if (!this.split) return;
    this.resizing.observe(this.split);
    if (!this.showsDetail) requestAnimationFrame(() => setTimeout(() => (this.showsDetail = true)));
  }

  /** F6 goes from one region to the next, as it does in VS Code; Esc cancels the scan that was started here. */
  private readonly onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && !event.defaultPrevented && this.store.scan.kind === "running") this.store.cancelScan();
    if (event.key !== "F6" || !this.list || !this.detail) return;
    event.preventDefault();
    if (this.detail.contains(document.activeElement)) this.list.focus();
    else this.detail.focus();
  };
}
