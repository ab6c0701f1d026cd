import { UsageError } from "../../core/errors";

/** One sample of so many is held out. */
const heldOutEvery = 4;

/**
 * Samples to quantize with, and others to judge on: a method must not be judged by the tokens that it was fitted to. Every fourth is
 * held out, so that both come from all over the text; the last where there are fewer.
 *
 * @throws UsageError `few-samples` for fewer than two
 */
export function splitSamples(samples: readonly Int32Array[]): { calibration: Int32Array[]; heldOut: Int32Array[] } {
  if (samples.length < 2) {
    throw new UsageError("few-samples", "One sample cannot be both quantized with and judged on", {
      expected: "2 samples or more",
      found: String(samples.length),
      hint: "Use a longer text, or shorter samples.",
    });
  }
  const every = Math.min(heldOutEvery, samples.length);
  const isHeldOut = (_: Int32Array, place: number): boolean => place % every === every - 1;
  return { calibration: samples.filter((ids, i) => !isHeldOut(ids, i)), heldOut: samples.filter(isHeldOut) };
}
