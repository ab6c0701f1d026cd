import type { HistogramReport } from "../../src/core/measure/reports";
import { colors, element, line, path, round, text } from "./svg";

/** A count of one still stands above the zero line of a logarithmic axis, as in the editor. */
const zeroCount = 0.7;

/** A place for a figure, in pixels. */
export interface Frame {
  left: number;
  right: number;
  top: number;
  base: number;
}

/** Pixels of values from `low` to `high`. */
export type Scale = (value: number) => number;

export function scale(low: number, high: number, from: number, to: number): Scale {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** Heights of counts, the largest at the top. */
export function countScale({ top, base }: Frame, most: number, isLog: boolean): Scale {
  if (!isLog) return scale(0, most, base, top);
  const log = scale(Math.log(zeroCount), Math.log(most), base, top);
  return (count) => (count > 0 ? log(Math.log(count)) : base);
}

/** A histogram as a filled shape. */
export function silhouette({ min, max, counts }: HistogramReport, x: Scale, y: Scale, base: number): string {
  const at = (bin: number): number => round(x(min + (bin * (max - min)) / counts.length));
  const steps = counts.map((count, bin) => `H${at(bin)}V${round(y(count))}`);
  return path(`M${at(0)} ${round(base)}${steps.join("")}H${at(counts.length)}V${round(base)}Z`, { fill: colors.before });
}

/** Values that only few levels are left of: a stem and a dot at each. */
export function spikes(levels: readonly { value: number; count: number }[], x: Scale, y: Scale, base: number): string[] {
  return levels.flatMap(({ value, count }) => [
    line(x(value), base, x(value), y(count), colors.after, { "stroke-width": 1.5 }),
    element("circle", { cx: x(value), cy: y(count), r: 2.5, fill: colors.after }),
  ]);
}

/** The axis below a figure of values, with numbers at the ticks. */
export function valueAxis({ left, right, base }: Frame, x: Scale, ticks: readonly number[]): string[] {
  const marks = ticks.flatMap((tick) => [
    line(x(tick), base, x(tick), base + 4, colors.axis),
    text(x(tick), base + 18, tick.toFixed(1).replace("-", "−"), { anchor: "middle", fill: colors.muted }),
  ]);
  return [line(left, base, right, base, colors.axis), ...marks];
}
