import type { HistogramReport } from "../measure/reports";

/** A range chosen from a signed histogram, and the divergence of each candidate. */
export interface DivergenceRange {
  low: number;
  high: number;
  curve: readonly number[];
}

const epsilon = 1e-4;

/**
 * ONNX Runtime's entropy calibration, with its oddities: candidates grow from the middle of a signed histogram over ±T by one
 * bin to either side, bins that do not divide among `levels` are dropped from the quantized side, means are truncated to
 * integers. With its default of 128 bins and 128 levels there is one candidate: the whole range.
 *
 * @param observed least and greatest value, to which the range is clipped
 */
export function onnxEntropy(
  { min, max, counts }: HistogramReport,
  levels: number,
  observed: { low: number; high: number },
): DivergenceRange {
  const bins = counts.length;
  const zero = Math.floor(bins / 2);
  const edge = (bin: number): number => min + ((max - min) * bin) / bins;
  const curve: number[] = [];
  let best = { loss: Infinity, low: min, high: max };
  for (let i = Math.floor(levels / 2); i <= zero; i++) {
    const from = zero - i;
    const to = Math.min(zero + i + 1, bins);
    const loss = candidateLoss(counts, from, to, levels);
    curve.push(loss);
    if (loss < best.loss || curve.length === 1) best = { loss, low: edge(from), high: edge(to) };
  }
  return { low: Math.max(best.low, observed.low), high: Math.min(best.high, observed.high), curve };
}

function candidateLoss(counts: readonly number[], from: number, to: number, levels: number): number {
  const slice = counts.slice(from, to);
  const p = [...slice];
  for (let bin = 0; bin < from; bin++) p[0]! += counts[bin]!;
  for (let bin = to; bin < counts.length; bin++) p[p.length - 1]! += counts[bin]!;
  const q = new Array<number>(p.length).fill(0);
  const merged = Math.floor(p.length / levels);
  for (let level = 0; level < levels; level++) {
    const start = level * merged;
    const end = start + merged;
    let sum = 0;
    for (let bin = start; bin < (level === levels - 1 ? p.length : end); bin++) sum += slice[bin]!;
    let filled = 0;
    for (let bin = start; bin < end; bin++) if (p[bin] !== 0) filled++;
    if (filled > 0) q.fill(Math.trunc(sum / filled), start, end);
  }
  const [smoothP, smoothQ] = [smoothed(p), smoothed(q)];
  return smoothP && smoothQ ? klDivergence(smoothP, smoothQ) : Infinity;
}

/** Zeros become ε, paid for by the rest; undefined where the rest cannot. */
function smoothed(values: readonly number[]): number[] | undefined {
  const zeros = values.filter((value) => value === 0).length;
  if (zeros === values.length) return undefined;
  const share = (epsilon * zeros) / (values.length - zeros);
  if (share >= 1) return undefined;
  return values.map((value) => Math.fround(value === 0 ? epsilon : value - share));
}

function klDivergence(p: readonly number[], q: readonly number[]): number {
  const sumP = p.reduce((sum, value) => sum + value, 0);
  const sumQ = q.reduce((sum, value) => sum + value, 0);
  return p.reduce((sum, value, i) => sum + (value / sumP) * Math.log(value / sumP / (q[i]! / sumQ)), 0);
}
