import { significant } from "../ui/format";
import { t } from "../ui/l10n";

/** A number of weights in words: `7.0 billion`. @param parameters from 10⁸ to 10¹² @param digits significant ones; as many as it has when absent */
export function parameterText(parameters: number, digits?: number): string {
  if (parameters < 1e9) return t("{0} million", significant(parameters / 1e6, digits ?? 3));
  if (parameters < 1e12) return t("{0} billion", significant(parameters / 1e9, digits ?? (parameters < 1e10 ? 2 : 3)));
  return t("{0} trillion", significant(parameters / 1e12, digits ?? 2));
}
