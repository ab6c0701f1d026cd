import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { gptqProtocol, type GptqSettings, offeredDampings, offeredGroups, type OfferedLayer } from "../../src/protocol/gptq";
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
    return html`<div class="page-tools">
      ${this.renderLayer()} ${this.renderBits(settings)} ${this.renderGroups(settings)} ${this.renderDamping(settings)}
      ${this.renderOrder(settings)}
      ${checkbox({ label: t("Symmetric"), checked: settings.symmetric, onChange: (symmetric) => store.choose({ symmetric }) })}
    </div>`;
  }

  /** Two lists, since large models have hundreds of layers. */
  private renderLayer(): TemplateResult {
    const { layers, layer } = this.store;
    const { block } = layer!;
    const blocks = [...new Set(layers.map((one) => one.block))];
    const ofBlock = layers.filter((one) => one.block === block);
    const list = dropdown({
      label: t("Layer"),
      value: String(block),
      options: blocks.map((value) => ({ value: String(value), label: count(value) })),
      className: "gptq-block",
      onChange: (value) => this.chooseLike(Number(value)),
    });
    const weights = dropdown({
      label: t("Weight"),
      value: layer!.tensor,
      options: ofBlock.map((one) => ({ value: one.tensor, label: kindOf(one) })),
      className: "gptq-kind",
      onChange: (tensor) => this.choose(layers.findIndex((one) => one.tensor === tensor)),
    });
    return labelled(t("Layer"), html`${list} ${weights}`);
  }

  private renderBits({ bits }: GptqSettings): TemplateResult {
    const label = t("Bits");
    const options = ([2, 3, 4, 8] as const).map((value) => ({ value, label: String(value) }));
    return labelled(label, segmented({ label, value: bits, options, onSelect: (chosen) => this.store.choose({ bits: chosen }) }));
  }

  private renderGroups({ groupSize }: GptqSettings): TemplateResult {
    const label = t("Group size");
    const { columns } = this.store.layer!;
    const options = offeredGroups
      .filter((size) => size < columns)
      .map((value) => (value === -1 ? { value, label: t("row"), title: t("One scale for a whole row") } : { value, label: count(value) }));
    const onSelect = (chosen: number): void => this.store.choose({ groupSize: chosen });
    return labelled(label, segmented({ label, value: groupSize, options, onSelect }));
  }

  private renderDamping({ damping }: GptqSettings): TemplateResult {
    const label = t("Damping");
    const options = offeredDampings.map((value) => ({ value: String(value), label: String(value) }));
    const onChange = (value: string): void => this.store.choose({ damping: Number(value) });
    return labelled(label, dropdown({ label, value: String(damping), options, className: "gptq-damping", onChange }));
  }

  private renderOrder({ order }: GptqSettings): TemplateResult {
    const label = t("Order");
    const control = segmented({
      label,
      value: order,
      options: [
        { value: "stored", label: t("As stored"), title: t("Columns are quantized from the first to the last") },
        { value: "activation", label: t("Act-order"), title: t("Columns with the largest inputs are quantized first") },
        { value: "group-aware", label: t("Group-aware"), title: t("Act-order inside of groups, which stay where they are") },
      ],
      onSelect: (chosen) => this.store.choose({ order: chosen }),
    });
    return labelled(label, control);
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

/** A control behind its name, on the same line as it. */
function labelled(label: string, control: TemplateResult): TemplateResult {
  return html`<span class="row gap-3"><span class="label" aria-hidden="true">${label}</span>${control}</span>`;
}

/** `down_proj`: the last part of a name that says what the weight is. */
function kindOf({ tensor }: OfferedLayer): string {
  const name = tensor.replace(/\.weight$/, "");
  return name.slice(name.lastIndexOf(".") + 1);
}
