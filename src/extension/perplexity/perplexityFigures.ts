import type { PerplexityReport, TextLikelihood, VariantReport } from "../../jobs/perplexityJob";

/** The figures alone, without what was scored. */
export function figuresOf({ perplexity, standardError, nll, windows }: TextLikelihood): TextLikelihood {
  return { perplexity, standardError, nll, windows };
}

/** Both of the same windows, so that what the first of them say is not compared with what all do. */
export function answersOf({ perplexity, scored, divergence, sameTop }: VariantReport, base: PerplexityReport) {
  const { nll } = base.scored;
  const own = scored.nll.length === nll.length ? base.perplexity : Math.exp(meanOf(nll.subarray(0, scored.nll.length)));
  return { delta: perplexity - own, divergence, sameTop };
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
