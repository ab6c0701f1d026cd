import type { BlockFormat } from "./blockFormat";
import { q2K } from "./q2K";
import { q3K } from "./q3K";
import { q4_0 } from "./q4_0";
import { q4_1 } from "./q4_1";
import { q4K } from "./q4K";
import { q5_0 } from "./q5_0";
import { q5_1 } from "./q5_1";
import { q5K } from "./q5K";
import { q6K } from "./q6K";
import { q8_0 } from "./q8_0";

/** The ggml block types whose values we can decode. */
export const blockFormats: readonly BlockFormat[] = [q4_0, q4_1, q5_0, q5_1, q8_0, q2K, q3K, q4K, q5K, q6K];

const byId = new Map(blockFormats.map((format) => [format.id, format]));

export function findBlockFormat(dtype: string): BlockFormat | undefined {
  return byId.get(dtype);
}
