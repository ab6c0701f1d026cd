import { svg, type TemplateResult } from "lit";
import type { HistogramReport } from "../../../src/core/measure/reports";

/** Bins of the shape. */
export const shapeBins = 128;

/**
 * Where the weights of a tensor lie, as a filled shape that stands on a line.
 *
 * @param x places a value; `base` and `height` are pixels
 */
export function valueShape(
  { min, max, counts }: HistogramReport,
  x: (value: number) => number,
  base: number,
  height: number,
): TemplateResult {
  const most = Math.max(1, ...counts);
  const width = (max - min) / counts.length;
  const steps = counts.map((count, bin) => {
    const y = base - (count / most) * height;
    return `L${x(min + bin * width)} ${y}L${x(min + (bin + 1) * width)} ${y}`;
  });
  return svg`<path d="M${x(min)} ${base}${steps.join("")}L${x(max)} ${base}z" class="c-before"/>`;
}
