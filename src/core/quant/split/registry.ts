import { awqPacking } from "./awqPacking";
import { parseBitsandbytes4 } from "./bitsandbytes4";
import { fp8Channel } from "./fp8Channel";
import { gptqV1, gptqV2 } from "./gptqPacking";
import { splitInt8 } from "./int8Rows";
import { parseForm } from "./integerForm";
import { integerScheme } from "./integerScheme";
import { intQuantized } from "./intQuantized";
import { packQuantized } from "./packQuantized";
import type { SplitScheme } from "./splitScheme";

const packings = [gptqV1, gptqV2, awqPacking, packQuantized, intQuantized];

/** The scheme of that identifier, in any case; undefined for any other text. */
export function findSplitScheme(id: string): SplitScheme | undefined {
  const lower = id.toLowerCase();
  const single = [fp8Channel, splitInt8].find((scheme) => scheme.id === lower);
  if (single) return single;
  const [name, form] = lower.split(":");
  const packing = packings.find((known) => known.id === name);
  const parsed = form === undefined ? undefined : parseForm(form);
  return packing && parsed ? integerScheme(packing, parsed) : parseBitsandbytes4(lower);
}
