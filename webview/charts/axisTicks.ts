import { compact, count } from "../ui/format";

/** Round values for an axis from `low` to `high`: steps of 1, 2, 2.5 or 5 times a power of ten, about `wanted` of them. */
export function linearTicks(low: number, high: number, wanted: number): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [];
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10);
  // Multiples of a step like 0.1 carry rounding errors, which would show in labels.
  const decimals = Math.min(100, Math.max(0, 2 - Math.floor(Math.log10(step))));
  const ticks: number[] = [];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  for (let index = first; index <= last; index++) ticks.push(index === 0 ? 0 : Number((index * step).toFixed(decimals)));
  return ticks;
}

/** Powers of ten from 1 to `high`, thinned out to at most `most`. */
export function logTicks(high: number, most: number): number[] {
  const decades = Math.max(0, Math.floor(Math.log10(Math.max(1, high))));
  const stride = Math.ceil((decades + 1) / most);
  return Array.from({ length: Math.floor(decades / stride) + 1 }, (_, index) => 10 ** (index * stride));
}

/** Decimals that tell neighbouring ticks apart; undefined when they need an exponent. */
export function tickDecimals(ticks: readonly number[]): number | undefined {
  const [first = 0, second = first] = ticks;
  const step = Math.abs(second - first);
  const largest = ticks.reduce((most, tick) => Math.max(most, Math.abs(tick)), 0);
  if (step === 0 || largest >= 1e5 || largest < 1e-3) return undefined;
  return Array.from({ length: 8 }, (_, decimals) => decimals).find(
    (decimals) => Math.abs(Number(step.toFixed(decimals)) - step) < step * 1e-6,
  );
}

/** More ticks of a logarithmic axis than this do not stay apart. */
const mostDecadeTicks = 9;

/** 1, 2 and 5 times powers of ten, thinned out where there are many: to powers of ten, then to every second, third … of them. */
export function decadeTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const factor of [1, 2, 5]) {
      const value = factor * 10 ** power;
      if (value >= low && value <= high) ticks.push(value);
    }
  }
  const decades = ticks.filter((value) => Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6));
  if (ticks.length <= mostDecadeTicks || decades.length < 2) return ticks;
  const stride = Math.ceil(decades.length / mostDecadeTicks);
  return decades.filter((_, index) => (decades.length - 1 - index) % stride === 0);
}

/** A round count at an axis: `1,000`, `10 k`. */
export function countTick(value: number): string {
  return value < 10_000 ? count(value) : compact(value).replace(/[.,]0+ /, " ");
}
