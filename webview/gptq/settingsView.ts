import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { gptqProtocol, offeredDampings, offeredGroups, type OfferedLayer } from "../../src/protocol/gptq";
import { checkbox, dropdown } from "../ui/controls";
import { count } from "../ui/format";
import { t } from "../ui/l10n";
import { segmented } from "../ui/segmented";
import { GptqElement } from "./gptqElement";

/** The layer, and how it is quantized. */
@customElement("qs-gptq-settings")
export class GptqSettingsView extends GptqElement {
  override render(): TemplateResult {
    const { store } = this;
    const { settings } = store;
    const { columns } = store.layer!;
    return html`<div class="page-tools">
      ${this.renderLayer()}
      <span class="label" aria-hidden="true">${t("Bits")}</span>
      ${segmented({
        label: t("Bits"),
        value: settings.bits,
        options: ([2, 3, 4, 8] as const).map((value) => ({ value, label: String(value) })),
        onSelect: (bits) => store.choose({ bits }),
      })}
      <span class="label" aria-hidden="true">${t("Group size")}</span>
      ${segmented({
        label: t("Group size"),
        value: settings.groupSize,
        options: offeredGroups
          .filter((size) => size < columns)
          .map((value) => ({
            value,
            label: value === -1 ? t("row") : count(value),
            title: value === -1 ? t("One scale for a whole row") : "",
          })),
        onSelect: (groupSize) => store.choose({ groupSize }),
      })}
      <span class="label" aria-hidden="true">${t("Damping")}</span>
      ${dropdown({
        label: t("Damping"),
        value: String(settings.damping),
        options: offeredDampings.map((value) => ({ value: String(value), label: String(value) })),
        className: "gptq-damping",
        onChange: (value) => store.choose({ damping: Number(value) }),
      })}
      <span class="label" aria-hidden="true">${t("Order")}</span>
      ${segmented({
        label: t("Order"),
        value: settings.order,
        options: [
          { value: "stored", label: t("As stored"), title: t("Columns are quantized from the first to the last") },
          { value: "activation", label: t("Act-order"), title: t("Columns with the largest inputs are quantized first") },
          { value: "group-aware", label: t("Group-aware"), title: t("Act-order inside of groups, which stay where they are") },
        ],
        onSelect: (order) => store.choose({ order }),
      })}
      ${checkbox({ label: t("Symmetric"), checked: settings.symmetric, onChange: (symmetric) => store.choose({ symmetric }) })}
    </div>`;
  }

  /** Two lists, since large models have hundreds of layers. */
  private renderLayer(): TemplateResult {
    const { layers, layer } = this.store;
    const { block } = layer!;
    const blocks = [...new Set(layers.map((one) => one.block))];
    const ofBlock = layers.filter((one) => one.block === block);
    return html`<span class="label" aria-hidden="true">${t("Layer")}</span> ${dropdown({
        label: t("Layer"),
        value: String(block),
        options: blocks.map((value) => ({ value: String(value), label: count(value) })),
        className: "gptq-block",
        onChange: (value) => this.chooseLike(Number(value)),
      })}
      ${dropdown({
        label: t("Weight"),
        value: layer!.tensor,
        options: ofBlock.map((one) => ({ value: one.tensor, label: kindOf(one) })),
        className: "gptq-kind",
        onChange: (tensor) => this.choose(layers.findIndex((one) => one.tensor === tensor)),
      })}`;
  }

  /** The weight of another block in the same place; its last where it has none there. */
  private chooseLike(block: number): void {
    const { layers, layer } = this.store;
    const place = layers.filter((one) => one.block === layer!.block).indexOf(layer!);
    const own = layers.filter((one) => one.block === block);
    this.choose(layers.indexOf((own[place] ?? own.at(-1))!));
  }

  private choose(layer: number): void {
    if (layer >= 0) this.store.ask(this.store.host.request(gptqProtocol.setLayer, { layer }));
  }
}

/** `down_proj`: the last part of a name that says what the weight is. */
function kindOf({ tensor }: OfferedLayer): string {
  const name = tensor.replace(/\.weight$/, "");
  return name.slice(name.lastIndexOf(".") + 1);
}
