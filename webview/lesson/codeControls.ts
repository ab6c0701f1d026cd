import { html, type TemplateResult } from "lit";
import { t } from "../ui/l10n";
import { segmented } from "../ui/segmented";

/** Widths of codes that figures of one tensor offer. */
export const codeBits = [2, 3, 4, 5, 6, 7, 8] as const;

/** Bits of a code. */
export function bitsControl(bits: number, onSelect: (bits: number) => void): TemplateResult {
  const control = segmented({
    label: t("Bits"),
    value: bits,
    options: codeBits.map((value) => ({ value: value as number, label: String(value) })),
    onSelect,
  });
  return html`<span class="row gap-3"><span class="xs muted" aria-hidden="true">${t("Bits")}</span>${control}</span>`;
}

/** Whether a range reaches as far on both sides. */
export function rangeControl(symmetric: boolean, onSelect: (symmetric: boolean) => void): TemplateResult {
  return segmented({
    label: t("Range"),
    value: symmetric ? "symmetric" : "asymmetric",
    options: [
      { value: "asymmetric", label: t("Asymmetric") },
      { value: "symmetric", label: t("Symmetric") },
    ],
    onSelect: (value) => onSelect(value === "symmetric"),
  });
}
