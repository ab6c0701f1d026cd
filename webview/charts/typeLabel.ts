import { t } from "../ui/l10n";
import { type AffineRangeChoice, parseAffine } from "../editor/histogram/affineChoice";

/** A type's name in a column or beside a point: without explanation, and so that no two are called the same. */
export function typeLabel(type: string, label: string): string {
  const choice = parseAffine(type);
  if (!choice) return [label.split(" · ")[0] ?? type, ...(type.match(/(?<=-)(dq|[gb]\d+)(?=-|$)/g) ?? [])].join(" ");
  const name = choice.symmetric ? t("INT{0} sym.", String(choice.bits)) : `INT${choice.bits}`;
  if (typeof choice.group === "number") return `${name} g${choice.group}`;
  if (choice.group === "channel") return t("{0} per channel", name);
  return [t("{0} per tensor", name), ...rangeWords(choice.range)].join(" ");
}

/** How a range is chosen, where it is not by the smallest and the largest value. */
function rangeWords(range: AffineRangeChoice): string[] {
  if (range === "minmax") return [];
  return [range === "mse" || range === "kl" ? range.toUpperCase() : `${range.slice(1)} %`];
}
