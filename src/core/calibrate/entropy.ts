import { edgeOf, firstCandidate, type MagnitudeHistogram, type Threshold } from "./magnitudes";

/**
 * The range of least Kullback-Leibler divergence, as pytorch-quantization searches it (after Migacz, "8-bit Inference with
 * TensorRT", 2017): for each number of bins from 128 on, the counts inside, those beyond added to the last bin, against
 * the same counts spread evenly over 2^(bits − 1) levels; the last of equal ones.
 */
export function leastDivergence({ max, counts: stored }: MagnitudeHistogram, bits: number): Threshold {
  const histogram = { max, counts: [...stored] };
  const { counts } = histogram;
  // Many exact zeros would outweigh all else.
  counts[0] = counts[1]!;
  const filled = [...counts.keys()].filter((bin) => counts[bin]! > 0);
  const levels = 2 ** (bits - 1);
  const curve: { threshold: number; loss: number }[] = [];
  let best: { threshold: number; loss: number } | undefined;
  const total = counts.reduce((sum, count) => sum + count, 0);
  let inside = counts.slice(0, firstCandidate).reduce((sum, count) => sum + count, 0);
  for (let bins = firstCandidate; bins <= counts.length; bins++) {
    const candidate = { threshold: edgeOf(histogram, bins), loss: divergence(counts, filled, { bins, levels, total, inside }) };
    if (!best || candidate.loss <= best.loss) best = candidate;
    curve.push(candidate);
    inside += counts[bins] ?? 0;
  }
  return { threshold: best?.threshold ?? max, curve };
}

/** @param filled bins with values, rising: the others add nothing, and are most of them in a histogram with outliers */
function divergence(
  counts: readonly number[],
  filled: readonly number[],
  { bins, levels, total, inside }: { bins: number; levels: number; total: number; inside: number },
): number {
  // What lies beyond is added to the last bin, to which the other side gives nothing.
  if (counts[bins - 1] === 0 && total > inside) return Infinity;
  let sum = 0;
  let place = 0;
  for (let level = 0; level < levels; level++) {
    const from = place;
    let held = 0;
    // Bin b belongs to the level whose interval of [0, bins] holds it; the last is closed.
    const end = level === levels - 1 ? bins : Math.min(bins, ((level + 1) * bins) / levels);
    for (; place < filled.length && filled[place]! < end; place++) held += counts[filled[place]!]!;
    const spread = held / (place - from) / inside;
    for (let i = from; i < place; i++) {
      const bin = filled[i]!;
      const count = bin === bins - 1 ? counts[bin]! + total - inside : counts[bin]!;
      sum += (count / total) * Math.log(count / total / spread);
    }
  }
  return sum;
}
