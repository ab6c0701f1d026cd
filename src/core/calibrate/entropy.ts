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
  const levels = 2 ** (bits - 1);
  const curve: { threshold: number; loss: number }[] = [];
  let best: { threshold: number; loss: number } | undefined;
  const total = counts.reduce((sum, count) => sum + count, 0);
  let inside = counts.slice(0, firstCandidate).reduce((sum, count) => sum + count, 0);
  for (let bins = firstCandidate; bins <= counts.length; bins++) {
    const candidate = { threshold: edgeOf(histogram, bins), loss: divergence(counts, bins, levels, total, inside) };
    if (!best || candidate.loss <= best.loss) best = candidate;
    curve.push(candidate);
    inside += counts[bins] ?? 0;
  }
  return { threshold: best?.threshold ?? max, curve };
}

function divergence(counts: readonly number[], bins: number, levels: number, total: number, inside: number): number {
  let sum = 0;
  let bin = 0;
  for (let level = 0; level < levels; level++) {
    const from = bin;
    let held = 0;
    let filled = 0;
    // Bin b belongs to the level whose interval of [0, bins] holds it; the last is closed.
    for (; bin < bins && (level === levels - 1 || bin < ((level + 1) * bins) / levels); bin++) {
      held += counts[bin]!;
      if (counts[bin]! > 0) filled++;
    }
    const spread = held / filled / inside;
    for (let b = from; b < bin; b++) {
      const count = b === bins - 1 ? counts[b]! + total - inside : counts[b]!;
      if (count === 0) continue;
      if (counts[b] === 0) return Infinity;
      sum += (count / total) * Math.log(count / total / spread);
    }
  }
  return sum;
}
