import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { cache } from "lit/directives/cache.js";
import type { CheckpointSnapshot, PackedFacts, TensorRow } from "../../../src/protocol/editor";
import type { DetailTab } from "../../../src/protocol/editorState";
import { bytes, count, shape } from "../../ui/format";
import { icon } from "../../ui/icons";
import { t } from "../../ui/l10n";
import { tabStrip } from "../../ui/tabs";
import { StoreElement } from "../storeElement";
import "../histogram/histogramTab";
import "../importance/importanceTab";
import "../metadata/metadataTab";
import "../types/typesTab";
import "../values/valuesTab";

/** The right pane: the selected tensor and the views of it. */
@customElement("qs-tensor-detail")
export class TensorDetail extends StoreElement {
  override focus(): void {
    this.querySelector<HTMLElement>("[role=tab][aria-selected=true]")?.focus();
  }

  override render(): TemplateResult {
    const { store } = this;
    const { snapshot, selectedRow: row } = store;
    // Without tensors the header's metadata is all there is.
    const tab = snapshot?.tensors.length === 0 ? "metadata" : shownTab(store.state.tab, snapshot);
    const labels: [DetailTab, string][] = [
      // What an importance matrix says is about a model's weights; nobody quantizes it.
      ...(snapshot?.isImportance ? [["importance", t("Importance")] as [DetailTab, string]] : []),
      ["histogram", t("Histogram")],
      ["values", t("Values")],
      ...(snapshot?.isImportance ? [] : [["types", t("Types")] as [DetailTab, string]]),
      ["metadata", t("Metadata")],
    ];
    return html`${row && snapshot ? this.renderTitle(row, snapshot) : nothing}
      ${tabStrip({
        label: t("Tensor views"),
        selected: tab,
        tabs: labels.filter(([id]) => id === "metadata" || id === "importance" || row !== undefined).map(([id, label]) => ({ id, label })),
        onSelect: (id) => store.setState({ tab: id }),
      })}
      <div class="tab-panel" role="tabpanel" id="panel-${tab}" aria-labelledby="tab-${tab}">${cache(this.renderTab(tab))}</div>`;
  }

  private renderTitle(row: TensorRow, snapshot: CheckpointSnapshot): TemplateResult {
    const [before, module, after] = emphasized(row.name);
    const file = snapshot.files.length > 1 ? snapshot.files[row.file]?.name : undefined;
    const facts = [
      shape(row.shape),
      row.dtype,
      row.parameters === 1 ? t("1 weight") : t("{0} weights", count(row.parameters)),
      file === undefined
        ? t("{0} at offset {1}", bytes(row.bytes), count(row.offset))
        : t("{0} at offset {1} of {2}", bytes(row.bytes), count(row.offset), file),
    ];
    return html`<header class="detail-head">
        <h2 class="mono" title=${row.name}>
          <span class="mid-head">${before}</span><span class="mid-tail"><b>${module}</b>${after}</span>
        </h2>
        <span class="grow"></span>
        <button
          type="button"
          class="icon-btn"
          aria-label=${t("Copy name")}
          title=${t("Copy name")}
          @click=${() => this.store.copy(row.name)}
        >
          ${icon("copy")}
        </button>
      </header>
      <p class="detail-facts muted xs">${facts.join(" · ")}</p>
      ${row.packed ? html`<p class="detail-facts muted xs">${packedText(row.packed)}</p>` : nothing}`;
  }

  private renderTab(tab: DetailTab): TemplateResult {
    if (tab === "importance") return html`<qs-importance-tab .store=${this.store}></qs-importance-tab>`;
    if (tab === "values") return html`<qs-values-tab .store=${this.store}></qs-values-tab>`;
    if (tab === "types") return html`<qs-types-tab .store=${this.store}></qs-types-tab>`;
    if (tab === "metadata") return html`<qs-metadata-tab .store=${this.store}></qs-metadata-tab>`;
    return html`<qs-histogram-tab .store=${this.store}></qs-histogram-tab>`;
  }
}

/** The chosen tab, where the file has it. */
function shownTab(tab: DetailTab, snapshot: CheckpointSnapshot | undefined): DetailTab {
  if (snapshot?.isImportance) return tab === "types" ? "importance" : tab;
  return tab === "importance" ? "histogram" : tab;
}

/** `GPTQ · 4 bits in groups of 128 · order: g_idx`. */
function packedText({ method, bits, groupSize, notes }: PackedFacts): string {
  const size = groupSize > 0 ? t("{0} bits in groups of {1}", count(bits), count(groupSize)) : t("{0} bits", count(bits));
  return [method, size, ...notes].join(" · ");
}

/** A name in three parts, the module in the middle: `model.layers.1.mlp.`, `gate_proj`, `.weight`. */
function emphasized(name: string): [string, string, string] {
  const match = /^(.*\.)?([^.]+)(\.[^.]+)$/.exec(name);
  return match ? [match[1] ?? "", match[2] ?? "", match[3] ?? ""] : ["", name, ""];
}
