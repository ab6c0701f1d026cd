import { findScheme, listSchemes, requiresImportance } from "../../core/quant/registry";
import type { SchemeChoice } from "../../protocol/editor";

/** Every type that the pages offer. */
export function schemeChoices(): SchemeChoice[] {
  return listSchemes().map(({ id, label, family }) => ({ id, label, family }));
}

/** Those that need nothing but the values: without an importance matrix there is nothing to draw of the others. */
export function histogramChoices(): SchemeChoice[] {
  return schemeChoices().filter(({ id }) => !requiresImportance(findScheme(id)));
}
