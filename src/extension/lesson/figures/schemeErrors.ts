import { findScheme } from "../../../core/quant/registry";
import type { Checkpoint } from "../../../core/tensor/checkpoint";
import type { JobContext } from "../../../jobs/contract";
import type { Engine } from "../../../jobs/engine";
import type { GroupError, SchemeError } from "../../../protocol/lessonFigures";

/** The tensor that errors are measured on. */
export interface MeasuredTensor {
  checkpoint: Checkpoint;
  tensor: number;
}

/** Measures schemes on a tensor, all in one pass over its values. The answer is undefined for those that cannot store it. @throws CancelledError */
export async function schemeErrors(
  engine: Pick<Engine, "errors">,
  { checkpoint, tensor }: MeasuredTensor,
  schemes: readonly string[],
  context: JobContext,
): Promise<(scheme: string) => SchemeError | undefined> {
  const types = schemes.map((name) => findScheme(name).id);
  const { tensors } = await engine.errors({ checkpoint, tensors: [tensor], types }, context);
  const found = tensors[0]?.types ?? {};
  return (name) => {
    const { id, label } = findScheme(name);
    const figures = found[id];
    if (!figures || figures.fallback !== undefined) return undefined;
    const { bitsPerWeight, relativeRmse, sqnrDb, within5 } = figures;
    return { scheme: id, label, bitsPerWeight, relativeRmse, sqnrDb, within5 };
  };
}

/** Those of group sizes that were measured. @param bits of a code @param schemeOf names the scheme of a size */
export function groupErrors(
  sizes: readonly number[],
  bits: number,
  schemeOf: (size: number) => string,
  errorOf: (scheme: string) => SchemeError | undefined,
): GroupError[] {
  return sizes.flatMap((size) => {
    const error = errorOf(schemeOf(size));
    return error ? [{ size, overhead: error.bitsPerWeight - bits, ...error }] : [];
  });
}
