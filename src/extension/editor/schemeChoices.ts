import { knownScheme, listSchemes, requiresImportance } from "../../core/quant/registry";
import type { Scheme } from "../../core/quant/scheme";
import type { SchemeChoice } from "../../protocol/editor";

/** Every type that the pages offer. */
export function schemeChoices(): SchemeChoice[] {
  return listSchemes().map(choiceOf);
}

/**
 * Those that need nothing but the values: without an importance matrix there is nothing to draw of the others.
 *
 * @param chosen identifiers that are chosen already: they are offered, too, whether a list has them or not
 */
export function histogramChoices(...chosen: (string | undefined)[]): SchemeChoice[] {
  const listed = listSchemes();
  const others = chosen.flatMap((id = "") => knownScheme(id) ?? []).filter(({ id }) => !listed.some((scheme) => scheme.id === id));
  return [...listed, ...new Map(others.map((scheme) => [scheme.id, scheme])).values()]
    .filter((scheme) => !requiresImportance(scheme))
    .map(choiceOf);
}

function choiceOf({ id, label, family }: Scheme): SchemeChoice {
  return { id, label, family };
}
