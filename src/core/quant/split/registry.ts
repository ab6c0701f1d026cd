import { splitFp4, splitNf4 } from "./bitsandbytes4";
import { fp8Channel } from "./fp8Channel";
import type { SplitScheme } from "./splitScheme";

/** Schemes with scales in a tensor of their own. */
export const splitSchemes: readonly SplitScheme[] = [fp8Channel, splitNf4, splitFp4];

/** The scheme of that name, in any case. */
export function findSplitScheme(id: string): SplitScheme | undefined {
  return splitSchemes.find((scheme) => scheme.id === id.toLowerCase());
}
