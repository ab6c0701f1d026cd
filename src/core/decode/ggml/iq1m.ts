import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";
import { grid } from "./grids";
import { shiftedTrits, unpackTrits } from "./iq1s";

/** Pattern of the F16 scale, whose four nibbles are the top nibbles of the four 16-bit words of `scales`. */
export function iq1mScale(block: Uint8Array, offset: number): number {
  let half = 0;
  for (let k = 0; k < 4; k++) half |= (uint16At(block, offset + 48 + 2 * k) >> 12) << (4 * k);
  return half;
}

/** IQ1_M: as IQ1_S with a 3-bit scale for 16 values and a shift of ⅛ for 8. */
export const iq1m: BlockFormat = {
  id: "IQ1_M",
  size: 256,
  bytes: 56,
  subBlock: 16,
  zero: 0,
  levels: shiftedTrits,
  minCode: 0,
  maxCode: 5,
  fields: [
    { name: "qs", bytes: 32, detail: "low 8 bits of the code book index, one a vector of 8" },
    { name: "qh", bytes: 16, detail: "a nibble a vector of 8: top 3 bits of its index, sign of its shift" },
    { name: "scales", bytes: 8, detail: "4 words of four 3-bit scales a, one a sub-block of 16; their top nibbles are d, F16" },
  ],
  halves: {},
  formula: "x̂ = d·(2a + 1)·L[q]",
  unpack(block, offset, codes, at, scales) {
    const book = grid("iq1s");
    const d = halfToFloat(iq1mScale(block, offset));
    for (let j = 0; j < 16; j++) {
      const word = uint16At(block, offset + 48 + 2 * (j >> 2));
      scales[j] = d * (2 * ((word >> (3 * (j & 3))) & 7) + 1);
    }
    for (let vector = 0; vector < 32; vector++) {
      const nibble = (block[offset + 32 + (vector >> 1)]! >> (4 * (vector & 1))) & 15;
      unpackTrits(book, block[offset + vector]! | ((nibble & 7) << 8), nibble >= 8, codes, at + 8 * vector);
    }
  },
  scalars: (block, offset) => [{ name: "d", value: halfToFloat(iq1mScale(block, offset)) }],
};
