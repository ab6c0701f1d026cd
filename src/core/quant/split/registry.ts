import { fp8Channel } from "./fp8Channel";
import { nf4 } from "./nf4";
import type { SplitScheme } from "./splitScheme";

/** Schemes with scales in a tensor of their own. */
export const splitSchemes: readonly SplitScheme[] = [fp8Channel, nf4];

/** The scheme of that name, in any case. */
export function findSplitScheme(id: string): SplitScheme | undefined {
  return splitSchemes.find((scheme) => scheme.id === id.toLowerCase());
}
