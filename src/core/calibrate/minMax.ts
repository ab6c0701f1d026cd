import type { MagnitudeHistogram, Threshold } from "./magnitudes";

/** The range of all values. */
export function minMax({ max }: MagnitudeHistogram): Threshold {
  return { threshold: max };
}
