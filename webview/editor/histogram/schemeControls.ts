import { html, nothing, type TemplateResult } from "lit";
import type { SchemeChoice } from "../../../src/protocol/editor";
import { checkbox, dropdown } from "../../ui/controls";
import { t } from "../../ui/l10n";
import { segmented } from "../../ui/segmented";
import { type AffineChoice, type AffineGroup, type AffineRangeChoice, affineId, offeredBits, parseAffine } from "./affineChoice";

/** Stands for all affine schemes in the dropdown; the other controls compose which one. */
const affine = "affine";
/** Types that belong together stand together, those of GGUF files first. Affine ones have controls of their own. */
const families: readonly Exclude<SchemeChoice["family"], "affine">[] = ["ggml", "codebook", "integer", "float", "binary"];
const groupSizes = [32, 64, 128, 256];
const usual: AffineChoice = { bits: 4, group: 128, symmetric: false, range: "minmax" };

export interface SchemeControls {
  schemes: readonly SchemeChoice[];
  scheme: string;
  /** Pixels the controls may take. */
  width: number;
  onChange(scheme: string): void;
}

/** The decisions that make a quantization, from left to right: type, bits, group, symmetry, range. */
export function schemeControls(controls: SchemeControls): TemplateResult {
  const choice = parseAffine(controls.scheme);
  return html`<div class="controls">
    <span class="field">
      <span class="label" aria-hidden="true">${t("Quantize to")}</span>
      ${dropdown({
        label: t("Quantize to"),
        className: choice ? "scheme-dropdown" : "scheme-dropdown alone",
        value: choice ? affine : controls.scheme,
        options: schemeOptions(controls),
        onChange: (value) => controls.onChange(value === affine ? affineId(choice ?? usual) : value),
      })}
    </span>
    ${choice ? affineControls(choice, controls) : nothing}
  </div>`;
}

function schemeOptions({ schemes, scheme }: SchemeControls): { value: string; label: string }[] {
  return [{ value: affine, label: t("Affine integer") }, ...typeOptions(schemes, parseAffine(scheme) ? undefined : scheme)];
}

/** The types that are not affine, in families. @param chosen a type that is among them in any case */
export function typeOptions(schemes: readonly SchemeChoice[], chosen: string | undefined): { value: string; label: string }[] {
  const options = families.flatMap((family) =>
    schemes.filter((choice) => choice.family === family).map(({ id, label }) => ({ value: id, label })),
  );
  const isKnown = chosen === undefined || options.some(({ value }) => value === chosen);
  return isKnown ? options : [...options, { value: chosen, label: chosen }];
}

function affineControls(choice: AffineChoice, { width, onChange }: SchemeControls): TemplateResult {
  const change = (patch: Partial<AffineChoice>): void => onChange(affineId({ ...choice, ...patch }));
  const places = Math.floor((width - 330) / 30);
  return html`<span class="field">
      <span class="label" aria-hidden="true">${t("Bits")}</span>
      ${segmented({
        label: t("Bits"),
        value: choice.bits,
        options: offeredBits(Math.max(5, places), choice.bits).map((bits) => ({ value: bits, label: String(bits) })),
        onSelect: (bits) => change({ bits }),
      })}
    </span>
    <span class="field">
      <span class="label" aria-hidden="true">${t("Group")}</span>
      ${dropdown({
        label: t("Group"),
        className: "group-dropdown",
        value: String(choice.group),
        options: groupOptions(choice.group),
        onChange: (value) => change({ group: value === "tensor" || value === "channel" ? value : Number(value) }),
      })}
    </span>
    ${checkbox({ label: t("Symmetric"), checked: choice.symmetric, onChange: (symmetric) => change({ symmetric }) })}
    ${choice.group === "tensor" ? rangeControl(choice.range, (range) => change({ range })) : nothing}`;
}

function rangeControl(chosen: AffineRangeChoice, onChange: (range: AffineRangeChoice) => void): TemplateResult {
  return html`<span class="field">
    <span class="label" aria-hidden="true">${t("Range")}</span>
    ${dropdown({
      label: t("Range"),
      className: "group-dropdown",
      value: chosen,
      options: rangeOptions(chosen),
      onChange: (value) => onChange(value as AffineRangeChoice),
    })}
  </span>`;
}

/** How one range for the tensor can be chosen. */
export function rangeOptions(chosen: AffineRangeChoice): { value: string; label: string }[] {
  const percentiles = ["99", "99.9", "99.99"];
  const own = /^p(.+)$/.exec(chosen)?.[1];
  if (own !== undefined && !percentiles.includes(own)) percentiles.push(own);
  return [
    { value: "minmax", label: t("Min to max") },
    ...percentiles.map((percentile) => ({ value: `p${percentile}`, label: t("Percentile {0}", percentile) })),
    { value: "mse", label: t("Least squared error") },
    { value: "kl", label: t("Entropy (KL)") },
  ];
}

function groupOptions(chosen: AffineGroup): { value: string; label: string }[] {
  const sizes = typeof chosen === "number" && !groupSizes.includes(chosen) ? [...groupSizes, chosen].sort((a, b) => a - b) : groupSizes;
  return [
    { value: "tensor", label: t("Per tensor") },
    { value: "channel", label: t("Per channel") },
    ...sizes.map((size) => ({ value: String(size), label: String(size) })),
  ];
}
