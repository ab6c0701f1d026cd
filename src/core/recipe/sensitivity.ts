/** What two types do to one tensor. */
export interface SensitiveTensor {
  readonly weights: number;
  /** Σe² under the type, and under the one that excluded tensors get. */
  readonly square: number;
  readonly keptSquare: number;
  readonly bytes: number;
  readonly keptBytes: number;
}

/** A tensor in the order in which excluding it pays, and what excluding it and all before it gives. */
export interface RankedExclusion {
  /** Into the tensors that were given. */
  readonly tensor: number;
  /** Of all squared errors and of all weights, 0 to 1. */
  readonly errorShare: number;
  readonly weightShare: number;
  /** Additional bytes of this one and those before it. */
  readonly bytes: number;
  /** Σe² of everything with this one and those before it excluded. */
  readonly square: number;
}

/**
 * Ranks tensors by how much squared error each additional byte saves when they are kept in more bits: the best order for
 * any budget, but for what is left over at its end. Tensors that gain nothing are left out.
 */
export function rankExclusions(tensors: readonly SensitiveTensor[]): RankedExclusion[] {
  const total = tensors.reduce((sum, { square }) => sum + square, 0);
  const weights = tensors.reduce((sum, tensor) => sum + tensor.weights, 0);
  const gain = ({ square, keptSquare, bytes, keptBytes }: SensitiveTensor): number =>
    (square - keptSquare) / Math.max(1, keptBytes - bytes);
  let [bytes, square] = [0, total];
  return tensors
    .map((tensor, index) => ({ tensor, index, gain: gain(tensor) }))
    .filter((candidate) => candidate.gain > 0)
    .sort((a, b) => b.gain - a.gain || a.index - b.index)
    .map(({ tensor, index }) => {
      bytes += Math.max(0, tensor.keptBytes - tensor.bytes);
      square -= tensor.square - tensor.keptSquare;
      return { tensor: index, errorShare: tensor.square / total, weightShare: tensor.weights / weights, bytes, square };
    });
}
