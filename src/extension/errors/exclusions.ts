import type { ErrorFigures } from "../../core/measure/reports";
import { findSplitScheme } from "../../core/quant/split/registry";
import { rankExclusions } from "../../core/recipe/sensitivity";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { findDType } from "../../core/tensor/dtype";
import { countValues, type TensorInfo } from "../../core/tensor/tensorInfo";
import type { ErrorTensor, Exclusions } from "../../protocol/errors";

/** What excluded tensors get in a GGUF file. */
export const keptAs = "Q8_0";
/** How much larger the whole may become by what is suggested. */
const suggestedGrowth = 0.05;

/** Whether excluded tensors are not quantized at all: so it is with the types of safetensors files, whose loaders know one type a checkpoint. */
export function staysUnquantized(type: string): boolean {
  return findSplitScheme(type) !== undefined;
}

/**
 * Which tensors to keep in more bits, by what that gives for its bytes.
 *
 * @param measured figures of the type, by tensor and pooled
 * @param kept figures of {@link keptAs}; not needed where the type {@link staysUnquantized}
 */
export function exclusionsOf(
  measured: { type: string; rows: readonly (ErrorFigures | null)[]; total: ErrorFigures },
  kept: readonly (ErrorFigures | null)[] | undefined,
  tensors: readonly ErrorTensor[],
  checkpoint: Checkpoint,
): Exclusions {
  const { type, rows, total } = measured;
  const isUnquantized = staysUnquantized(type);
  const square = (figures: ErrorFigures | null | undefined, weights: number): number => (figures?.rmse ?? 0) ** 2 * weights;
  // Keeping a tensor as what turns it into NaN gains nothing.
  const keptSquare = (place: number, weights: number): number => {
    const found = square(kept?.[place], weights);
    return Number.isFinite(found) ? found : square(rows[place], weights);
  };
  const subjects = tensors.map(({ parameters, index }, place) => ({
    weights: parameters,
    square: square(rows[place], parameters),
    keptSquare: isUnquantized ? 0 : keptSquare(place, parameters),
    bytes: rows[place]?.bytes ?? 0,
    keptBytes: isUnquantized ? unquantized(checkpoint.tensors[index]!).bytes : (kept?.[place]?.bytes ?? 0),
  }));
  const relativeRmse = total.relativeRmse ?? 0;
  const ranking = Number.isFinite(relativeRmse) ? rankExclusions(subjects) : [];
  const sum = subjects.reduce((pooled, tensor) => pooled + tensor.square, 0);
  const first = tensors[0];
  return {
    type,
    keptAs: isUnquantized && first ? unquantized(checkpoint.tensors[first.index]!).dtype : keptAs,
    relativeRmse,
    ranking: ranking.map((ranked) => ({ ...ranked, relativeRmse: relativeRmse * Math.sqrt(ranked.square / sum) })),
    suggested: ranking.filter((ranked) => ranked.bytes <= suggestedGrowth * total.bytes).length,
  };
}

/** As what a tensor is written that is not quantized: as it is, but for blocks of ggml, which are decoded. */
function unquantized({ dtype, bytes, shape }: TensorInfo): { dtype: string; bytes: number } {
  if (findDType(dtype)?.family !== "block") return { dtype, bytes };
  return { dtype: "F16", bytes: 2 * countValues(shape) };
}
