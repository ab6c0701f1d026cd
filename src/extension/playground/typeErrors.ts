import type { ErrorFigures } from "../../core/measure/reports";
import { countValues } from "../../core/tensor/tensorInfo";
import type { ErrorsInput } from "../../jobs/contract";
import type { Engine } from "../../jobs/engine";
import { invalid } from "../editor/pageSession";
import { type PlayedValues, quickValues } from "./playgroundValues";

/** Figures by scheme, and the share of the values that the least exact ones are from. */
export interface SampledFigures {
  figures: Readonly<Record<string, ErrorFigures>>;
  share: number;
}

/**
 * What types do to a tensor: to all of it, or, if it is large, to a sample, which is all that a picture of it needs.
 *
 * @param onSampled called with a sample that comes before all of it
 * @throws CancelledError
 */
export async function typeErrors(
  engine: Pick<Engine, "errors">,
  { checkpoint, tensor }: PlayedValues,
  types: readonly string[],
  signal: AbortSignal,
  onSampled: (sampled: SampledFigures) => void,
): Promise<SampledFigures> {
  const isLarge = countValues(checkpoint.tensors[tensor]?.shape ?? []) > quickValues;
  const enough = new AbortController();
  let sample: SampledFigures | undefined;
  const input: ErrorsInput = {
    checkpoint,
    tensors: [tensor],
    types,
    onSampled: ({ tensors: [row], share }) => {
      if (!row || signal.aborted) return;
      sample = { figures: row.types, share };
      if (isLarge) enough.abort();
      else onSampled(sample);
    },
  };
  try {
    const { tensors } = await engine.errors(input, { signal: AbortSignal.any([signal, enough.signal]), progress: () => undefined });
    return { figures: tensors[0]?.types ?? invalid("the tensor cannot be read"), share: 1 };
  } catch (error) {
    if (enough.signal.aborted && sample && !signal.aborted) return sample;
    throw error;
  }
}
