import { fp8Channel } from "./fp8Channel";
import type { SplitScheme } from "./splitScheme";

/** Schemes with scales in a tensor of their own. */
export const splitSchemes: readonly SplitScheme[] = [fp8Channel];

/** The scheme of that name, in any case. */
export function findSplitScheme(id: string): SplitScheme | undefined {
  return splitSchemes.find((scheme) => scheme.id === id.toLowerCase());
}
