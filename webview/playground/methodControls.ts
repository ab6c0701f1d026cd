import { html, nothing, type TemplateResult } from "lit";
import { type AffineChoice, affineId, parseAffine } from "../editor/histogram/affineChoice";
import { rangeOptions, typeOptions } from "../editor/histogram/schemeControls";
import { dropdown } from "../ui/controls";
import { t } from "../ui/l10n";
import { segmented } from "../ui/segmented";
import { slider } from "../ui/slider";
import type { PlaygroundStore } from "./store";

const groupSizes = [16, 32, 64, 128, 256] as const;
/** Group that *Group* begins with. */
const usualGroup = 128;
/** Widest codes whose range can be chosen from a histogram. */
const mostChosenBits = 16;
const [fewestBits, mostBits] = [2, 32] as const;
/** Places that are named under the slider. */
const bitTicks = [2, 8, 16, 32] as const;

const usual: AffineChoice = { bits: 4, group: "channel", symmetric: true, range: "minmax" };

/** Method, granularity, bits and range: what makes a quantization, from above. */
export function methodControls(store: PlaygroundStore): TemplateResult {
  const { scheme } = store.state;
  const choice = parseAffine(scheme);
  const change = (patch: Partial<AffineChoice>): void => store.set({ scheme: affineId(allowed({ ...(choice ?? usual), ...patch })) });
  return html`<div class="group">
      <h2>${t("Method")}</h2>
      ${dropdown({
        label: t("Method"),
        className: "wide",
        value: choice ? (choice.symmetric ? "sym" : "asym") : scheme,
        options: [
          { value: "sym", label: t("Affine, symmetric") },
          { value: "asym", label: t("Affine, asymmetric") },
          ...typeOptions(store.schemes, choice ? undefined : scheme),
        ],
        onChange: (value) => (value === "sym" || value === "asym" ? change({ symmetric: value === "sym" }) : store.set({ scheme: value })),
      })}
      ${choice ? granularity(choice, change) : nothing}
    </div>
    ${choice ? html`${bits(choice, change)} ${range(choice, change)}` : nothing}`;
}

/** A choice of range holds for one range of codes that are not too fine. */
function allowed(choice: AffineChoice): AffineChoice {
  return choice.group === "tensor" && choice.bits <= mostChosenBits ? choice : { ...choice, range: "minmax" };
}

function granularity({ group }: AffineChoice, change: (patch: Partial<AffineChoice>) => void): TemplateResult {
  const kind = typeof group === "number" ? "group" : group;
  const sizes = typeof group === "number" && !groupSizes.some((size) => size === group) ? [...groupSizes, group] : groupSizes;
  return html`<span class="granularity">
    ${segmented({
      label: t("Granularity"),
      value: kind,
      options: [
        { value: "tensor", label: t("Tensor"), title: t("One scale for the tensor") },
        { value: "channel", label: t("Channel"), title: t("One scale a row") },
        { value: "group", label: t("Group"), title: t("One scale for a run of weights of a row") },
      ],
      onSelect: (value) => change({ group: value === "group" ? usualGroup : value }),
    })}
    ${
      typeof group === "number"
        ? dropdown({
            label: t("Group size"),
            className: "group-size",
            value: String(group),
            options: sizes.map((size) => ({ value: String(size), label: String(size) })),
            onChange: (value) => change({ group: Number(value) }),
          })
        : nothing
    }
  </span>`;
}

function bits(choice: AffineChoice, change: (patch: Partial<AffineChoice>) => void): TemplateResult {
  const place = (value: number): number => (100 * (value - fewestBits)) / (mostBits - fewestBits);
  return html`<div class="group">
    <h2>${t("Bits")} <span class="value" aria-hidden="true">${choice.bits}</span></h2>
    ${slider({
      label: t("Bits"),
      value: choice.bits,
      min: fewestBits,
      max: mostBits,
      step: 1,
      text: t("{0} bits", String(choice.bits)),
      onInput: (value) => change({ bits: value }),
    })}
    <div class="ticks" aria-hidden="true">
      ${bitTicks.map((tick) => html`<span class="tick-${Math.round(place(tick))}">${tick}</span>`)}
    </div>
  </div>`;
}

function range(choice: AffineChoice, change: (patch: Partial<AffineChoice>) => void): TemplateResult | typeof nothing {
  if (choice.group !== "tensor" || choice.bits > mostChosenBits) return nothing;
  return html`<div class="group">
    <h2>${t("Range")}</h2>
    ${dropdown({
      label: t("Range"),
      className: "wide",
      value: choice.range,
      options: rangeOptions(choice.range),
      onChange: (value) => change({ range: value as AffineChoice["range"] }),
    })}
  </div>`;
}
