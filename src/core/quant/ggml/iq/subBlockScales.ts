import { floatToHalf } from "../../../decode/half";
import { nearestCode, storeUint16 } from "../float32";

/** The scales of a super-block's sub-blocks. */
export const scales = new Float32Array(16);

/** The largest of the first `count` scales. */
export function largestScale(count: number): number {
  let max = 0;
  for (let j = 0; j < count; j++) if (scales[j]! > max) max = scales[j]!;
  return max;
}

/** Code l of sub-block j's scale, where 2·l + 1 stands for scale · `inverse`. */
export function scaleCode(j: number, inverse: number, maxCode: number): number {
  return nearestCode(Math.fround(0.5 * Math.fround(Math.fround(inverse * scales[j]!) - 1)), maxCode);
}

/**
 * Stores the F16 scale of a super-block whose largest sub-block scale gets the largest code.
 *
 * @param top what the largest code stands for: 31, or 15 for codes of 3 bits
 * @param correction what ggml multiplies the stored scale by, as found by trial
 * @returns 1 / scale, to be given to {@link scaleCode}
 */
export function storeSuperScale(max: number, top: number, correction: number, target: Uint8Array, offset: number): number {
  const d = Math.fround(max / top);
  storeUint16(target, offset, floatToHalf(Math.fround(d * correction)));
  return Math.fround(1 / d);
}
