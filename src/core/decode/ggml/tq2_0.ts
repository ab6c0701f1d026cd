import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";
import { unpackTwoBits } from "./q2K";

/** TQ2_0: 256 trits in 2 bits each under one scale. */
export const tq2_0: BlockFormat = {
  id: "TQ2_0",
  size: 256,
  bytes: 66,
  subBlock: 256,
  zero: 1,
  minCode: 0,
  maxCode: 3,
  fields: [
    { name: "qs", bytes: 64, detail: "2-bit codes; byte 32h + l holds values 128h + l, +32, +64, +96 from its low bits up" },
    { name: "d", bytes: 2, detail: "scale, F16" },
  ],
  halves: { d: 64 },
  formula: "x̂ = d·(q − 1)",
  unpack(block, offset, codes, at, scales) {
    scales[0] = halfToFloat(uint16At(block, offset + 64));
    unpackTwoBits(block, offset, codes, at);
  },
};
