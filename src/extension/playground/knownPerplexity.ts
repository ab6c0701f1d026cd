import { findScheme, isAffineScheme } from "../../core/quant/registry";
import type { PerplexityState } from "../../protocol/perplexity";
import type { KnownPerplexity } from "../../protocol/playground";
import { schemeLabel, typeName } from "../perplexity/measuredTypes";

/** Widths of an affine method that are measured together: where perplexities differ. */
const comparedBits = [3, 4, 5, 6, 8] as const;

/** What a table says of a model in types, as far as it is about the same windows as the original; null without any. */
export function knownPerplexity(state: PerplexityState | undefined): KnownPerplexity | null {
  const original = state?.rows.find(({ kind }) => kind === "original")?.figures;
  if (!state?.text || !original) return null;
  const rows = state.rows.flatMap(({ kind, label, bitsPerWeight, figures }) =>
    kind === "type" && figures?.windows === original.windows && bitsPerWeight !== null
      ? [{ type: label, schemeLabel: schemeLabel(label) ?? null, bitsPerWeight, perplexity: figures.perplexity }]
      : [],
  );
  const { name, length } = state.text;
  return { text: name, windows: original.windows, length, original: original.perplexity, rows };
}

/** What a table has a scheme as. */
export function measuredAs(scheme: string): { type: string; label: string } {
  const type = typeName(scheme);
  return { type, label: schemeLabel(type) ?? type };
}

/** What is measured to place a scheme: itself, and its method at other widths. */
export function typesAround(scheme: string): string[] {
  const affine = findScheme(scheme);
  const id = typeName(scheme);
  if (!isAffineScheme(affine)) return [id];
  const others = comparedBits.map((bits) => id.replace(/^int\d+/, `int${bits}`));
  return [...new Set([id, ...others])];
}
