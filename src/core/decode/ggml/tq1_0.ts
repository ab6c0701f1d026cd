import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";

/** A run of bytes that holds trits of `stride` interleaved values: byte m has those of values `first + m`, `+ stride`, … */
interface TritRun {
  readonly bytes: number;
  readonly first: number;
  readonly stride: number;
  /** Trits in a byte. */
  readonly trits: number;
}

/** How TQ1_0 spreads its 256 trits over 52 bytes, in byte order. */
export const tritRuns: readonly TritRun[] = [
  { bytes: 32, first: 0, stride: 32, trits: 5 },
  { bytes: 16, first: 160, stride: 16, trits: 5 },
  { bytes: 4, first: 240, stride: 4, trits: 4 },
];

/** TQ1_0: 256 trits, five in a byte, under one scale. */
export const tq1_0: BlockFormat = {
  id: "TQ1_0",
  size: 256,
  bytes: 54,
  subBlock: 256,
  zero: 1,
  minCode: 0,
  maxCode: 2,
  fields: [
    { name: "qs", bytes: 48, detail: "5 trits a byte, base 3, as a fraction of 256; values m, m + 32, …, then 160 + m, 176 + m, …" },
    { name: "qh", bytes: 4, detail: "4 trits a byte: values 240 + j, 244 + j, 248 + j, 252 + j" },
    { name: "d", bytes: 2, detail: "scale, F16" },
  ],
  halves: { d: 52 },
  formula: "x̂ = d·(q − 1)",
  unpack(block, offset, codes, at, scales) {
    scales[0] = halfToFloat(uint16At(block, offset + 52));
    let from = offset;
    for (const { bytes, first, stride, trits } of tritRuns) {
      for (let m = 0; m < bytes; m++) {
        let rest = block[from++]!;
        for (let n = 0; n < trits; n++) {
          codes[at + first + m + stride * n] = (rest * 3) >> 8;
          rest = (rest * 3) & 255;
        }
      }
    }
  },
};
