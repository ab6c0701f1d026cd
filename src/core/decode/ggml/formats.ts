import type { BlockFormat } from "./blockFormat";
import { iq1m } from "./iq1m";
import { iq1s } from "./iq1s";
import { iq2s } from "./iq2s";
import { iq2xs } from "./iq2xs";
import { iq2xxs } from "./iq2xxs";
import { iq3s } from "./iq3s";
import { iq3xxs } from "./iq3xxs";
import { iq4nl } from "./iq4nl";
import { iq4xs } from "./iq4xs";
import { mxfp4 } from "./mxfp4";
import { nvfp4 } from "./nvfp4";
import { q1_0 } from "./q1_0";
import { q2K } from "./q2K";
import { q2_0 } from "./q2_0";
import { q3K } from "./q3K";
import { q4K } from "./q4K";
import { q4_0 } from "./q4_0";
import { q4_1 } from "./q4_1";
import { q5K } from "./q5K";
import { q5_0 } from "./q5_0";
import { q5_1 } from "./q5_1";
import { q6K } from "./q6K";
import { q8K } from "./q8K";
import { q8_0 } from "./q8_0";
import { q8_1 } from "./q8_1";
import { tq1_0 } from "./tq1_0";
import { tq2_0 } from "./tq2_0";

/** The ggml block types, in the order of their numbers: all that a file can hold. */
export const blockFormats: readonly BlockFormat[] = [
  q4_0,
  q4_1,
  q5_0,
  q5_1,
  q8_0,
  q8_1,
  q2K,
  q3K,
  q4K,
  q5K,
  q6K,
  q8K,
  iq2xxs,
  iq2xs,
  iq3xxs,
  iq1s,
  iq4nl,
  iq3s,
  iq2s,
  iq4xs,
  iq1m,
  tq1_0,
  tq2_0,
  mxfp4,
  nvfp4,
  q1_0,
  q2_0,
];

const byId = new Map(blockFormats.map((format) => [format.id, format]));

/** The layout of a block type by its identifier (`Q4_K`); undefined for types without blocks. */
export function findBlockFormat(dtype: string): BlockFormat | undefined {
  return byId.get(dtype);
}
