import type { Checkpoint } from "../../core/tensor/checkpoint";
import { countValues } from "../../core/tensor/tensorInfo";
import { whyUnreadable } from "../../jobs/tensorPlan";

/** Places of the tensors that figures can be about: matrices with readable values. */
export function lessonTensors(checkpoint: Checkpoint): number[] {
  return checkpoint.tensors.flatMap((info, index) =>
    info.shape.length >= 2 && countValues(info.shape) > 0 && whyUnreadable(checkpoint, info) === undefined ? [index] : [],
  );
}
