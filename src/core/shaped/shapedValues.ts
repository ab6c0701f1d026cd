import { randomFrom } from "../text/random";

/** What the values of a shaped tensor are drawn from. Student's t has heavy tails: the fewer degrees of freedom, the heavier. */
export const distributionKinds = ["normal", "laplace", "student", "uniform"] as const;
export type DistributionKind = (typeof distributionKinds)[number];

/** A tensor whose values are drawn, the same for the same numbers on every machine. */
export interface ShapedData {
  readonly distribution: DistributionKind;
  /** Degrees of freedom of Student's t. */
  readonly freedom: number;
  /** Centre of the values, in multiples of {@link shapedScale}. */
  readonly shift: number;
  /** Share of the values that are outliers, 0 to 1. */
  readonly outlierShare: number;
  /** How many times as far from the centre an outlier lies as it would otherwise. */
  readonly outlierFactor: number;
  /** Rows of {@link shapedColumns} values. */
  readonly rows: number;
  readonly seed: number;
}

/** Values of a row: a multiple of every block size. */
export const shapedColumns = 1024;

/** Standard deviation before outliers, as trained weights have it; of Student's t the scale, as it may have no deviation. */
export const shapedScale = 0.02;

/** Values that are drawn from one stream of random numbers: parts of a tensor can be made in any order. */
export const shapedRun = 2 ** 16;

/**
 * Draws the values of a tensor from index `from` on, a multiple of {@link shapedRun}: normal by Box and Muller, Laplace by
 * the inverse of its distribution function, Student's t by Bailey's polar method ("Polar Generation of Random Variates with the
 * t-Distribution", 1994).
 */
export function drawValues(data: ShapedData, from: number, target: Float32Array): void {
  const draw = drawers[data.distribution];
  const centre = data.shift * shapedScale;
  for (let start = 0; start < target.length; start += shapedRun) {
    const random = randomFrom(seedOf(data.seed, (from + start) / shapedRun));
    const end = Math.min(target.length, start + shapedRun);
    for (let i = start; i < end; i++) {
      const size = random() < data.outlierShare ? data.outlierFactor : 1;
      target[i] = centre + size * shapedScale * draw(random, data.freedom);
    }
  }
}

/** Seeds that lie apart, so that neighbouring runs share no numbers. */
function seedOf(seed: number, run: number): number {
  return (Math.imul(seed, 0x9e3779b1) ^ Math.imul(run + 1, 0x85ebca6b)) | 0;
}

/** Draws with a standard deviation of 1, of Student's t with a scale of 1. */
const drawers: Readonly<Record<DistributionKind, (random: () => number, freedom: number) => number>> = {
  normal(random) {
    return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  },
  laplace(random) {
    const u = random() - 0.5;
    return (-Math.sign(u) * Math.log(1 - 2 * Math.abs(u) + Number.EPSILON)) / Math.SQRT2;
  },
  student(random, freedom) {
    for (;;) {
      const [u, v] = [2 * random() - 1, 2 * random() - 1];
      const w = u * u + v * v;
      if (w > 0 && w <= 1) return u * Math.sqrt((freedom * (w ** (-2 / freedom) - 1)) / w);
    }
  },
  uniform(random) {
    return Math.sqrt(3) * (2 * random() - 1);
  },
};
